import { describe, expect, test } from "vitest";
import type { Filter } from "../query/filter.ts";
import type { Measure } from "../query/query.ts";
import type { MeasureValue } from "../query/result.ts";
import { nearestRank } from "../query/query.ts";
import type { JsonObject } from "../values/json.ts";
import { message, metricPlan, newProject, NOON, storedEvent } from "./fixtures.ts";
import type { Subject } from "./subject.ts";

const NUMBERS: Measure<string>["kind"][] = ["average", "minimum", "maximum", "standard_deviation"];

const ABOVE_3: Filter<string> = { kind: "compare", field: "price", op: "gt", value: 3 };

/** Every measure over a name that has values of every type, without a filter of its own and with one. */
export const MEASURE_TABLE: readonly [
  title: string,
  measure: Measure<string>,
  expected: MeasureValue,
  filter?: Filter<string>,
][] = [
  ["count", { kind: "count" }, 8],
  ["count with a filter", { kind: "count" }, 1, ABOVE_3],
  ["sum", { kind: "sum", field: "price" }, 12.5],
  ["sum with a filter", { kind: "sum", field: "price" }, 10, ABOVE_3],
  ["sum inside an object", { kind: "sum", field: "price.value" }, 10],
  ["average", { kind: "average", field: "price" }, 6.25],
  ["average with a filter", { kind: "average", field: "price" }, 10, ABOVE_3],
  ["minimum", { kind: "minimum", field: "price" }, 2.5],
  ["minimum with a filter", { kind: "minimum", field: "price" }, 10, ABOVE_3],
  ["maximum", { kind: "maximum", field: "price" }, 10],
  ["maximum with a filter", { kind: "maximum", field: "price" }, 10, ABOVE_3],
  ["standard deviation", { kind: "standard_deviation", field: "price" }, 3.75],
  ["standard deviation with a filter", { kind: "standard_deviation", field: "price" }, 0, ABOVE_3],
  ["percentile", { kind: "percentile", field: "price", percentile: 7 }, 2.5],
  ["percentile with a filter", { kind: "percentile", field: "price", percentile: 50 }, 10, ABOVE_3],
  ["percentiles, in the order asked", { kind: "percentiles", field: "price", percentiles: [100, 7] }, [10, 2.5]],
  ["percentiles with a filter", { kind: "percentiles", field: "price", percentiles: [50] }, [10], ABOVE_3],
  ["count of distinct values", { kind: "count_unique", field: "price" }, 5],
  ["count of distinct values with a filter", { kind: "count_unique", field: "price" }, 1, ABOVE_3],
  ["distinct values", { kind: "select_unique", field: "price" }, [true, 2.5, 10, "10", [10]]],
  ["distinct values with a filter", { kind: "select_unique", field: "price" }, [10], ABOVE_3],
  ["distinct times", { kind: "select_unique", field: "keen.timestamp" }, [NOON]],
  ["distinct lists of a standard field", { kind: "count_unique", field: "$bot.reasons" }, 0],
  ["sum of a standard field", { kind: "sum", field: "$engaged_ms" }, 0],
];

export function measureCases(use: () => Subject): void {
  const project = async (...properties: JsonObject[]): Promise<string> => {
    const name = newProject();
    await use().load(message(name, ...properties));
    return name;
  };

  describe("measures", () => {
    test("without events there is one row: counts and sums are 0, lists empty, other numbers null", async () => {
      const measures: Measure<string>[] = [
        { kind: "count" },
        { kind: "count_unique", field: "x" },
        { kind: "select_unique", field: "x" },
        { kind: "sum", field: "x" },
        ...NUMBERS.map((kind) => ({ kind, field: "x" }) as Measure<string>),
        { kind: "percentile", field: "x", percentile: 50 },
        { kind: "percentiles", field: "x", percentiles: [50, 90] },
      ];
      expect(await use().rows(newProject(), { measures })).toEqual([
        { bucket: 0, group: [], values: [0, 0, [], 0, null, null, null, null, null, [null, null]] },
      ]);
    });

    test("grouped or in intervals, no events are no rows", async () => {
      const name = newProject();
      expect(await use().rows(name, { groupBy: ["x"] })).toEqual([]);
      const timeframe = { kind: "absolute", start: 0, end: 86_400_000 } as const;
      const interval = { kind: "calendar", unit: "hour" } as const;
      expect(await use().rows(name, { timeframe, interval })).toEqual([]);
    });

    test("one name with values of every type: numbers are added, everything is counted by type", async () => {
      const name = await project(
        { price: 10 },
        { price: "10" },
        { price: true },
        { price: null },
        { price: [10] },
        { price: { value: 10 } },
        {},
        { price: 2.5 },
      );
      const { value, rows } = use();
      for (const [title, measure, expected, filter] of MEASURE_TABLE) {
        expect([title, await value(name, measure, filter)]).toEqual([title, expected]);
        const [row] = await rows(name, { measures: [filter ? { label: "m", measure, filter } : measure] });
        expect([title, row?.values]).toEqual([title, [expected]]);
      }
      expect(await rows(name, { groupBy: ["price"] })).toEqual(
        // Missing, null and an object are the group null.
        [
          [null, 3],
          [true, 1],
          [2.5, 1],
          [10, 1],
          ["10", 1],
          [[10], 1],
        ].map(([group, count]) => ({
          bucket: 0,
          group: [group],
          values: [count],
        })),
      );
    });

    test("arrays are whole values: order and nesting count, spaces and key order do not", async () => {
      const name = await project(
        { tags: ["a", "b"] },
        { tags: ["b", "a"] },
        { tags: ["a", "b"] },
        { tags: [] },
        { tags: [{ y: 1, x: [2] }] },
        { tags: [{ x: [2], y: 1 }] },
      );
      const rows = await use().rows(name, { groupBy: ["tags"] });
      expect(rows.map(({ group, values }) => [group[0], values[0]])).toEqual([
        [["a", "b"], 2],
        [["b", "a"], 1],
        [[], 1],
        [[{ x: [2], y: 1 }], 2],
      ]);
      expect(await use().value(name, { kind: "count_unique", field: "tags" })).toBe(4);
    });

    test("two group properties: every combination that occurs, and no other", async () => {
      const name = await project({ a: 1, b: "x" }, { a: 1, b: "y" }, { a: "1", b: "x" }, { a: 1, b: "x" }, { b: "x" });
      expect(await use().rows(name, { groupBy: ["a", "b"] })).toEqual([
        { bucket: 0, group: [null, "x"], values: [1] },
        { bucket: 0, group: [1, "x"], values: [2] },
        { bucket: 0, group: [1, "y"], values: [1] },
        { bucket: 0, group: ["1", "x"], values: [1] },
      ]);
    });

    test("the median of 10 and 20 is 10: nearest rank, not the middle between", async () => {
      const name = await project({ x: 10 }, { x: 20 });
      const percentile = (p: number) => use().value(name, { kind: "percentile", field: "x", percentile: p });
      expect(await percentile(50)).toBe(10);
      expect(await percentile(50.01)).toBe(20);
      expect(await percentile(0)).toBe(10);
      expect(await percentile(100)).toBe(20);
    });

    test("percentiles take the exact rank where doubles would round it up", async () => {
      const name = await project(...Array.from({ length: 100 }, (_, i) => ({ x: i + 1 })));
      for (const p of [0.01, 1, 7, 14, 28, 29, 55, 56, 57, 58, 99, 99.99]) {
        expect(await use().value(name, { kind: "percentile", field: "x", percentile: p })).toBe(nearestRank(p, 100));
      }
    });

    test("a sum of a great and many small numbers keeps the small ones", async () => {
      const name = await project({ x: 1e16 }, ...Array.from({ length: 100 }, () => ({ x: 1 })));
      expect(await use().value(name, { kind: "sum", field: "x" })).toBe(1e16 + 100);
    });

    test("the deviation of numbers far from zero and near each other is theirs, not 0", async () => {
      const measures: Measure<string>[] = [{ kind: "standard_deviation", field: "x" }];
      const cases: [numbers: number[], deviation: number][] = [
        [[1.7e12, 1.7e12 + 1000, 1.7e12 + 2000], Math.sqrt(2_000_000 / 3)],
        [[1e9, 1e9 + 1, 1e9 + 2], Math.sqrt(2 / 3)],
        [[-1e9, -1e9 - 1], 0.5],
        [[1e200, 1e200], 0],
        [[0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 0],
        [[5], 0],
      ];
      for (const [numbers, deviation] of cases) {
        const name = await project(...numbers.map((x) => ({ x })), { x: "text" }, {});
        const { rows, exact } = await use().store.metric(metricPlan(name, { measures }));
        const found = rows[0]?.values[0] as number;
        expect([numbers, exact]).toEqual([numbers, true]);
        expect(Math.abs(found - deviation)).toBeLessThanOrEqual(1e-6 * deviation);
        const grouped = await use().rows(name, {
          groupBy: ["keen.timestamp"],
          measures: [
            {
              label: "some",
              measure: { kind: "standard_deviation", field: "x" },
              filter: { kind: "exists", field: "x" },
            },
          ],
        });
        expect(grouped[0]?.values).toEqual([found]);
      }
    });

    test("a deviation that doubles cannot hold is given with a note, never as exact", async () => {
      const name = await project({ x: 1e15 }, { x: 1e15 + 1 }, { x: 1e15 + 2 });
      const measures: Measure<string>[] = [{ kind: "standard_deviation", field: "x" }];
      const { exact, notes } = await use().store.metric(metricPlan(name, { measures }));
      expect(exact).toBe(false);
      expect(notes).toEqual([expect.stringContaining("standard_deviation")]);
    });

    test("times are grouped by, listed and counted as numbers of milliseconds, before 1970 too", async () => {
      const name = newProject();
      const times = [-86_400_001, -1, 0, NOON, NOON];
      await use().load(times.map((timestamp) => storedEvent({ project: name, timestamp, receivedAt: NOON })));
      for (const [field, expected] of [
        ["keen.timestamp", [-86_400_001, -1, 0, NOON]],
        ["keen.created_at", [NOON]],
      ] as const) {
        const rows = await use().rows(name, { groupBy: [field] });
        expect(rows.map(({ group }) => group[0])).toEqual(expected);
        expect(await use().value(name, { kind: "select_unique", field })).toEqual(expected);
        expect(await use().value(name, { kind: "count_unique", field })).toBe(expected.length);
      }
      const pairs = await use().rows(name, { groupBy: ["keen.timestamp", "keen.created_at"] });
      expect(pairs.at(-1)).toEqual({ bucket: 0, group: [NOON, NOON], values: [2] });
    });

    test("0 and -0 are one value", async () => {
      const name = await project({ x: 0 }, { x: -0 });
      expect(await use().value(name, { kind: "count_unique", field: "x" })).toBe(1);
      expect(await use().rows(name, { groupBy: ["x"] })).toEqual([{ bucket: 0, group: [0], values: [2] }]);
    });

    test("each measure may have a filter of its own, also inside groups", async () => {
      const name = await project({ c: "a", n: 1 }, { c: "a", n: 5 }, { c: "b", n: 1 });
      const rows = await use().rows(name, {
        groupBy: ["c"],
        measures: [
          { label: "all", measure: { kind: "count" } },
          { label: "big", measure: { kind: "count" }, filter: { kind: "compare", field: "n", op: "gt", value: 3 } },
          {
            label: "list",
            measure: { kind: "select_unique", field: "n" },
            filter: { kind: "compare", field: "n", op: "lt", value: 3 },
          },
        ],
      });
      expect(rows.map(({ group, values }) => [...group, ...values])).toEqual([
        ["a", 2, 1, [1]],
        ["b", 1, 0, [1]],
      ]);
    });

    test("by bucket, of a property that no event has: buckets of events have no value, not another's", async () => {
      const name = newProject();
      const DAY = 86_400_000;
      await use().load([
        storedEvent({ project: name, timestamp: NOON }),
        storedEvent({ project: name, timestamp: NOON + DAY, properties: { other: 5 } }),
      ]);
      const measures = (["minimum", "maximum", "average", "sum", "count_unique"] as const).map(
        (kind): Measure<string> => ({ kind, field: "nobody_has_it" }),
      );
      const start = NOON - (NOON % DAY);
      const timeframe = { kind: "absolute", start, end: start + 2 * DAY } as const;
      const rows = await use().rows(name, { measures, timeframe, interval: { kind: "calendar", unit: "day" } });
      expect(rows).toEqual([0, 1].map((bucket) => ({ bucket, group: [], values: [null, null, null, 0, 0] })));
    });

    test("standard fields are measured and grouped like properties", async () => {
      const name = newProject();
      await use().load([
        storedEvent({ project: name, context: { geo_country: "DE", engaged_ms: 10, bot_reasons: ["a"] } }),
        storedEvent({ project: name, context: { geo_country: "DE", engaged_ms: 5, bot_reasons: [] } }),
        storedEvent({ project: name, context: { geo_country: null } }),
      ]);
      const { rows } = use();
      const measures: Measure<string>[] = [{ kind: "sum", field: "$engaged_ms" }];
      expect(await rows(name, { groupBy: ["$geo.country"], measures })).toEqual([
        { bucket: 0, group: [null], values: [0] },
        { bucket: 0, group: ["DE"], values: [15] },
      ]);
      expect(await rows(name, { groupBy: ["$bot.reasons"] })).toEqual([
        { bucket: 0, group: [null], values: [1] },
        { bucket: 0, group: [["a"]], values: [1] },
        { bucket: 0, group: [[]], values: [1] },
      ]);
    });
  });
}
