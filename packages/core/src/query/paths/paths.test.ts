import { expect, test } from "vitest";
import { pathsPlan } from "../../contract/fixtures.ts";
import type { PathLink, PathPlace } from "./result.ts";
import { shapePaths } from "./shape.ts";

const to = (value: string): PathPlace => ({ value });
const link = (step: number, from: PathPlace, at: PathPlace, sessions: number): PathLink => ({
  step,
  from,
  to: at,
  sessions,
});

test("rows come step by step, the most frequent first, then by where they come from and go to", () => {
  const links = [
    link(2, to("b"), "ended", 9),
    link(1, to("a"), "ended", 1),
    link(1, to("a"), to("c"), 1),
    link(1, "other", to("a"), 1),
    link(1, to("a"), "other", 1),
    link(1, to("a"), to("b"), 1),
    link(1, to("b"), to("a"), 1),
    link(1, to("z"), to("a"), 5),
  ];
  const { result, sessions } = shapePaths({ links });
  expect(result).toEqual([
    { step: 1, from: { value: "z" }, to: { value: "a" }, result: 5 },
    { step: 1, from: { value: "a" }, to: { value: "b" }, result: 1 },
    { step: 1, from: { value: "a" }, to: { value: "c" }, result: 1 },
    { step: 1, from: { value: "a" }, to: { other: true }, result: 1 },
    { step: 1, from: { value: "a" }, to: { ended: true }, result: 1 },
    { step: 1, from: { value: "b" }, to: { value: "a" }, result: 1 },
    { step: 1, from: { other: true }, to: { value: "a" }, result: 1 },
    { step: 2, from: { value: "b" }, to: { ended: true }, result: 9 },
  ]);
  // Each path has one first link: these are how many paths there are.
  expect(sessions).toBe(11);
  expect(shapePaths({ links: [] })).toEqual({ result: [], sessions: 0 });
});

test("a plan has what was asked, an anchor only where one was", () => {
  const plan = pathsPlan("p", { step: "title", direction: "previous", depth: 2, top: 7, collapse: false });
  expect(plan).toMatchObject({
    kind: "paths",
    project: "p",
    collections: ["visits"],
    session: { name: "$visit.id" },
    step: { path: "title" },
    direction: "previous",
    depth: 2,
    top: 7,
    collapse: false,
    incomplete: [],
  });
  expect(plan).not.toHaveProperty("anchor");
  expect(pathsPlan("p", { anchor: "" })).toHaveProperty("anchor", "");
});

test("what names no session or step is named by its parameter, and the filter is looked at", () => {
  expect(() => pathsPlan("p", { session: "keen.timestamp" })).toThrow("session_property needs a text");
  expect(() => pathsPlan("p", { step: "keen.timestamp" })).toThrow("step_property needs a text");
  const filter = { kind: "contains", field: "x", value: "a".repeat(600) } as const;
  expect(() => pathsPlan("p", { filter })).toThrow("too complex");
});
