import { expect, test } from "vitest";
import { fieldOf, fieldsOf, usualColumns } from "./event-fields.ts";

const EVENT = { keen: { id: "1" }, $page: { path: "/a" }, cart: { items: ["x"], total: 5 }, plan: null };

test("values have the names that filters ask for; a list is one value", () => {
  expect(fieldsOf(EVENT)).toEqual([
    { name: "keen.id", value: "1" },
    { name: "$page.path", value: "/a" },
    { name: "cart.items", value: ["x"] },
    { name: "cart.total", value: 5 },
    { name: "plan", value: null },
  ]);
  expect(fieldOf(EVENT, "cart.total")).toBe(5);
  expect(fieldOf(EVENT, "cart")).toBeUndefined();
});

test("own properties come before what we found out, and no more than fit", () => {
  expect(usualColumns([EVENT, { $visit: { source: "x" } }])).toEqual([
    "cart.items",
    "cart.total",
    "plan",
    "$page.path",
    "$visit.source",
  ]);
  expect(usualColumns([Object.fromEntries("abcdefgh".split("").map((name) => [name, 1]))])).toHaveLength(6);
});

test("what only some kinds of events have comes behind what all of them have", () => {
  const view = { $page: { path: "/a" } };
  expect(usualColumns([view, view, { ...view, lcp: 900 }])).toEqual(["$page.path", "lcp"]);
});
