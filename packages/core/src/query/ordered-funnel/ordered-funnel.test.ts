import { expect, test } from "vitest";
import { orderedFunnelPlan } from "../../contract/fixtures.ts";
import { UTC } from "../../time/zone.ts";
import { EVERYTHING } from "../filter.ts";
import type { OrderedFunnelQuery } from "./query.ts";
import { shapeOrderedFunnel } from "./shape.ts";

const query = (breakdown?: string): OrderedFunnelQuery => ({
  kind: "ordered_funnel",
  steps: [{ collections: ["visits"], zone: UTC, filter: EVERYTHING, bots: "include", actor: "who" }],
  ...(breakdown !== undefined && { breakdown }),
});

test("times come in seconds, the average over those who got there, and null where nobody did", () => {
  const total = { counts: [4, 2, 0], times: [null, { sum: 3_000, median: 1_000, p90: 2_500 }, null] };
  expect(shapeOrderedFunnel(query(), { total, groups: [] })).toEqual({
    result: [4, 2, 0],
    time_to_convert: [null, { average: 1.5, median: 1, p90: 2.5 }, null],
  });
});

test("with a breakdown each of its values has a funnel of its own, in value order", () => {
  const conversion = (count: number) => ({ counts: [count], times: [null] });
  const groups = [
    { value: "b", ...conversion(1) },
    { value: "a", ...conversion(2) },
    { value: null, ...conversion(3) },
  ];
  const shaped = shapeOrderedFunnel(query("plan"), { total: conversion(6), groups });
  expect(shaped).toMatchObject({ result: [6], time_to_convert: [null] });
  expect(new Set(shaped.groups as unknown[])).toEqual(
    new Set([
      { plan: "a", result: [2], time_to_convert: [null] },
      { plan: "b", result: [1], time_to_convert: [null] },
      { plan: null, result: [3], time_to_convert: [null] },
    ]),
  );
  const values = (shaped.groups as { plan: string | null }[]).map(({ plan }) => plan);
  expect(values.indexOf("a")).toBeLessThan(values.indexOf("b"));
  expect(shapeOrderedFunnel(query("plan"), { total: conversion(0), groups: [] })).toHaveProperty("groups", []);
});

test("a plan has each step's events and actor, a window and the first step's breakdown only where they were asked for", () => {
  const steps = [{ actor: "a" }, { actor: "b", collections: ["sales"] }];
  const plain = orderedFunnelPlan("p", { steps });
  expect(plain).toMatchObject({
    kind: "ordered_funnel",
    project: "p",
    steps: [
      { actor: { path: "a" }, collections: ["visits"] },
      { actor: { path: "b" }, collections: ["sales"] },
    ],
    incomplete: [],
  });
  expect(plain).not.toHaveProperty("windowMs");
  expect(plain).not.toHaveProperty("breakdown");
  const asked = orderedFunnelPlan("p", { steps, windowMs: 0, breakdown: "plan" });
  expect(asked).toMatchObject({ windowMs: 0, breakdown: { path: "plan" } });
});

test("the breakdown is asked of the first step alone, so only that step's time decides what it may lack", () => {
  const ranges = [{ start: 100, end: 200 }];
  const properties = { admits: () => true, untyped: (path: string) => (path === "late" ? ranges : []) };
  const at = (start: number, end: number) => ({ timeframe: { kind: "absolute", start, end } }) as const;
  const lacking = (first: object, second: object) =>
    orderedFunnelPlan("p", { steps: [first, second], breakdown: "late" }, { properties }).incomplete;
  expect(lacking(at(0, 50), at(100, 200))).toEqual([]);
  expect(lacking(at(100, 200), at(0, 50))).toEqual([{ path: "late", ranges }]);
});

test("what cannot be a breakdown or an actor is named by its parameter, and each step's filter is looked at", () => {
  expect(() => orderedFunnelPlan("p", { steps: [{}], breakdown: "keen.timestamp" })).toThrow("breakdown needs a text");
  expect(() => orderedFunnelPlan("p", { steps: [{ actor: "keen.timestamp" }] })).toThrow("actor_property needs a text");
  const filter = { kind: "contains", field: "x", value: "a".repeat(600) } as const;
  expect(() => orderedFunnelPlan("p", { steps: [{}, { filter }] })).toThrow("too complex");
});
