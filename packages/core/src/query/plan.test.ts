import { describe, expect, test } from "vitest";
import { ANY_TIME, extractionPlan, metricPlan, TYPED } from "../contract/fixtures.ts";
import { EVERYTHING, type DeedAsked, type Filter } from "./filter.ts";
import { LIMITS_QUERY } from "./limits.ts";
import type { PropertyView } from "./field.ts";
import { planMetric } from "./plan.ts";
import { nearestRank, type Measure, type MetricQuery } from "./query.ts";
import { scopeQuery } from "./scope.ts";
import { UTC } from "../time/zone.ts";

const FULL: PropertyView = {
  admits: (path) => path === "known",
  untyped: (path) => (path === "known" ? [] : ANY_TIME),
};
const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;
const filtered = (filter: Filter<string>, view?: PropertyView) => metricPlan("p", { filter }, view).filter;
const did = (actor: string, deed: DeedAsked): Filter<string> => ({ kind: "did", actor, deed });

describe("fields", () => {
  test("standard names are standard fields, every other name is a property, seen or not", () => {
    const plan = metricPlan("p", { groupBy: ["$page.path", "a.b", "keen.id"] });
    expect(plan.groupBy).toEqual([
      { kind: "standard", name: "$page.path", column: "page_path", type: "string" },
      { kind: "property", path: "a.b", storage: "typed" },
      { kind: "standard", name: "keen.id", column: "id", type: "string" },
    ]);
  });

  test("an unknown name with $ is an error that names it: no property can have it", () => {
    expect(() => metricPlan("p", { groupBy: ["$page.pth"] })).toThrow(/"\$page\.pth"/);
  });

  test("beyond the quota a property is filtered by equality; every other use is refused by name", () => {
    const split = { kind: "property", path: "x", storage: "split" };
    expect(filtered({ kind: "eq", field: "x", value: 1 }, FULL)).toEqual({ kind: "eq", field: split, value: 1 });
    const refused: [use: string, filter: Filter<string>][] = [
      ["eq null", { kind: "eq", field: "x", value: null }],
      ["eq null", { kind: "in", field: "x", values: [1, null] }],
      ["exists", { kind: "exists", field: "x" }],
      ["contains", { kind: "contains", field: "x", value: "a" }],
      ["regex", { kind: "regex", field: "x", pattern: "a" }],
      ["lt", { kind: "compare", field: "x", op: "lt", value: 1 }],
      ["group_by", { kind: "same", field: "x", values: [1] }],
      ["within", { kind: "within", field: "x", centre: { longitude: 1, latitude: 1 }, metres: 1 }],
    ];
    for (const [use, filter] of refused) {
      expect(() => filtered(filter, FULL)).toThrow(code("UnsupportedQueryError"));
      expect(() => filtered(filter, FULL)).toThrow(new RegExp(`\\b${use}\\b`));
    }
    expect(() => metricPlan("p", { groupBy: ["x"] }, FULL)).toThrow(/\bgroup_by\b.*"x"|"x".*\bgroup_by\b/);
    const measures: Measure<string>[] = [{ kind: "sum", field: "x" }];
    expect(() => metricPlan("p", { measures }, FULL)).toThrow(code("UnsupportedQueryError"));
    expect(() => metricPlan("p", { groupBy: ["known"] }, FULL)).not.toThrow();
  });

  describe("that were beyond the quota for some time", () => {
    const november = { start: Date.UTC(2026, 10), end: Date.UTC(2026, 11) };
    const view: PropertyView = { admits: () => true, untyped: (path) => (path === "late" ? [november] : []) };
    const plan = (input: Parameters<typeof metricPlan>[1]) => metricPlan("p", input, view);
    const noted = [{ path: "late", ranges: [november] }];
    const eq: Filter<string> = { kind: "eq", field: "late", value: 1 };
    const at = (start: number, end: number) => ({ timeframe: { kind: "absolute" as const, start, end } });

    test("every use that only typed values answer is noted, wherever it stands", () => {
      const uses: Filter<string>[] = [
        { kind: "eq", field: "late", value: null },
        { kind: "in", field: "late", values: [1, null] },
        { kind: "exists", field: "late" },
        { kind: "contains", field: "late", value: "a" },
        { kind: "regex", field: "late", pattern: "a" },
        { kind: "compare", field: "late", op: "lt", value: 1 },
      ];
      for (const filter of uses) {
        const deep: Filter<string> = { kind: "not", of: { kind: "any", of: [EVERYTHING, filter] } };
        expect(plan({ filter: deep }).incomplete).toEqual(noted);
        expect(extractionPlan("p", { filter }, view).incomplete).toEqual(noted);
        const measures = [{ label: "m", measure: { kind: "count" } as const, filter }];
        expect(plan({ measures }).incomplete).toEqual(noted);
      }
      expect(plan({ groupBy: ["late", "other"] }).incomplete).toEqual(noted);
      expect(plan({ measures: [{ kind: "sum", field: "late" }] }).incomplete).toEqual(noted);
    });

    test("equality finds all values and is not noted, nor is any use of another property", () => {
      expect(plan({ filter: eq }).incomplete).toEqual([]);
      expect(plan({ filter: eq }).filter).toMatchObject({ field: { storage: "split" } });
      expect(plan({ groupBy: ["other"] }).incomplete).toEqual([]);
    });

    test("outside of that time they are typed like any other, up to the millisecond", () => {
      const group = { groupBy: ["late"] };
      for (const time of [at(0, november.start), at(november.end, november.end + 1)]) {
        expect(plan({ ...group, ...time })).toMatchObject({ groupBy: [{ storage: "typed" }], incomplete: [] });
      }
      for (const time of [at(0, november.start + 1), at(november.end - 1, november.end)]) {
        expect(plan({ ...group, ...time })).toMatchObject({ groupBy: [{ storage: "split" }], incomplete: noted });
      }
    });
  });

  test("what visits that began in a time did goes on beyond it, and so do the properties that may be missing", () => {
    const november = { start: Date.UTC(2026, 10), end: Date.UTC(2026, 11) };
    const view: PropertyView = { admits: () => true, untyped: (path) => (path === "late" ? [november] : []) };
    const october = { kind: "absolute", start: Date.UTC(2026, 9), end: november.start } as const;
    const december = { kind: "absolute", start: november.end, end: Date.UTC(2027, 0) } as const;
    const incomplete = (input: Parameters<typeof metricPlan>[1]) =>
      metricPlan("p", { groupBy: ["late"], ...input }, view).incomplete;
    expect(incomplete({ timeframe: october })).toEqual([]);
    expect(incomplete({ timeframe: october, time: "visit_start" })).toEqual([{ path: "late", ranges: [november] }]);
    expect(incomplete({ timeframe: december, time: "visit_start" })).toEqual([]);
  });

  test("numbers are asked of number fields and properties only", () => {
    const sum = () => metricPlan("p", { measures: [{ kind: "sum", field: "$page.path" }] });
    expect(sum).toThrow(/\$page\.path/);
    expect(sum).toThrow(code("InvalidParameterError"));
    expect(() => metricPlan("p", { measures: [{ kind: "count_unique", field: "$page.path" }] })).not.toThrow();
    const ranges = (field: string) =>
      metricPlan("p", { groupBy: [{ kind: "ranges", field, name: "r", ranges: [{ to: 1 }] }] });
    expect(() => ranges("$page.path")).toThrow("ranges needs a number; $page.path is a string.");
    expect(ranges("$engaged_ms").groupBy).toMatchObject([{ kind: "ranges", field: { name: "$engaged_ms" } }]);
    expect(() => metricPlan("p", { measures: [{ kind: "average", field: "$engaged_ms" }] })).not.toThrow();
  });
});

describe("filters", () => {
  test("times given as text become instants on datetime fields, and stay text on properties", () => {
    const text = "2026-03-10T12:00+02:00";
    const instant = Date.parse(text);
    expect(filtered({ kind: "compare", field: "keen.timestamp", op: "gte", value: text })).toMatchObject({
      value: instant,
    });
    expect(filtered({ kind: "in", field: "keen.created_at", values: [text, 5] })).toMatchObject({
      values: [instant, 5],
    });
    expect(filtered({ kind: "compare", field: "when", op: "gte", value: text })).toMatchObject({ value: text });
    expect(() => filtered({ kind: "eq", field: "keen.timestamp", value: "soon" })).toThrow(code("InvalidFilterError"));
  });

  test("a deed is planned within the time, the walls and the bots mode of the set that asks for it", () => {
    const timeframe = { kind: "absolute", start: 5, end: 9 } as const;
    const deed = { collections: ["b"], filter: { kind: "eq", field: "x", value: 1 } as const };
    const plan = metricPlan("p", { timeframe, time: "visit_start", bots: "exclude", filter: did("who", deed) });
    expect(plan.filter).toMatchObject({
      of: [
        { kind: "not" },
        {
          kind: "did",
          deed: {
            project: "p",
            collections: ["b"],
            range: { start: 5, end: 9 },
            time: "visit_start",
            filter: { kind: "all", of: [{ kind: "not" }, { kind: "eq", field: { path: "x" } }] },
          },
        },
      ],
    });
  });

  test("who did something is told by one value, at most ten times in a query", () => {
    const deed = { collections: ["b"], filter: EVERYTHING };
    for (const actor of ["$bot.reasons", "keen.timestamp"])
      expect(() => filtered(did(actor, deed))).toThrow(`did needs a text, a number or a boolean; ${actor}`);
    const many = (count: number) =>
      ({ kind: "any", of: Array.from({ length: count }, () => did("who", deed)) }) as const;
    const measure = { label: "m", measure: { kind: "count" }, filter: did("who", deed) } as const;
    const both = (count: number) => metricPlan("p", { filter: many(count), measures: [measure] });
    expect(() => both(LIMITS_QUERY.deeds - 1)).not.toThrow();
    expect(() => both(LIMITS_QUERY.deeds)).toThrow("ask 11 times who did something; at most 10 are allowed");
  });

  test("an order is not asked of booleans and lists", () => {
    for (const field of ["$bot.is", "$bot.reasons"]) {
      const compare = () => filtered({ kind: "compare", field, op: "lt", value: 1 });
      expect(compare).toThrow(code("InvalidFilterError"));
      expect(compare).toThrow(`lt cannot be used on ${field}`);
    }
  });

  test("the longest text of contains is possible, a longer one is refused with both numbers", () => {
    // One that does not repeat itself: those are bounded by what looking for them costs.
    const text = Array.from({ length: 2_000 }, (_, number) => number * number).join(" ");
    const contains = (chars: number) => () => filtered({ kind: "contains", field: "x", value: text.slice(0, chars) });
    expect(contains(LIMITS_QUERY.containsChars)).not.toThrow();
    expect(contains(LIMITS_QUERY.containsChars + 1)).toThrow(/5001 characters; the most is 5000/);
  });

  test("a pattern outside the subset is refused here, before any store sees it, however deep", () => {
    const bad: Filter<string> = { kind: "regex", field: "x", pattern: "(?=a)" };
    expect(() => filtered({ kind: "not", of: { kind: "any", of: [EVERYTHING, bad] } })).toThrow(
      code("InvalidFilterError"),
    );
    const label = { label: "m", measure: { kind: "count" } as const, filter: bad };
    expect(() => metricPlan("p", { measures: [label] })).toThrow(code("InvalidFilterError"));
  });

  test("the key's filter and the bots mode are ANDed outside of what was asked", () => {
    const asked: Filter<string> = { kind: "any", of: [EVERYTHING, { kind: "eq", field: "a", value: 1 }] };
    const query: MetricQuery = {
      kind: "metric",
      collections: ["c"],
      zone: UTC,
      filter: asked,
      bots: "exclude",
      measures: [],
      single: true,
      groupBy: [],
      orderBy: [],
      zeroFill: true,
    };
    const scoped = scopeQuery(query, { project: "p", filter: { kind: "eq", field: "owner", value: "me" } });
    const plan = planMetric(scoped, { now: 0, properties: TYPED });
    expect(plan.filter).toMatchObject({
      kind: "all",
      of: [
        { kind: "not", of: { field: { column: "bot_is" }, value: true } },
        { kind: "eq", field: { path: "owner" }, value: "me" },
        { kind: "any" },
      ],
    });
  });
});

test("an extraction without a number takes the most there can be, oldest first", () => {
  expect(extractionPlan("p")).toMatchObject({ order: "oldest", limit: LIMITS_QUERY.extractionEvents });
  expect(extractionPlan("p", { latest: 7 })).toMatchObject({ order: "newest", limit: 7 });
});

test("nearest rank is counted in whole numbers", () => {
  expect(nearestRank(7, 100)).toBe(7);
  expect(nearestRank(50, 2)).toBe(1);
  expect(nearestRank(50.01, 2)).toBe(2);
  expect(nearestRank(0, 10)).toBe(1);
  expect(nearestRank(100, 10)).toBe(10);
});
