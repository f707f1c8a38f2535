import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { EVERYTHING } from "./filter.ts";
import type { Field } from "./field.ts";
import type { MetricPlan } from "./plan.ts";
import type { LabelledMeasure, MetricQuery } from "./query.ts";
import type { MeasureValue, MetricRow } from "./result.ts";
import { isBins } from "./group.ts";
import { layMetric } from "./lay.ts";
import { renderMetric } from "./render.ts";
import type { Value } from "../values/value.ts";
import { UTC } from "../time/zone.ts";

const DAY = 86_400_000;
const START = Date.UTC(2021, 2, 1);
const COUNT: LabelledMeasure<string> = { label: "result", measure: { kind: "count" } };

const field = (path: string): Field =>
  path === "keen.timestamp"
    ? { kind: "standard", name: path, column: "timestamp", type: "datetime" }
    : { kind: "property", path, storage: "typed" };

/** Shapes rows written as [bucket, group, values]. `days`: that many daily buckets. */
async function shape(
  over: Partial<MetricQuery> & { days?: number },
  rows: [bucket: number, group: Value[], values: MeasureValue[]][],
) {
  const { days, ...rest } = over;
  const query: MetricQuery = {
    kind: "metric",
    collections: ["purchases"],
    zone: UTC,
    filter: EVERYTHING,
    bots: "include",
    measures: [COUNT],
    single: true,
    groupBy: [],
    orderBy: [],
    zeroFill: true,
    ...rest,
  };
  const plan = {
    kind: "metric",
    groupBy: query.groupBy.map((key) => (isBins(key) ? { ...key, field: field(key.field) } : field(key))),
    measures: query.measures.map(({ label, measure }) => ({
      label,
      measure: measure.kind === "count" ? measure : { ...measure, field: field(measure.field) },
    })),
    ...(days !== undefined && { edges: Array.from({ length: days + 1 }, (_, i) => START + i * DAY) }),
  } as unknown as MetricPlan;
  const metricRows: MetricRow[] = rows.map(([bucket, group, values]) => ({ bucket, group, values }));
  return renderMetric(query, await layMetric(query, plan, { rows: metricRows, exact: true, notes: [] }));
}

const bucket = (n: number, value: unknown) => ({
  value,
  timeframe: {
    start: new Date(START + n * DAY).toISOString(),
    end: new Date(START + (n + 1) * DAY).toISOString(),
  },
});

describe("the four shapes", () => {
  test("plain: the bare value", async () => {
    expect(await shape({}, [[0, [], [42]]])).toBe(42);
  });

  test("interval: one entry per bucket, times in UTC with milliseconds, empty buckets present", async () => {
    expect(await shape({ days: 3 }, [[1, [], [25]]])).toEqual([bucket(0, 0), bucket(1, 25), bucket(2, 0)]);
    expect(JSON.stringify(await shape({ days: 1 }, []))).toContain('"start":"2021-03-01T00:00:00.000Z"');
  });

  test("a property or a label may have any name, that of an object's prototype too", async () => {
    const measures = [{ ...COUNT, label: "toString" }];
    const rows = await shape({ groupBy: ["__proto__"], measures, single: false }, [[0, ["x"], [1]]]);
    expect(JSON.stringify(rows)).toBe('[{"__proto__":"x","toString":1}]');
    expect(JSON.stringify(await shape({ groupBy: ["c"], measures, single: false }, [[0, ["x"], [1]]]))).toBe(
      '[{"c":"x","toString":1}]',
    );
  });

  test("group_by: flat keys exactly as asked, values keep their type, null comes first", async () => {
    const rows = await shape({ groupBy: ["country", "device.os"] }, [
      [0, ["PL", "iOS"], [30]],
      [0, [null, "iOS"], [12]],
      [0, [5, "iOS"], [1]],
    ]);
    expect(rows).toEqual([
      { country: null, "device.os": "iOS", result: 12 },
      { country: 5, "device.os": "iOS", result: 1 },
      { country: "PL", "device.os": "iOS", result: 30 },
    ]);
  });

  test("bins are in the order of their numbers and have their names, null for what is in none", async () => {
    const ranges = [{ to: 10 }, { from: 10, to: 100, alias: "many" }, { from: 100 }];
    const age = { kind: "ranges", field: "age", name: "how old", ranges } as const;
    expect(
      await shape({ groupBy: [age] }, [
        [0, [2], [1]],
        [0, [0], [2]],
        [0, [1], [3]],
        [0, [null], [4]],
      ]),
    ).toEqual([
      { "how old": null, result: 4 },
      { "how old": "(-∞ - 10)", result: 2 },
      { "how old": "many", result: 3 },
      { "how old": "[100 - ∞)", result: 1 },
    ]);
  });

  test("percentiles are named by their numbers; where there is nothing to compute from there are none", async () => {
    const measure = { kind: "percentiles", field: "price", percentiles: [99.5, 50] } as const;
    const measures = [{ label: "result", measure }];
    expect(await shape({ measures }, [[0, [], [[7, null]]]])).toEqual({ "99.5": 7, "50": null });
    expect(await shape({ measures, groupBy: ["c"] }, [[0, ["x"], [[7, 8]]]])).toEqual([
      { c: "x", result: { "99.5": 7, "50": 8 } },
    ]);
    const several = [...measures, { label: "n", measure: { kind: "count" } }] as const;
    expect(await shape({ measures: several, single: false }, [[0, [], [[7, 8], 2]]])).toEqual({
      result: { "99.5": 7, "50": 8 },
      n: 2,
    });
  });

  test("interval with group_by: every bucket lists every group seen anywhere", async () => {
    expect(
      await shape({ days: 2, groupBy: ["country"] }, [
        [0, ["PL"], [10]],
        [1, ["US"], [3]],
      ]),
    ).toEqual([
      bucket(0, [
        { country: "PL", result: 10 },
        { country: "US", result: 0 },
      ]),
      bucket(1, [
        { country: "PL", result: 0 },
        { country: "US", result: 3 },
      ]),
    ]);
  });

  test("zero_fill false leaves out the groups a bucket does not have, and nothing else", async () => {
    expect(
      await shape({ days: 3, groupBy: ["country"], zeroFill: false }, [
        [0, ["PL"], [10]],
        [1, ["US"], [3]],
      ]),
    ).toEqual([bucket(0, [{ country: "PL", result: 10 }]), bucket(1, [{ country: "US", result: 3 }]), bucket(2, [])]);
  });

  test("multi_analysis: an object by label in all four, and no result key in rows", async () => {
    const multi = {
      single: false,
      measures: [
        { label: "total", measure: { kind: "sum", field: "price" } },
        { label: "buyers", measure: { kind: "select_unique", field: "user" } },
      ],
    } as const;
    expect(await shape(multi, [[0, [], [10, ["b", "a"]]]])).toEqual({ total: 10, buyers: ["a", "b"] });
    expect(await shape({ ...multi, days: 2 }, [[1, [], [10, []]]])).toEqual([
      bucket(0, { total: 0, buyers: [] }),
      bucket(1, { total: 10, buyers: [] }),
    ]);
    expect(await shape({ ...multi, groupBy: ["c"] }, [[0, ["x"], [1, []]]])).toEqual([
      { c: "x", total: 1, buyers: [] },
    ]);
    expect(await shape({ ...multi, days: 1, groupBy: ["c"] }, [[0, ["x"], [1, []]]])).toEqual([
      bucket(0, [{ c: "x", total: 1, buyers: [] }]),
    ]);
  });
});

describe("nothing to compute from", () => {
  test.each([
    ["count", 0],
    ["count_unique", 0],
    ["sum", 0],
    ["select_unique", []],
    ["average", null],
    ["minimum", null],
    ["maximum", null],
    ["standard_deviation", null],
    ["percentile", null],
  ] as const)("%s gives %j", async (kind, empty) => {
    const measure = { kind, field: "price", percentile: 50 } as LabelledMeasure<string>["measure"];
    const measures = [{ label: "result", measure }];
    expect(await shape({ measures }, [])).toEqual(empty);
    expect(await shape({ measures, days: 1 }, [])).toEqual([bucket(0, empty)]);
    expect(await shape({ measures, groupBy: ["c"] }, [])).toEqual([]);
    expect(await shape({ measures, days: 1, groupBy: ["c"] }, [])).toEqual([bucket(0, [])]);
  });
});

describe("order_by and limit", () => {
  test("by result, ties in the order of the group, cut to the limit", async () => {
    const rows: [number, Value[], MeasureValue[]][] = [
      [0, ["c"], [1]],
      [0, ["b"], [2]],
      [0, ["a"], [2]],
      [0, ["d"], [null]],
    ];
    const desc = { groupBy: ["k"], orderBy: [{ by: "result", direction: "desc" }] } as const;
    expect(await shape({ ...desc, limit: 3 }, rows)).toEqual([
      { k: "a", result: 2 },
      { k: "b", result: 2 },
      { k: "c", result: 1 },
    ]);
    const asc = { groupBy: ["k"], orderBy: [{ by: "result", direction: "asc" }] } as const;
    expect(await shape({ ...asc, limit: 2 }, rows)).toEqual([
      { k: "d", result: null },
      { k: "c", result: 1 },
    ]);
  });

  test("in each bucket on its own; empty groups compete too", async () => {
    const top = { days: 2, groupBy: ["k"], orderBy: [{ by: "result", direction: "desc" }], limit: 2 } as const;
    const rows: [number, Value[], MeasureValue[]][] = [
      [0, ["a"], [1]],
      [0, ["b"], [5]],
      [0, ["c"], [3]],
      [1, ["c"], [7]],
      [1, ["d"], [-1]],
    ];
    expect(await shape(top, rows)).toEqual([
      bucket(0, [
        { k: "b", result: 5 },
        { k: "c", result: 3 },
      ]),
      bucket(1, [
        { k: "c", result: 7 },
        { k: "a", result: 0 },
      ]),
    ]);
  });

  test("several orders, the second by a group property in descending order", async () => {
    const orderBy = [
      { by: "result", direction: "asc" },
      { by: "k", direction: "desc" },
    ] as const;
    expect(
      await shape({ groupBy: ["k"], orderBy }, [
        [0, ["a"], [1]],
        [0, ["b"], [1]],
        [0, ["c"], [0]],
      ]),
    ).toEqual([
      { k: "c", result: 0 },
      { k: "b", result: 1 },
      { k: "a", result: 1 },
    ]);
  });

  test("limit cuts the empty groups in the asked order as well", async () => {
    const orderBy = [{ by: "k", direction: "desc" }] as const;
    const rows: [number, Value[], MeasureValue[]][] = [
      [0, ["a"], [1]],
      [1, ["b"], [1]],
      [1, ["c"], [1]],
    ];
    expect(await shape({ days: 2, groupBy: ["k"], orderBy, limit: 2 }, rows)).toEqual([
      bucket(0, [
        { k: "c", result: 0 },
        { k: "b", result: 0 },
      ]),
      bucket(1, [
        { k: "c", result: 1 },
        { k: "b", result: 1 },
      ]),
    ]);
  });
});

test("datetimes are ISO text as group and in lists", async () => {
  expect(await shape({ groupBy: ["keen.timestamp"] }, [[0, [START], [1]]])).toEqual([
    { "keen.timestamp": "2021-03-01T00:00:00.000Z", result: 1 },
  ]);
  const measures = [{ label: "result", measure: { kind: "select_unique", field: "keen.timestamp" } }] as const;
  expect(await shape({ measures }, [[0, [], [[START]]]])).toEqual(["2021-03-01T00:00:00.000Z"]);
});

test("a property named __proto__ is a key like any other", async () => {
  const rows = await shape({ groupBy: ["__proto__"] }, [[0, ["x"], [1]]]);
  expect(JSON.stringify(rows)).toBe('[{"__proto__":"x","result":1}]');
});

describe("too much is refused, never cut", () => {
  const many = (groups: number, bucketOf: (i: number) => number) =>
    Array.from({ length: groups }, (_, i): [number, Value[], MeasureValue[]] => [bucketOf(i), [i], [1]]);

  test("groups", async () => {
    const rows = many(100_001, () => 0);
    await expect(shape({ groupBy: ["k"] }, rows)).rejects.toThrow(/100001 groups; the most is 100000/);
  });

  test("buckets times groups, unless limit or zero_fill keeps the answer small", async () => {
    const rows = many(20_000, (i) => i % 60);
    await expect(shape({ days: 60, groupBy: ["k"] }, rows)).rejects.toThrow(/1200000 cells; the most is 1000000/);
    expect(await shape({ days: 60, groupBy: ["k"], zeroFill: false }, rows)).toHaveLength(60);
    const orderBy = [{ by: "result", direction: "desc" }] as const;
    expect(await shape({ days: 60, groupBy: ["k"], orderBy, limit: 10 }, rows)).toHaveLength(60);
  });
});

test("others have turns while a large answer is put in order and shaped", async () => {
  const rows = Array.from({ length: 30_000 }, (_, i): [number, Value[], MeasureValue[]] => [0, [`${i}`], [i % 7]]);
  let turns = 0;
  let isDone = false;
  const answer = shape({ groupBy: ["k"] }, rows).finally(() => (isDone = true));
  for (; !isDone; turns++) await nextTurn();
  expect(turns).toBeGreaterThan(3);
  expect(await answer).toHaveLength(30_000);
});
