import { expect, test } from "vitest";
import type { Json, JsonObject } from "./json.ts";
import { isBlocked, mergedAt, valueAt, withoutPath } from "./paths.ts";

const PAGE: JsonObject = { page: { title: "Home", tags: ["a"], author: null }, n: 0 };

test.each<[string, Json | undefined]>([
  ["n", 0],
  ["page.title", "Home"],
  ["page", PAGE["page"] as Json],
  ["page.author", null],
  ["page.missing", undefined],
  ["page.author.name", undefined],
  ["page.title.length", undefined],
  ["page.tags.0", undefined],
  ["toString", undefined],
  ["page.constructor", undefined],
])("the value at %s is %j: only own members of objects are on a path", (path, expected) => {
  expect(valueAt(PAGE, path)).toEqual(expected);
});

test.each<[string, string, JsonObject, JsonObject]>([
  ["parents are made", "geo.city", { name: "Bonn" }, { ...PAGE, geo: { city: { name: "Bonn" } } }],
  ["an object is merged into", "page", { views: 1 }, { ...PAGE, page: { ...(PAGE["page"] as JsonObject), views: 1 } }],
  ["what is there stays", "page", { title: "Other" }, PAGE],
  ["also where it is no object", "n", { of: 1 }, PAGE],
  ["and on the way", "page.title", { of: 1 }, PAGE],
  ["an array is no object", "page.tags", { first: "b" }, PAGE],
  [
    "a null gives way",
    "page.author",
    { name: "Eve" },
    { ...PAGE, page: { title: "Home", tags: ["a"], author: { name: "Eve" } } },
  ],
])("merging in: %s", (_, path, addition, expected) => {
  const before = structuredClone(PAGE);
  expect(mergedAt(PAGE, path, addition)).toEqual(expected);
  expect(PAGE).toEqual(before);
});

test.each<[string, boolean]>([
  ["page", false],
  ["page.author", false],
  ["page.author.name", false],
  ["page.missing", false],
  ["new.path", false],
  ["n", true],
  ["n.of", true],
  ["page.title", true],
  ["page.title.length", true],
  ["page.tags", true],
  ["page.tags.0", true],
  ["toString", false],
])("whether something stands in the way at %s: %j", (path, expected) => {
  expect(isBlocked(PAGE, path)).toBe(expected);
});

test.each<[string, JsonObject]>([
  ["n", { page: PAGE["page"] as Json }],
  ["page", { n: 0 }],
  ["page.title", { page: { tags: ["a"], author: null }, n: 0 }],
  ["page.missing", PAGE],
  ["missing", PAGE],
  ["n.of", PAGE],
  ["page.title.length", PAGE],
  ["page.author.name", PAGE],
  ["toString.name", PAGE],
])("without %s", (path, expected) => {
  const before = structuredClone(PAGE);
  expect(withoutPath(PAGE, path)).toEqual(expected);
  expect(PAGE).toEqual(before);
});

test("only the addressed one of two levels with the same names goes", () => {
  expect(withoutPath({ a: { b: { c: 1, d: 2 } }, b: { c: 3 } }, "a.b.c")).toEqual({ a: { b: { d: 2 } }, b: { c: 3 } });
});

test("__proto__ is a name like any other: it makes a member and reaches no prototype", () => {
  const merged = mergedAt({}, "__proto__.admin", { yes: true });
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  expect(JSON.stringify(merged)).toBe('{"__proto__":{"admin":{"yes":true}}}');
  expect(JSON.stringify(withoutPath(merged, "__proto__.admin.yes"))).toBe('{"__proto__":{"admin":{}}}');
  expect(({} as { admin?: unknown }).admin).toBeUndefined();
});
