import type { JsonObject, Measure, MetricPlan, MetricResult, StoredEvent } from "@millrace/core";
import { COMPILER_CASES, evaluateMetric, metricPlan, NOON, storedEvent } from "@millrace/core/contract";
import { expect, test } from "vitest";
import { searcherOver } from "../../test/engine/searcher.ts";
import { compileMetric } from "./compile.ts";
import { runMetric } from "./metric.ts";

const HOUR = 3_600_000;
const DAYS = { kind: "absolute", start: NOON - 48 * HOUR, end: NOON + 48 * HOUR } as const;
const MONTH = { kind: "calendar", unit: "month" } as const;
const byTens = {
  kind: "buckets",
  name: "tens",
  grid: { size: 10, offset: 20, sizeUnits: 10, offsetUnits: 20, unitsPerOne: 1 },
} as const;
const ranges = {
  kind: "ranges",
  field: "price",
  name: "r",
  ranges: [{ to: 3 }, { from: 10, to: 50 }, { from: 70 }],
} as const;
const at = (hours: number, properties: JsonObject, more: Partial<StoredEvent> = {}) =>
  storedEvent({ project: "p", timestamp: NOON + hours * HOUR, properties, ...more });

/** One value of every kind under the names that the contract's cases ask for, over some days. */
const EVENTS: readonly StoredEvent[] = [
  ...[2.5, 10, "10", "abc", true, null, [10], ["abc", 5, true], [], [null], {}].flatMap((value, i) => [
    at(i, { x: value, price: value }),
    at(-5 * i, { price: i * 10, deep: { x: value } }, { collection: "clicks" }),
  ]),
  ...["/", "/a", "/b"].map((page_path, i) =>
    at(
      30 * i,
      {},
      {
        context: { page_path, geo_country: "DE", engaged_ms: 3 * i, bot_is: i === 1, bot_reasons: ["a", "b"].slice(i) },
      },
    ),
  ),
  ...[3, 5, 8, 30, 30].map((price, i) => at(-24 * 37 * (i + 1), { price, x: `m${i % 3}` })),
  at(0, { x: "other", price: 7 }, { project: "q" }),
];

const rowsOf = ({ rows }: MetricResult) =>
  rows.map(({ bucket, group, values }) => JSON.stringify([bucket, group, values.map(rounded)])).sort();
const rounded = (value: unknown) => (typeof value === "number" ? Number(value.toPrecision(9)) : value);

async function expectReference(plan: MetricPlan, most = 1_000): Promise<void> {
  const { searcher } = searcherOver(EVENTS);
  expect(rowsOf(await runMetric(searcher, plan, { unique: most, values: most }))).toEqual(
    rowsOf(evaluateMetric(plan, EVENTS)),
  );
}

const scripted = ({ plan }: { plan: MetricPlan }) => {
  const { groups, split } = compileMetric(plan);
  return !split && JSON.stringify(groups).includes("painless");
};

test.each(COMPILER_CASES.filter((each) => !scripted(each)))("$name", async ({ plan }) => {
  await expectReference(plan);
});

const YEAR = { kind: "absolute", start: Date.UTC(2025, 6, 1), end: Date.UTC(2026, 6, 1) } as const;
const dear = { kind: "compare", field: "price", op: "gte", value: 10 } as const;
const all = [
  { kind: "count" },
  { kind: "sum", field: "price" },
  { label: "dear", measure: { kind: "average", field: "price" }, filter: dear },
  { label: "dearest", measure: { kind: "maximum", field: "price" }, filter: dear },
  { kind: "standard_deviation", field: "price" },
  { kind: "count_unique", field: "x" },
  { label: "dear ones", measure: { kind: "count_unique", field: "x" }, filter: dear },
  { kind: "select_unique", field: "x" },
  { kind: "percentile", field: "price", percentile: 40 },
  { kind: "percentiles", field: "price", percentiles: [90, 10] },
] as const;
const QUESTIONS: readonly [what: string, input: NonNullable<Parameters<typeof metricPlan>[1]>][] = [
  ["everything of all events", { measures: all }],
  ["everything of each group", { measures: all, groupBy: ["price"] }],
  ["everything of two keys", { measures: all, groupBy: ["$geo.country", "x"], collections: ["visits", "clicks"] }],
  ["everything of each day", { measures: all, timeframe: DAYS, interval: { kind: "calendar", unit: "day" } }],
  [
    "everything of each group in each month of a year",
    { measures: all, timeframe: YEAR, interval: MONTH, groupBy: ["x"] },
  ],
  ["everything of each month of a year", { measures: all, timeframe: YEAR, interval: MONTH }],
  ["distinct values of groups", { measures: [{ kind: "count_unique", field: "x" }], groupBy: ["price"] }],
  [
    "distinct values of no group that has one",
    { measures: [{ kind: "count_unique", field: "never" }], groupBy: ["price"] },
  ],
  [
    "distinct values in groups in months",
    { measures: [{ kind: "select_unique", field: "x" }], timeframe: YEAR, interval: MONTH, groupBy: ["price"] },
  ],
  ["percentiles of nothing", { measures: [{ kind: "percentile", field: "never", percentile: 50 }] }],
  ["everything of buckets of a number", { measures: all.slice(0, 5), groupBy: [{ ...byTens, field: "price" }] }],
  ["everything of ranges of a number", { measures: all.slice(0, 5), groupBy: [ranges] }],
  [
    "everything of ranges of a number in months",
    { measures: all.slice(0, 5), groupBy: [ranges], timeframe: YEAR, interval: MONTH },
  ],
  ["nothing at all", { measures: all, collections: ["never"] }],
  ["nothing in months", { measures: all, collections: ["never"], timeframe: YEAR, interval: MONTH, groupBy: ["x"] }],
];

test.each(QUESTIONS)("%s", async (_, input) => {
  await expectReference(metricPlan("p", input));
});

test.each(QUESTIONS)("%s, estimated where values are too many to read", async (_, { measures = [], ...rest }) => {
  const estimable = measures.filter((measure) => !("kind" in measure) || measure.kind !== "select_unique");
  await expectReference(metricPlan("p", { ...rest, measures: estimable.length > 0 ? estimable : all.slice(5, 7) }), 3);
});

test("what is estimated is said, and only that", async () => {
  const ask = async (measure: Measure<string>, most: number) => {
    const plan = metricPlan("p", { measures: [measure], groupBy: ["$geo.country"] });
    const { exact, notes } = await runMetric(searcherOver(EVENTS).searcher, plan, { unique: most, values: most });
    return { exact, notes };
  };
  const whole = { exact: true, notes: [] };
  expect(await ask({ kind: "count_unique", field: "x" }, 1_000)).toEqual(whole);
  expect(await ask({ kind: "count_unique", field: "x" }, 3)).toEqual({
    exact: false,
    notes: [
      "count_unique is an estimate: there are too many distinct values to read; the error is usually below 1 %, at most about 6 %.",
    ],
  });
  expect(await ask({ kind: "percentile", field: "price", percentile: 50 }, 1)).toEqual({
    exact: false,
    notes: [
      "A percentile is an estimate: there are too many distinct values to read; its rank is off by less than 0.5 %.",
    ],
  });
  expect(await ask({ kind: "percentiles", field: "price", percentiles: [50] }, 1)).toEqual({
    exact: false,
    notes: [
      "Percentiles are estimates: there are too many distinct values to read; each rank is off by less than 0.5 %.",
    ],
  });
  await expect(ask({ kind: "select_unique", field: "x" }, 3)).rejects.toMatchObject({ code: "TooManyResultsError" });
});

test.each<[what: string, asked: Parameters<typeof metricPlan>[1], groups: number | undefined]>([
  ["all", {}, undefined],
  ["each day", { timeframe: DAYS, interval: { kind: "calendar", unit: "day" } }, undefined],
  ["each of a few groups", { groupBy: ["$geo.country"] }, 4],
  [
    "each group that is named",
    {
      measures: [{ kind: "count_unique", field: "$page.path" }],
      groupBy: ["$geo.country"],
      filter: { kind: "all", of: [{ kind: "in", field: "$geo.country", values: ["DE"] }] },
    },
    undefined,
  ],
])("how many different values %s has is asked once; where there are few they are read", async (_, asked, groups) => {
  const plan = metricPlan("p", { measures: [{ kind: "count_unique", field: "x" }], ...asked });
  const requestsFor = async (unique: number) => {
    const { searcher, asked: requests } = searcherOver(EVENTS);
    const { rows, exact } = await runMetric(searcher, plan, { unique, values: 1_000 }, groups);
    expect(rowsOf({ rows, exact, notes: [] })).toEqual(rowsOf(evaluateMetric(plan, EVENTS)));
    expect(exact).toBe(unique > 0);
    return requests.map(({ body }) => JSON.stringify(body).includes('"v_0"'));
  };
  expect(await requestsFor(0)).toEqual([false]);
  expect(await requestsFor(1_000)).toEqual([false, true]);
});
