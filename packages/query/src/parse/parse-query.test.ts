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

test.each([
  ["daily", { kind: "calendar", unit: "day" }],
  ["minutely", { kind: "calendar", unit: "minute" }],
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
  ["InvalidIntervalError", /every_0_days/, "count", { timeframe: "today", interval: "every_0_days" }],
  ["InvalidIntervalError", /is not known/, "count", { timeframe: "today", interval: "every_999999999999_minutes" }],
  ["InvalidIntervalError", /^interval/, "count", { timeframe: "today", interval: 5 }],
  ["InvalidParameterError", /^group_by/, "count", { group_by: 5 }],
  ["InvalidParameterError", /^group_by/, "count", { group_by: many(6) }],
  ["InvalidParameterError", /^group_by/, "count", { group_by: [["a"]] }],
  ["InvalidParameterError", /^group_by "result"/, "count", { group_by: "result" }],
  ["InvalidParameterError", /^order_by needs group_by/, "count", { order_by: "result" }],
  ["InvalidParameterError", /^limit needs order_by/, "count", { ...grouped, limit: 5 }],
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
  test("names may be standard fields and the objects they are in", () => {
    const names = ["$page", "$page.path", "keen.timestamp", "price"];
    expect(parse("extraction", { property_names: names, latest: 5 })).toMatchObject({
      kind: "extraction",
      propertyNames: names,
      latest: 5,
    });
  });
});
