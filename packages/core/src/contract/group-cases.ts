import { describe, expect, test } from "vitest";
import type { Filter } from "../query/filter.ts";
import { gridOf, type GroupKey, type NumberRange, type Ranges } from "../query/group.ts";
import { METRES_PER_MILE } from "../query/geo.ts";
import type { MetricResult } from "../query/result.ts";
import type { JsonObject } from "../values/json.ts";
import { message, metricPlan, newProject, not } from "./fixtures.ts";
import { metricDifference } from "./compare.ts";
import { evaluateMetric } from "./reference.ts";
import type { Subject } from "./subject.ts";

const buckets = (size: number, offset = 0): GroupKey<string> => {
  const grid = gridOf(size, offset);
  if (!grid) throw new Error(`${size} from ${offset} is no grid.`);
  return { kind: "buckets", field: "n", name: "n", grid };
};
const ranges = (...list: NumberRange[]): Ranges<string> => ({ kind: "ranges", field: "n", name: "n", ranges: list });

/** Keys whose numbers are put together, over the values of {@link NUMBERS}, and the groups with their counts. */
const BINS: readonly [title: string, key: GroupKey<string>, groups: readonly (readonly [number | null, number])[]][] = [
  [
    "buckets of ten",
    buckets(10),
    [
      [null, 4],
      [-1, 1],
      [0, 4],
      [1, 1],
    ],
  ],
  [
    "buckets of a tenth: 0.3 begins its bucket",
    buckets(0.1),
    [
      [null, 4],
      [-5, 1],
      [0, 1],
      [3, 1],
      [7, 1],
      [95, 1],
      [100, 1],
    ],
  ],
  [
    "buckets with an offset",
    buckets(10, 0.3),
    [
      [null, 4],
      [-1, 2],
      [0, 4],
    ],
  ],
  [
    "ranges are half-open, and what lies in none is null",
    ranges({ from: 0, to: 0.3 }, { from: 0.3, to: 10 }),
    [
      [null, 6],
      [0, 1],
      [1, 3],
    ],
  ],
  [
    "a range may have no limit",
    ranges({ to: 0 }, { from: 10 }),
    [
      [null, 8],
      [0, 1],
      [1, 1],
    ],
  ],
];
const PROJECT = newProject();
const NUMBERS = [-0.5, 0, 0.3, 0.7, 9.5, 10, "10", null, [10]];

/** The next double up or down; a zero's is the smallest there is. */
function neighbour(value: number, step: 1 | -1): number {
  if (value === 0) return step * Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) + BigInt(value > 0 ? step : -step));
  return view.getFloat64(0);
}

const BERLIN = { longitude: 13.405, latitude: 52.52 };
const within = (miles: number): Filter<string> => ({
  kind: "within",
  field: "at",
  centre: BERLIN,
  metres: miles * METRES_PER_MILE,
});

/** Values of every kind, each of as many visitors as it has letters after those that come again. */
const PAGES: readonly (readonly [page: JsonObject[string] | undefined, visitors: string])[] = [
  ["a", "uuuuuuuu"],
  ["b", "uvwxy"],
  [undefined, "uvwx"],
  [null, "yz"],
  [7, "uvwu"],
  ["7", "uvw"],
  [true, "uv"],
  [["a", 7], "uvwxyzz"],
  [["b"], "u"],
  ["c", "uvwx"],
];

export function groupCases(use: () => Subject): void {
  describe("the largest groups", () => {
    const events = PAGES.flatMap(([page, visitors]) =>
      message(newProject(), ...visitors.split("").map((who) => ({ ...(page !== undefined && { page }), who }))),
    ).map((event, i) => ({
      ...event,
      project: PROJECT,
      context: { visitor: i % 9 === 8 ? null : (event.properties["who"] as string) },
    }));
    let loading: Promise<void> | undefined;

    test.each([1, 2, 3, 5, 9, 20])("%i of them, with all that are equal to the last", async (limit) => {
      await (loading ??= use().load(events));
      for (const field of ["who", "$visitor"]) {
        const measures = [
          { label: "n", measure: { kind: "count_unique", field } },
          { label: "all", measure: { kind: "count" } },
        ] as const;
        const plan = metricPlan(PROJECT, {
          groupBy: ["page"],
          orderBy: [{ by: "n", direction: "desc" }],
          measures,
          limit,
        });
        expect(plan.top).toEqual({ measure: 0, count: limit });
        const expected = evaluateMetric(plan, events);
        const last = expected.rows.map(({ values }) => Number(values[0])).toSorted((a, b) => b - a)[limit - 1] ?? 0;
        const largest = ({ rows }: MetricResult) => rows.filter(({ values }) => Number(values[0]) >= last);
        const actual = await use().store.metric(plan);
        expect(
          metricDifference(plan, { ...actual, rows: largest(actual) }, { ...expected, rows: largest(expected) }),
        ).toBe(undefined);
      }
    });
  });

  describe("numbers put together", () => {
    const events = message(newProject(), ...NUMBERS.map((n) => ({ n })), {});
    const project = events[0]?.project ?? "";
    let loading: Promise<void> | undefined;

    test.each(BINS)("%s", async (_, key, groups) => {
      await (loading ??= use().load(events));
      const rows = await use().rows(project, { groupBy: [key] });
      expect(rows.map(({ group, values }) => [group[0], values[0]])).toEqual(groups);
    });

    test("beside other keys, in intervals, and with measures that gather values", async () => {
      await (loading ??= use().load(events));
      const plan = metricPlan(project, {
        groupBy: [buckets(10), { ...ranges({ from: 0 }), name: "positive" }, "n"],
        timeframe: { kind: "absolute", start: 0, end: Date.UTC(2030, 0) },
        interval: { kind: "calendar", unit: "year" },
        measures: [
          { kind: "count_unique", field: "n" },
          { kind: "percentile", field: "n", percentile: 50 },
          { kind: "sum", field: "n" },
        ],
      });
      expect(metricDifference(plan, await use().store.metric(plan), evaluateMetric(plan, events))).toBe(undefined);
    });

    test("numbers at the ends of what a double can be", async () => {
      for (const ends of [
        [Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 1e15 + 0.5, 2 ** 53],
        [-Number.MIN_VALUE, 0, -10],
      ]) {
        const far = message(newProject(), ...ends.map((n) => ({ n })));
        await use().load(far);
        for (const key of [
          buckets(0.1),
          buckets(0.25),
          buckets(10, 30),
          buckets(1e15),
          ranges({ from: 1e308 }, { to: -1e308 }),
        ]) {
          const plan = metricPlan(far[0]?.project ?? "", { groupBy: [key] });
          expect(metricDifference(plan, await use().store.metric(plan), evaluateMetric(plan, far))).toBe(undefined);
        }
      }
    });

    test("a number beside an edge is on its own side of it, whatever the size", async () => {
      const sizes = [7, 10, 2.5, 0.1];
      const places = [-4_503_599_627, -1_023, -8, -3, 0, 1, 3, 7, 999, 1_024, 33_554_431];
      const edges = sizes.flatMap((size) => places.map((place) => place * size));
      const near = edges.flatMap((edge) => [edge, neighbour(edge, -1), neighbour(edge, 1)]);
      const beside = message(newProject(), ...near.map((n) => ({ n })));
      await use().load(beside);
      for (const key of sizes.flatMap((size) => [buckets(size), buckets(size, 2 * size)])) {
        const plan = metricPlan(beside[0]?.project ?? "", { groupBy: [key] });
        expect(metricDifference(plan, await use().store.metric(plan), evaluateMetric(plan, beside))).toBe(undefined);
      }
    });

    test("ranges alone, with every measure that adds nothing to the rows, in intervals and in one filter", async () => {
      await (loading ??= use().load(events));
      const measured = (["sum", "average", "minimum", "maximum", "standard_deviation"] as const).map((kind) => ({
        kind,
        field: "n",
      }));
      const filter: Filter<string> = { kind: "compare", field: "n", op: "lt", value: 9 };
      const year = { start: 0, end: Date.UTC(2030, 0) };
      for (const time of [
        {},
        { timeframe: { kind: "absolute", ...year }, interval: { kind: "calendar", unit: "year" } },
      ] as const) {
        const plan = metricPlan(project, {
          groupBy: [ranges({ from: 5 }, { from: -0.5, to: 0.7 }, { to: -1 })],
          measures: [...measured, { label: "few", measure: { kind: "count" }, filter }],
          ...time,
        });
        expect(metricDifference(plan, await use().store.metric(plan), evaluateMetric(plan, events))).toBe(undefined);
      }
    });
  });

  describe("places", () => {
    const at = (name: string, value: never[] | (number | string | number[])[] | string | number) => ({
      name,
      at: value,
    });
    const events = [
      at("here", [13.405, 52.52]),
      at("two miles east", [13.452, 52.52]),
      at("potsdam", [13.06, 52.4]),
      at("other side", [-166.6, -52.52]),
      at("latitude first", [52.52, 13.405]),
      at("text", ["13.405", 52.52]),
      at("three numbers", [13.405, 52.52, 30]),
      at("nested", [[13.405], 52.52]),
      at("no latitude", [13.405, 152.52]),
      at("empty", []),
      at("a text", "[13.405,52.52]"),
      at("a number", 13.405),
      { name: "nothing" },
    ];
    const stored = message(newProject(), ...events);
    let loading: Promise<void> | undefined;
    const found = async (filter: Filter<string>): Promise<unknown[]> => {
      await (loading ??= use().load(stored));
      const rows = await use().rows(stored[0]?.project ?? "", { filter, groupBy: ["name"] });
      return rows.map(({ group }) => group[0]);
    };

    test("within takes what is near enough, and nothing that is no place", async () => {
      expect(await found(within(0))).toEqual(["here"]);
      expect(await found(within(2.5))).toEqual(["here", "two miles east"]);
      expect(await found(within(20))).toEqual(["here", "potsdam", "two miles east"]);
      expect(await found(within(12_451))).toEqual([
        "here",
        "latitude first",
        "other side",
        "potsdam",
        "two miles east",
      ]);
    });

    test("its opposite takes all the rest", async () => {
      expect(await found(not(within(12_451)))).toHaveLength(events.length - 5);
    });

    test("across the date line", async () => {
      const east = message(newProject(), { at: [179.99, 0] }, { at: [-179.99, 0] });
      await use().load(east);
      const near: Filter<string> = {
        kind: "within",
        field: "at",
        centre: { longitude: 180, latitude: 0 },
        metres: 1_200,
      };
      expect(await use().count(east[0]?.project ?? "", near)).toBe(2);
    });
  });
}
