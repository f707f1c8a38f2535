import type { JsonObject } from "@millrace/core";
import { expect, test } from "vitest";
import { parseQuery } from "./parse-query.ts";

const parse = (raw: JsonObject, analysis = "count") => parseQuery(analysis, { event_collection: "purchases", ...raw });

test.each<[message: RegExp, raw: JsonObject, analysis?: string]>([
  [/"timeFrame" is not a parameter of count\. Did you mean "timeframe"\?/, { timeFrame: "previous_10_years" }],
  [/Did you mean "group_by"/, { groupBy: "country" }],
  [/Did you mean "filters"/, { filter: [] }],
  [/Did you mean "timezone"/, { time_zone: "UTC" }],
  [/"colour" is not a parameter of count\. Known are interval, group_by,/, { colour: "red" }],
  [/"steps" is not a parameter of count/, { steps: [] }],
  [/"latest" is not a parameter of count/, { latest: 5 }],
  [/"analyses" is not a parameter of sum/, { target_property: "p", analyses: {} }, "sum"],
  [/"__proto__" is not a parameter of count/, JSON.parse('{"__proto__":1}') as JsonObject],
  [/"constructor" is not a parameter of count/, { constructor: 1 }],
  [
    /"timeframe" is not a parameter of analyses\.a\./,
    { analyses: { a: { analysis_type: "count", timeframe: "today" } } },
    "multi_analysis",
  ],
  [/"from" is not a parameter of timeframe/, { timeframe: { start: "2021-01-01", end: "2021-01-02", from: "x" } }],
  [
    /"propertyvalue" is not a parameter of filters\[0\]\. Did you mean "property_value"/,
    { filters: [{ property_name: "a", operator: "eq", property_value: 1, propertyvalue: 2 }] },
  ],
  [
    /"operand" is not a parameter of filters\[0\]\. Did you mean "operands"/,
    { filters: [{ operator: "or", operand: [], operands: [] }] },
  ],
  [/"order" is not a parameter of order_by/, { group_by: "a", order_by: { property_name: "a", order: "DESC" } }],
])("a name that nobody knows is refused: %s", (message, raw, analysis) => {
  expect(() => parse(raw, analysis)).toThrow(message);
});

test("what Keen's clients send beside a question is let through", () => {
  const beside = { api_key: "K", jsonp: "f", analysis_type: "count", force: true, max_age: 300 };
  expect(parse({ ...beside, target_property: "left over", percentile: 5 })).toEqual(parse({}));
  const filter = { property_name: "a", operator: "eq", property_value: 1 };
  expect(parse({ filters: [{ ...filter, property_type: "Number" }] })).toEqual(parse({ filters: [filter] }));
});
