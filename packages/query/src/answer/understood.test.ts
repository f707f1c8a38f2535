import type { Json, JsonObject } from "@millrace/core";
import { expect, test } from "vitest";
import { parseQuery } from "../parse/parse-query.ts";
import { understoodOf } from "./understood.ts";

/** Wednesday. */
const NOW = Date.UTC(2021, 2, 10, 12);
const EVENTS = { event_collection: ["visits"], timeframe: null, timezone: "UTC", filters: [], bots: "include" };
const metric = (more: JsonObject): JsonObject => ({ ...EVENTS, interval: null, group_by: [], ...more });
const leaf = (operator: string, property_value: Json) => ({ property_name: "a", operator, property_value });

const understood = (analysis: string, raw: JsonObject) =>
  understoodOf(analysis, parseQuery(analysis, { event_collection: "visits", ...raw }), NOW);

test.each<[analysis: string, raw: JsonObject, answer: JsonObject]>([
  ["count", {}, metric({ analysis_type: "count" })],
  [
    "count",
    { event_collection: ["a", "b"], timeframe: "previous_2_days", timezone: "Europe/Berlin", bots: "only" },
    metric({
      analysis_type: "count",
      event_collection: ["a", "b"],
      timeframe: { start: "2021-03-08T00:00:00.000", end: "2021-03-10T00:00:00.000" },
      timezone: "Europe/Berlin",
      bots: "only",
    }),
  ],
  [
    "count",
    { timeframe: { start: "2021-03-01", end: "2021-03-02" }, timezone: 3_600, time_property: "$visit.start" },
    metric({
      analysis_type: "count",
      timeframe: { start: "2021-03-01T00:00:00.000", end: "2021-03-02T00:00:00.000" },
      timezone: 3_600,
      time_property: "$visit.start",
    }),
  ],
  ["sum", { target_property: "p" }, metric({ analysis_type: "sum", target_property: "p" })],
  [
    "percentile",
    { target_property: "p", percentile: 5 },
    metric({ analysis_type: "percentile", target_property: "p", percentile: 5 }),
  ],
  [
    "percentiles",
    { target_property: "p", percentiles: [5, 50] },
    metric({ analysis_type: "percentiles", target_property: "p", percentiles: [5, 50] }),
  ],
  [
    "multi_analysis",
    {
      analyses: {
        n: { analysis_type: "count", filters: [leaf("eq", 1)] },
        s: { analysis_type: "sum", target_property: "p" },
      },
    },
    metric({
      analysis_type: "multi_analysis",
      analyses: {
        n: { analysis_type: "count", filters: [leaf("eq", 1)] },
        s: { analysis_type: "sum", target_property: "p" },
      },
    }),
  ],
  [
    "count",
    {
      timeframe: "today",
      interval: "every_6_hours",
      group_by: ["c", { property_name: "p", buckets: { size: 5, offset: 1 }, alias: "fives" }],
      order_by: [{ property_name: "result", direction: "DESC" }, "c"],
      limit: 3,
      other: "Other",
      compare_to: { start: "2021-02-01", end: "2021-02-02" },
      zero_fill: false,
    },
    metric({
      analysis_type: "count",
      timeframe: { start: "2021-03-10T00:00:00.000", end: "2021-03-11T00:00:00.000" },
      interval: "every_6_hours",
      group_by: ["c", { property_name: "p", alias: "fives", buckets: { size: 5, offset: 1 } }],
      order_by: [
        { property_name: "result", direction: "DESC" },
        { property_name: "c", direction: "ASC" },
      ],
      limit: 3,
      other: "Other",
      compare_to: { start: "2021-02-01T00:00:00.000", end: "2021-02-02T00:00:00.000" },
      zero_fill: false,
    }),
  ],
  [
    "count",
    {
      timeframe: "today",
      compare_to: "previous_period",
      group_by: { property_name: "p", ranges: [{ to: 1 }, { from: 1, alias: "more" }] },
    },
    metric({
      analysis_type: "count",
      timeframe: { start: "2021-03-10T00:00:00.000", end: "2021-03-11T00:00:00.000" },
      group_by: [{ property_name: "p", alias: "p", ranges: [{ to: 1 }, { from: 1, alias: "more" }] }],
      compare_to: "previous_period",
    }),
  ],
  [
    "extraction",
    {},
    { ...EVENTS, analysis_type: "extraction", latest: null, property_names: null, standard_fields: false },
  ],
  [
    "extraction",
    { latest: 3, property_names: ["a"], standard_fields: true },
    { ...EVENTS, analysis_type: "extraction", latest: 3, property_names: ["a"], standard_fields: true },
  ],
  [
    "paths",
    { step_property: "s", anchor: "x" },
    {
      ...EVENTS,
      analysis_type: "paths",
      step_property: "s",
      session_property: "$visit.id",
      direction: "next",
      anchor: "x",
      depth: 3,
      values: 10,
      collapse_repeats: true,
    },
  ],
])("%s of %j says what was not said, and the times it was about", (analysis, raw, answer) => {
  expect(understood(analysis, raw)).toStrictEqual(answer);
});

test("without an anchor paths have none", () => {
  expect(understood("paths", { step_property: "s" })).not.toHaveProperty("anchor");
});

test.each(["minutely", "hourly", "daily", "weekly", "monthly", "yearly", "every_2_weeks"])(
  "the interval %s is that",
  (interval) => {
    expect(understood("count", { timeframe: "previous_90_minutes", interval })).toMatchObject({ interval });
  },
);

test("retention says its time once, and of each side what is its own", () => {
  const raw = {
    actor_property: "who",
    first: { event_collection: "signups", filters: [leaf("eq", "x")] },
    returning: { event_collection: ["visits", "clicks"] },
    timeframe: "previous_2_weeks",
    interval: "weekly",
    unbounded: true,
  };
  expect(understoodOf("retention", parseQuery("retention", raw), NOW)).toStrictEqual({
    analysis_type: "retention",
    timeframe: { start: "2021-02-21T00:00:00.000", end: "2021-03-07T00:00:00.000" },
    timezone: "UTC",
    bots: "include",
    actor_property: "who",
    interval: "weekly",
    unbounded: true,
    first: { event_collection: ["signups"], filters: [leaf("eq", "x")] },
    returning: { event_collection: ["visits", "clicks"], filters: [] },
  });
});

test("a funnel is told beside its result", () => {
  const steps = [{ event_collection: "a", actor_property: "who" }];
  expect(understoodOf("funnel", parseQuery("funnel", { steps }), NOW)).toBeUndefined();
  expect(understoodOf("funnel", parseQuery("funnel", { steps, ordered: true }), NOW)).toBeUndefined();
});

const not = (operand: Json) => ({ operator: "not", operands: [operand] });
const near = { coordinates: [13.4, 52.5], max_distance_miles: 10 };
const deed = { event_collection: ["orders"], filters: [leaf("eq", 1)] };
test.each<[sent: JsonObject, answer: JsonObject]>([
  [leaf("eq", "x"), leaf("eq", "x")],
  [leaf("ne", 5), not(leaf("eq", 5))],
  [leaf("in", [1, "a", null]), leaf("in", [1, "a", null])],
  [leaf("lte", 5), leaf("lte", 5)],
  [leaf("exists", true), leaf("exists", true)],
  [leaf("exists", false), not(leaf("exists", true))],
  [leaf("contains", "x"), leaf("contains", "x")],
  [leaf("not_contains", "x"), not(leaf("contains", "x"))],
  [leaf("regex", "^a"), leaf("regex", "^a")],
  [leaf("within", near), leaf("within", near)],
  [leaf("did", deed), leaf("did", deed)],
  [
    { operator: "or", operands: [leaf("eq", 1), { operator: "and", operands: [leaf("gt", 1), leaf("lt", 3)] }] },
    { operator: "or", operands: [leaf("eq", 1), { operator: "and", operands: [leaf("gt", 1), leaf("lt", 3)] }] },
  ],
])("the filter %j is given back as %j, which means the same", (sent, answer) => {
  const found = understood("count", { filters: [sent, leaf("eq", 7)] });
  expect(found?.["filters"]).toEqual([answer, leaf("eq", 7)]);
  expect(understood("count", { filters: found?.["filters"] ?? [] })).toEqual(found);
});
