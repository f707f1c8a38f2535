import { expect, test } from "vitest";
import { NOON, retentionPlan } from "../../contract/fixtures.ts";
import { UTC } from "../../time/zone.ts";
import type { EventSet } from "../event-set.ts";
import { EVERYTHING } from "../filter.ts";
import { scopeQuery } from "../scope.ts";
import { planRetention } from "./plan.ts";
import { createCohorts } from "./result.ts";
import { shapeRetention } from "./shape.ts";

const DAY_MS = 24 * 3_600_000;
const MIDNIGHT = NOON - DAY_MS / 2;
const days = (count: number) => ({ kind: "absolute", start: MIDNIGHT, end: MIDNIGHT + count * DAY_MS }) as const;
const code = (expected: string, message: string) =>
  expect.objectContaining({ code: expected, message: expect.stringContaining(message) as string }) as Error;

test("cohorts are added up, empty ones are there, and each has the periods that are left to it", () => {
  const cohorts = createCohorts(3);
  cohorts.join(0, 5);
  cohorts.join(0, 2);
  cohorts.join(2, 1);
  cohorts.return(0, 1, 3);
  cohorts.return(0, 1, 1);
  cohorts.return(0, 2, 2);
  expect(cohorts.result(false)).toEqual({
    cohorts: [
      { size: 7, returned: [0, 4, 2] },
      { size: 0, returned: [0, 0] },
      { size: 1, returned: [0] },
    ],
  });
  // Told of once, with the last time: who came back then counts for every period before it.
  expect(cohorts.result(true).cohorts[0]).toEqual({ size: 7, returned: [6, 6, 2] });
});

test("an answer has a row a cohort, with its period", () => {
  const plan = retentionPlan("p", { timeframe: days(2) });
  const cohorts = [
    { size: 2, returned: [2, 1] },
    { size: 0, returned: [0] },
  ];
  expect(shapeRetention(plan, { cohorts })).toEqual([
    {
      value: { size: 2, returned: [2, 1] },
      timeframe: { start: "2026-03-10T00:00:00.000Z", end: "2026-03-11T00:00:00.000Z" },
    },
    {
      value: { size: 0, returned: [0] },
      timeframe: { start: "2026-03-11T00:00:00.000Z", end: "2026-03-12T00:00:00.000Z" },
    },
  ]);
});

test("a plan has both sets, the actor, and the edges of its periods", () => {
  const plan = retentionPlan("p", {
    timeframe: days(2),
    first: { collections: ["signups"] },
    returning: { filter: { kind: "exists", field: "x" } },
    unbounded: true,
  });
  expect(plan).toMatchObject({
    kind: "retention",
    project: "p",
    unbounded: true,
    actor: { path: "who" },
    first: { collections: ["signups"], filter: EVERYTHING },
    returning: { collections: ["visits"], filter: { kind: "exists" } },
    edges: [MIDNIGHT, MIDNIGHT + DAY_MS, MIDNIGHT + 2 * DAY_MS],
    incomplete: [],
  });
});

test("a year of days is planned and not a day more, and a question without a time is none", () => {
  expect(retentionPlan("p", { timeframe: days(366) }).edges).toHaveLength(367);
  expect(() => retentionPlan("p", { timeframe: days(367) })).toThrow(
    code("InvalidIntervalError", "retention would have 367 periods; the most is 366."),
  );
  const set: EventSet = { collections: ["visits"], zone: UTC, filter: EVERYTHING, bots: "include" };
  const query = {
    kind: "retention",
    first: set,
    returning: set,
    actor: "who",
    period: "day",
    unbounded: false,
  } as const;
  const context = { now: NOON, properties: { admits: () => true, untyped: () => [] } };
  expect(() => planRetention(scopeQuery(query, { project: "p" }), context)).toThrow(
    code("MissingParameterError", "timeframe is required with retention."),
  );
});

test("the filters of both sets are looked at for what they ask of a store", () => {
  const filter = { kind: "contains", field: "x", value: "a".repeat(600) } as const;
  expect(() => retentionPlan("p", { timeframe: days(1), first: { filter } })).toThrow("too complex");
  expect(() => retentionPlan("p", { timeframe: days(1), returning: { filter } })).toThrow("too complex");
  expect(() => retentionPlan("p", { timeframe: days(1), actor: "keen.timestamp" })).toThrow("actor_property needs");
});
