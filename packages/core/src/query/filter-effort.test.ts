import { expect, test } from "vitest";
import { metricPlan } from "../contract/fixtures.ts";
import type { Field } from "./field.ts";
import type { Filter } from "./filter.ts";
import { checkEffort } from "./filter-effort.ts";

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

const TYPED: Field = { kind: "property", path: "x", storage: "typed" };
const SPLIT: Field = { kind: "property", path: "x", storage: "split" };
const TEXT: Field = { kind: "standard", name: "$page.path", column: "page_path", type: "string" };
const NUMBER: Field = { kind: "standard", name: "$engaged_ms", column: "engaged_ms", type: "number" };
const TIME: Field = { kind: "standard", name: "keen.timestamp", column: "timestamp", type: "datetime" };
const eq = (field: Field, value: string | number | boolean | null | []): Filter<Field> => ({
  kind: "eq",
  field,
  value,
});
const deed = (filter: Filter<Field>): Filter<Field> => ({
  kind: "did",
  actor: TYPED,
  deed: { project: "p", collections: ["c"], time: "timestamp", filter },
});

// A value of each type is a field of its own; elements of arrays, and tokens of what is not typed, are looked for beside it.
test.each<[string, Filter<Field>, number]>([
  ["a text in a standard field", eq(TEXT, "a"), 1],
  ["null in a standard field", eq(TEXT, null), 1],
  ["a number in a standard field", eq(NUMBER, 1), 2],
  ["a text in a property", eq(TYPED, "a"), 2],
  ["a number in a property", eq(TYPED, 1), 3],
  ["a boolean in a property", eq(TYPED, true), 3],
  ["a list in a property", eq(TYPED, []), 2],
  ["null in a property", eq(TYPED, null), 6],
  ["a text in a property that is not typed", eq(SPLIT, "a"), 3],
  ["texts are one list", { kind: "in", field: TYPED, values: ["a", "b", "c"] }, 2],
  ["values of every type", { kind: "in", field: TYPED, values: ["a", 1, true, null, []] }, 12],
  ["two times", { kind: "in", field: TIME, values: [1, 2] }, 5],
  ["a time as text is none of them", { kind: "in", field: TIME, values: ["a", 2] }, 3],
  ["groups", { kind: "same", field: TYPED, values: ["a", 1] }, 4],
  ["a comparison", { kind: "compare", field: TYPED, op: "lt", value: 1 }, 2],
  ["a property that exists", { kind: "exists", field: TYPED }, 5],
  ["a standard field that exists", { kind: "exists", field: TEXT }, 1],
  ["a text inside", { kind: "contains", field: TYPED, value: "a" }, 2],
  ["a number inside", { kind: "contains", field: TYPED, value: 1 }, 2],
  ["a place", { kind: "within", field: TYPED, centre: { longitude: 1, latitude: 1 }, metres: 1 } as never, 100],
  ["what is negated", { kind: "not", of: eq(TYPED, null) }, 6],
  ["either of two", { kind: "any", of: [eq(TYPED, 1), eq(TYPED, "a")] }, 5],
  ["both of two", { kind: "all", of: [eq(TYPED, 1), eq(TYPED, "a")] }, 5],
])("so many conditions are allowed of a query, and no more: %s", (_, filter, conditions) => {
  const check = (count: number) => () =>
    checkEffort({ kind: "any", of: Array.from({ length: count }, () => filter) }, []);
  const most = Math.floor(1_000 / conditions);
  expect(check(most)).not.toThrow();
  expect(check(most + 1)).toThrow(expect.objectContaining(named(`${conditions * (most + 1)} conditions`)) as Error);
});

test("who did something is a list of each kind, or what the deed asks, whichever is more; ten of them are allowed", () => {
  const deeds = (count: number, filter = eq(TEXT, "a")) => Array.from({ length: count }, () => deed(filter));
  const check =
    (of: Filter<Field>[], measures: Filter<Field>[] = []) =>
    () =>
      checkEffort({ kind: "all", of }, measures);
  expect(check(deeds(10))).not.toThrow();
  expect(check(deeds(11))).toThrow(
    expect.objectContaining(named("ask 11 times who did something; at most 10")) as Error,
  );
  // Those of measures count as well, and a filter that is none does not.
  expect(check(deeds(9), [deed(EVERY), eq(TEXT, "a")])).not.toThrow();
  expect(check(deeds(9), [deed(EVERY), deed(EVERY)])).toThrow("11 times");
  const filler = (conditions: number): Filter<Field>[] => Array.from({ length: conditions }, () => eq(TEXT, "a"));
  expect(check([...deeds(1), ...filler(996)])).not.toThrow();
  expect(check([...deeds(1), ...filler(997)])).toThrow("1001 conditions");
  expect(check([...deeds(1, { kind: "all", of: filler(5) }), ...filler(996)])).toThrow("1001 conditions");
});

test("text filters may cost as much as is allowed, to the step", () => {
  // 445 equal letters cost 199,805 steps, each of different ones five.
  const different = (chars: number) => String.fromCharCode(...Array.from({ length: chars }, (_, i) => 0x4e00 + i));
  const both = (chars: number): Filter<Field> => ({
    kind: "any",
    of: ["a".repeat(445), different(chars)].map((value) => ({ kind: "contains", field: TYPED, value })),
  });
  expect(() => checkEffort(both(39), [])).not.toThrow();
  expect(() => checkEffort(both(40), [])).toThrow("is too complex");
});
const EVERY: Filter<Field> = { kind: "all", of: [] };

test("text filters are weighed wherever they stand, in a deed too, and what looks for no text is not", () => {
  const long = "a".repeat(600);
  const text = (filter: Partial<Filter<Field>>) => ({ field: TYPED, ...filter }) as Filter<Field>;
  const check = (filter: Filter<Field>) => () => checkEffort(filter, []);
  const advice = (word: string) => expect.objectContaining(named(word)) as Error;
  expect(check(deed(text({ kind: "contains", value: long })))).toThrow(advice("must be shorter"));
  expect(check(deed(text({ kind: "regex", pattern: "(a|b)*a(a|b){60}" })))).toThrow(advice("in too many ways"));
  expect(check(text({ kind: "contains", value: 5 }))).not.toThrow();
  expect(check(text({ kind: "eq", value: long }))).not.toThrow();
  expect(check(text({ kind: "contains", value: long }))).toThrow(
    `contains "${"a".repeat(60)}" is too complex, alone or together`,
  );
});
