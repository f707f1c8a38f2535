import { UTC, type JsonObject } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { parseQuery } from "./parse-query.ts";

const parse = (analysis: string, raw: JsonObject = {}) =>
  parseQuery(analysis, { event_collection: "purchases", ...raw });

test("the least there is to say", () => {
  expect(parse("count")).toEqual({
    kind: "metric",
    collections: ["purchases"],
    zone: UTC,
    filter: { kind: "all", of: [] },
    bots: "include",
    measures: [{ label: "result", measure: { kind: "count" } }],
    single: true,
    groupBy: [],
    orderBy: [],
    zeroFill: true,
  });
});

test("everything at once", () => {
  const query = parse("percentile", {
    target_property: "price",
    percentile: "99.5",
    timeframe: "this_week",
    interval: "every_2_hours",
    group_by: ["country", "country", "os"],
    order_by: ["os", { property_name: "result", direction: "desc" }],
    limit: "5",
    zero_fill: "false",
    bots: "exclude",
    max_age: 300,
    force: true,
    analysis_type: "sum",
  });
  expect(query).toMatchObject({
    measures: [{ label: "result", measure: { kind: "percentile", field: "price", percentile: 99.5 } }],
    interval: { kind: "every", count: 2, unit: "hour" },
    groupBy: ["country", "os"],
    orderBy: [
      { by: "os", direction: "asc" },
      { by: "result", direction: "desc" },
    ],
    limit: 5,
    zeroFill: false,
    bots: "exclude",
  });
});

describe("what is computed", () => {
  const target = { target_property: "price" };
  test.each<[analysis: string, raw: JsonObject, measure: object]>([
    ["count", { ...target, percentile: 5 }, { kind: "count" }],
    ["count_unique", target, { kind: "count_unique", field: "price" }],
    ["sum", target, { kind: "sum", field: "price" }],
    ["average", target, { kind: "average", field: "price" }],
    ["minimum", target, { kind: "minimum", field: "price" }],
    ["maximum", target, { kind: "maximum", field: "price" }],
    ["median", target, { kind: "percentile", field: "price", percentile: 50 }],
    ["percentile", { ...target, percentile: "0" }, { kind: "percentile", field: "price", percentile: 0 }],
    [
      "percentiles",
      { ...target, percentiles: [99, "50", 50] },
      { kind: "percentiles", field: "price", percentiles: [99, 50] },
    ],
    ["standard_deviation", target, { kind: "standard_deviation", field: "price" }],
    ["select_unique", target, { kind: "select_unique", field: "price" }],
  ])("%s", (analysis, raw, measure) => {
    expect(parse(analysis, raw)).toMatchObject({ single: true, measures: [{ label: "result", measure }] });
  });

  test("several, in the order given, each with filters of its own", () => {
    const filters = [{ property_name: "vip", operator: "exists", property_value: true }];
    const analyses = { b: { analysis_type: "sum", ...target, filters }, a: { analysis_type: "count", filters: null } };
    const query = parse("multi_analysis", { analyses, group_by: "c", order_by: "b" });
    expect(query).toMatchObject({
      single: false,
      orderBy: [{ by: "b", direction: "asc" }],
      measures: [
        { label: "b", filter: { kind: "exists", field: "vip" } },
        { label: "a", measure: { kind: "count" } },
      ],
    });
    expect(query).not.toHaveProperty("measures.1.filter");
  });
});

describe("when, and which events", () => {
  test("the time of a visit may be asked for instead of the event's", () => {
    const timeframe = "today";
    expect(parse("count", { timeframe, time_property: "$visit.start" })).toMatchObject({ time: "visit_start" });
    expect(parse("count", { timeframe, time_property: "keen.timestamp" })).toMatchObject({ time: "timestamp" });
    expect(parse("count", { timeframe })).not.toHaveProperty("time");
  });

  test("a collection that is named twice is asked once", () => {
    expect(parse("count", { event_collection: ["a", "b", "a"] })).toMatchObject({ collections: ["a", "b"] });
  });

  test("another time to compare with is one of two names, or said, in the zone of the timeframe", () => {
    const raw = { timeframe: { start: "2026-03-01T00:00+02:00", end: "2026-03-02" } };
    expect(parse("count", { ...raw, compare_to: "previous_year" })).toMatchObject({
      compareTo: { kind: "previous_year" },
    });
    expect(parse("count", { ...raw, compare_to: { start: "2025-03-01", end: "2025-03-02" } })).toMatchObject({
      compareTo: {
        kind: "timeframe",
        timeframe: { start: Date.UTC(2025, 1, 28, 22), end: Date.UTC(2025, 2, 1, 22) },
      },
    });
  });
});

test("what a limit cuts off may be one row", () => {
  const most = { group_by: "c", order_by: { property_name: "result" }, limit: 3 };
  expect(parse("count", { ...most, other: "Other" })).toMatchObject({
    orderBy: [{ by: "result", direction: "asc" }],
    limit: 3,
    other: "Other",
  });
  expect(parse("count", most)).not.toHaveProperty("other");
  const daily = { ...most, other: "Other", timeframe: "this_week", interval: "daily" };
  for (const analysis of ["count", "sum", "minimum", "maximum"]) {
    expect(parse(analysis, { ...daily, target_property: "p" })).toMatchObject({ other: "Other" });
  }
});

test.each([
  ["minutely", { kind: "calendar", unit: "minute" }],
  ["hourly", { kind: "calendar", unit: "hour" }],
  ["daily", { kind: "calendar", unit: "day" }],
  ["weekly", { kind: "calendar", unit: "week" }],
  ["monthly", { kind: "calendar", unit: "month" }],
  ["yearly", { kind: "calendar", unit: "year" }],
  ["every_1000_years", { kind: "every", count: 1_000, unit: "year" }],
  ["every_1_day", { kind: "every", count: 1, unit: "day" }],
  ["every_15_minutes", { kind: "every", count: 15, unit: "minute" }],
])("interval %s", (interval, expected) => {
  expect(parse("count", { timeframe: "today", interval })).toMatchObject({ interval: expected });
});

const analyses = (entry: unknown) => ({ analyses: { x: entry } }) as JsonObject;
const grouped = { group_by: "c" };
const many = (n: number) => Array.from({ length: n }, (_, i) => `p${i}`);

test.each<[code: string, message: RegExp, analysis: string, raw: JsonObject]>([
  ["ResourceNotFoundError", /no analysis "progression"/, "progression", {}],
  ["ResourceNotFoundError", /no analysis "constructor"/, "constructor", {}],
  ["ResourceNotFoundError", /no analysis "__proto__"/, "__proto__", {}],
  ["InvalidParameterError", /^event_collection: must be a name/, "count", { event_collection: 5 }],
  ["InvalidParameterError", /^event_collection: must be a name/, "count", { event_collection: { a: 1 } }],
  ["InvalidParameterError", /^event_collection/, "count", { event_collection: [] }],
  ["InvalidParameterError", /^event_collection/, "count", { event_collection: ["a", 1] }],
  ["InvalidParameterError", /^event_collection/, "count", { event_collection: many(101) }],
  ["MissingParameterError", /^target_property is required/, "sum", {}],
  ["InvalidParameterError", /^target_property/, "sum", { target_property: ["a"] }],
  ["MissingParameterError", /^percentile is required/, "percentile", { target_property: "a" }],
  ["InvalidParameterError", /^percentile/, "percentile", { target_property: "a", percentile: 101 }],
  ["InvalidParameterError", /^percentile/, "percentile", { target_property: "a", percentile: -1 }],
  ["InvalidParameterError", /two decimals/, "percentile", { target_property: "a", percentile: 1.001 }],
  ["InvalidParameterError", /^percentile: must be a number/, "percentile", { target_property: "a", percentile: "p50" }],
  ["MissingParameterError", /^timeframe is required with interval/, "count", { interval: "daily" }],
  [
    "InvalidIntervalError",
    /"fortnightly" is not known.*every_15_minutes/,
    "count",
    { timeframe: "today", interval: "fortnightly" },
  ],
  ...["daily2", "xevery_1_day", "every_1_days_", "every_1001_years", "every_12001_months", "every_52179_weeks"].map(
    (interval): [string, RegExp, string, JsonObject] => [
      "InvalidIntervalError",
      /^interval "\w+" is not known\. Use minutely, hourly, daily, weekly, monthly, yearly, or every_N_ with a unit/,
      "count",
      { timeframe: "today", interval },
    ],
  ),
  ["InvalidIntervalError", /every_0_days/, "count", { timeframe: "today", interval: "every_0_days" }],
  ["InvalidIntervalError", /is not known/, "count", { timeframe: "today", interval: "every_999999999999_minutes" }],
  ["InvalidIntervalError", /^interval/, "count", { timeframe: "today", interval: 5 }],
  ["InvalidParameterError", /^group_by/, "count", { group_by: 5 }],
  ["InvalidParameterError", /^group_by/, "count", { group_by: many(6) }],
  ["InvalidParameterError", /^group_by/, "count", { group_by: [["a"]] }],
  ["InvalidParameterError", /^group_by "result"/, "count", { group_by: "result" }],
  ["InvalidParameterError", /^order_by needs group_by/, "count", { order_by: "result" }],
  ["InvalidParameterError", /^limit needs order_by/, "count", { ...grouped, limit: 5 }],
  ["InvalidParameterError", /^other needs limit: it stands for what/, "count", { ...grouped, other: "Other" }],
  ["InvalidParameterError", /^other: /, "count", { ...grouped, order_by: "c", limit: 1, other: 5 }],
  [
    "UnsupportedQueryError",
    /^other with interval is possible for count, sum, minimum and maximum/,
    "average",
    {
      target_property: "p",
      ...grouped,
      order_by: "c",
      limit: 1,
      other: "Other",
      timeframe: "today",
      interval: "hourly",
    },
  ],
  ["MissingParameterError", /^compare_to needs a timeframe/, "count", { compare_to: "previous_period" }],
  [
    "InvalidParameterError",
    /^compare_to: must be "previous_period", "previous_year", or an object/,
    "count",
    { timeframe: "today", compare_to: "last_year" },
  ],
  [
    "InvalidTimeframeError",
    /^"begin" is not a parameter of compare_to\./,
    "count",
    { timeframe: "today", compare_to: { start: "2021-01-01", end: "2021-01-02", begin: 1 } },
  ],
  [
    "InvalidTimeframeError",
    /^compare_to\.end \(.*\) must be after compare_to\.start/,
    "count",
    { timeframe: "today", compare_to: { start: "2021-01-02", end: "2021-01-01" } },
  ],
  ["MissingParameterError", /^percentiles is required/, "percentiles", { target_property: "a" }],
  [
    "InvalidParameterError",
    /^percentiles: must be a list of numbers from 0 to 100/,
    "percentiles",
    { target_property: "a", percentiles: 5 },
  ],
  [
    "InvalidParameterError",
    /^percentiles: must name at least one/,
    "percentiles",
    { target_property: "a", percentiles: [] },
  ],
  [
    "InvalidParameterError",
    /^percentiles\[1\]: must have at most two decimals/,
    "percentiles",
    { target_property: "a", percentiles: [1, 1.005] },
  ],
  [
    "InvalidParameterError",
    /order_by "result" is not in the answer's rows\. Use c\.$/,
    "percentiles",
    { target_property: "a", percentiles: [1], ...grouped, order_by: "result" },
  ],
  ["InvalidParameterError", /^standard_fields: must be true or false/, "extraction", { standard_fields: "some" }],
  ["InvalidParameterError", /^limit/, "count", { ...grouped, order_by: "c", limit: 0 }],
  ["InvalidParameterError", /^limit/, "count", { ...grouped, order_by: "c", limit: 1.5 }],
  ["InvalidParameterError", /^limit/, "count", { ...grouped, order_by: "c", limit: "all" }],
  [
    "InvalidParameterError",
    /order_by "d" is not in the answer's rows. Use c or result/,
    "count",
    { ...grouped, order_by: "d" },
  ],
  ["InvalidParameterError", /^order_by/, "count", { ...grouped, order_by: { property_name: "c", direction: "up" } }],
  ["InvalidParameterError", /^order_by/, "count", { ...grouped, order_by: { direction: "ASC" } }],
  ["InvalidParameterError", /^time_property/, "count", { timeframe: "today", time_property: "$page.path" }],
  ["MissingParameterError", /^timeframe is required with time_property/, "count", { time_property: "$visit.start" }],
  ["InvalidParameterError", /^bots/, "count", { bots: "some" }],
  ["InvalidParameterError", /^zero_fill/, "count", { zero_fill: "maybe" }],
  ["InvalidFilterError", /^filters/, "count", { filters: "all" }],
  ["MissingParameterError", /^analyses is required/, "multi_analysis", {}],
  ["InvalidParameterError", /^analyses must have/, "multi_analysis", { analyses: {} }],
  ["InvalidParameterError", /^analyses: must be an object/, "multi_analysis", { analyses: [] }],
  [
    "InvalidParameterError",
    /^analyses has 21/,
    "multi_analysis",
    { analyses: Object.fromEntries(many(21).map((n) => [n, 1])) },
  ],
  ["InvalidParameterError", /^analyses\.x: must be an object/, "multi_analysis", analyses(5)],
  [
    "InvalidParameterError",
    /^analyses\.x\.analysis_type "extraction".*select_unique/,
    "multi_analysis",
    analyses({ analysis_type: "extraction" }),
  ],
  ["InvalidParameterError", /analysis_type/, "multi_analysis", analyses({ analysis_type: "multi_analysis" })],
  ["MissingParameterError", /^analyses\.x\.target_property/, "multi_analysis", analyses({ analysis_type: "sum" })],
  [
    "InvalidFilterError",
    /^analyses\.x\.filters\[0\]/,
    "multi_analysis",
    analyses({ analysis_type: "count", filters: [1] }),
  ],
  [
    "InvalidParameterError",
    /^group_by "x"/,
    "multi_analysis",
    { ...analyses({ analysis_type: "count" }), group_by: "x" },
  ],
  [
    "InvalidParameterError",
    /^order_by "result"/,
    "multi_analysis",
    { ...analyses({ analysis_type: "count" }), ...grouped, order_by: "result" },
  ],
  ["InvalidParameterError", /^interval is not possible/, "extraction", { interval: "daily" }],
  ["InvalidParameterError", /^group_by is not possible/, "extraction", { group_by: "a" }],
  ["InvalidParameterError", /^latest/, "extraction", { latest: 0 }],
  ["InvalidParameterError", /^latest/, "extraction", { latest: 100_001 }],
  ["InvalidParameterError", /^property_names/, "extraction", { property_names: [] }],
  ["InvalidParameterError", /"\$nothing" is not a standard field/, "extraction", { property_names: "$nothing" }],
  ["UnsupportedQueryError", /^email is not possible/, "extraction", { email: "a@example.com" }],
  ["UnsupportedQueryError", /^email_address is not possible/, "extraction", { email_address: "a@example.com" }],
])("%s: %s", (code, message, analysis, raw) => {
  expect(() => parse(analysis, raw)).toThrow(message);
  expect(() => parse(analysis, raw)).toThrow(expect.objectContaining({ code }));
});

test("event_collection is required", () => {
  expect(() => parseQuery("count", {})).toThrow("event_collection is required.");
});

describe("extraction", () => {
  test("all of each event, unless less is asked for", () => {
    const all = parse("extraction");
    for (const name of ["latest", "propertyNames", "standardFields"]) expect(all).not.toHaveProperty(name);
    expect(parse("extraction", { standard_fields: "false", property_names: ["a"] })).toMatchObject({
      standardFields: false,
      propertyNames: ["a"],
    });
  });

  test("names may be standard fields and the objects they are in", () => {
    const names = ["$page", "$page.path", "keen.timestamp", "price"];
    expect(parse("extraction", { property_names: names, latest: 5 })).toMatchObject({
      kind: "extraction",
      propertyNames: names,
      latest: 5,
    });
  });
});
