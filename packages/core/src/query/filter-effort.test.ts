import { expect, test } from "vitest";
import { metricPlan } from "../contract/fixtures.ts";
import type { Filter } from "./filter.ts";

const refusal = (...filters: Filter<string>[]): unknown => {
  try {
    metricPlan("p", {
      filter: filters[0] ?? { kind: "all", of: [] },
      measures: filters.slice(1).map((filter) => ({ label: "m", measure: { kind: "count" }, filter })),
    });
  } catch (thrown) {
    return thrown;
  }
  return undefined;
};
const contains = (value: string): Filter<string> => ({ kind: "contains", field: "x", value });
const regex = (pattern: string): Filter<string> => ({ kind: "regex", field: "x", pattern });
const among = (count: number): Filter<string> => ({
  kind: "in",
  field: "keen.timestamp",
  values: Array.from({ length: count }, (_, i) => i),
});
const named = (text: string) => ({ code: "InvalidFilterError", message: expect.stringContaining(text) as string });

test("ordinary text filters are far from the bound, also many of them and long ones", () => {
  for (const pattern of [
    "^/(blog|docs)/[^/]+/?$",
    "[a-z0-9._%+-]+@[a-z0-9.-]+\\.[a-z]{2,}",
    "\\d{1,3}(\\.\\d{1,3}){3}",
    "(utm|ref).*(google|bing).*",
    "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
  ]) {
    expect(refusal({ kind: "any", of: Array.from({ length: 50 }, () => regex(pattern)) })).toBe(undefined);
  }
  expect(refusal(contains("https://example.com/a/rather/long/path?".repeat(20)))).toBe(undefined);
  expect(refusal(contains("ab".repeat(300)))).toBe(undefined);
});

test("a pattern whose machine would grow without bound is refused by name, before any store is asked", () => {
  expect(refusal(regex("(a|b|c){1,30}(a|b){1,30}[a-z]{0,30}x"))).toMatchObject(named('regex "(a|b|c){1,30}'));
  expect(refusal(regex("(a|b)*a(a|b){60}"))).toMatchObject(named("regex"));
  expect(refusal(contains("a".repeat(600)))).toMatchObject(named('contains "aaaa'));
  expect(refusal(contains("a".repeat(5_001)))).toMatchObject(named("5001"));
  expect(refusal({ kind: "all", of: [] }, { kind: "not", of: contains("a".repeat(600)) })).toMatchObject(
    named("contains"),
  );
});

test("the bound is for the query, so that many of the largest cannot be asked together", () => {
  expect(refusal(contains("a".repeat(300)))).toBe(undefined);
  expect(refusal(contains("a".repeat(300)), contains("b".repeat(300)), contains("c".repeat(300)))).toMatchObject(
    named("together"),
  );
});

test("a list of times has a bound of its own, which the message says", () => {
  expect(refusal(among(400))).toBe(undefined);
  expect(refusal(among(401))).toMatchObject(named("in on keen.timestamp has 401 times; at most 400"));
});

test("conditions are counted over a filter and the one measure's filter that is asked with it", () => {
  expect(refusal(among(200), among(200), among(200))).toBe(undefined);
  expect(refusal(among(400), among(10), among(300))).toMatchObject(named("conditions"));
});
