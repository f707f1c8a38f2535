import { expect, test } from "vitest";
import { metricPlan, metricQuery, type MetricInput } from "../contract/fixtures.ts";
import { groupsShown, layMetric } from "./lay.ts";
import { LIMITS_QUERY } from "./limits.ts";
import type { MetricRow } from "./result.ts";

const HOUR = 3_600_000;
const TWO_HOURS = {
  timeframe: { kind: "absolute", start: 0, end: 2 * HOUR },
  interval: { kind: "calendar", unit: "hour" },
} as const;
const row = (bucket: number, group: MetricRow["group"], ...values: MetricRow["values"]): MetricRow => ({
  bucket,
  group,
  values,
});
const lay = (input: MetricInput, ...rows: MetricRow[]) =>
  layMetric(metricQuery(input), metricPlan("p", input), { rows, exact: true, notes: [] });

test("there is a part for each bucket and no other, with groups and without", async () => {
  expect((await lay(TWO_HOURS, row(1, [], 5))).parts).toEqual([
    { cells: [{ group: [], values: [0] }] },
    { cells: [{ group: [], values: [5] }] },
  ]);
  const grouped = await lay({ ...TWO_HOURS, groupBy: ["page"] }, row(1, ["/a"], 5));
  expect(grouped.parts.map(({ cells }) => cells.map(({ values }) => values))).toEqual([[[0]], [[5]]]);
  expect(grouped.edges).toEqual([0, HOUR, 2 * HOUR]);
});

test("the groups that are shown are known as the store gave them", async () => {
  const input: MetricInput = { groupBy: ["page"], limit: 1, orderBy: [{ by: "m0", direction: "desc" }] };
  expect(groupsShown(await lay(input, row(0, ["/a"], 1), row(0, ["/b"], 2)))).toEqual([["/b"]]);
  const both = await lay({ ...input, ...TWO_HOURS }, row(0, ["/a"], 1), row(1, ["/b"], 2));
  expect(groupsShown(both)).toEqual([["/a"], ["/b"]]);
});

test("times are shown as text, and the numbers beside them as numbers", async () => {
  const { parts } = await lay({ groupBy: ["keen.timestamp", "size"] }, row(0, [HOUR, 7], 1), row(0, [null, "7"], 1));
  expect(parts[0]?.cells.map(({ group }) => group)).toEqual([
    [null, "7"],
    ["1970-01-01T01:00:00.000Z", 7],
  ]);
});

test("lists are sorted, those of times are text, and percentiles stay in their order", async () => {
  const select = (field: string) => ({ kind: "select_unique", field }) as const;
  const percentiles = { kind: "percentiles", field: "n", percentiles: [90, 10] } as const;
  const { parts } = await lay(
    { measures: [select("keen.timestamp"), select("n"), percentiles] },
    row(0, [], [HOUR, 0], [3, 1, 2], [9, 1]),
  );
  expect(parts[0]?.cells[0]?.values).toEqual([
    ["1970-01-01T00:00:00.000Z", "1970-01-01T01:00:00.000Z"],
    [1, 2, 3],
    [9, 1],
  ]);
});

test("by the values of an order, then by the groups, the first key first", async () => {
  const input: MetricInput = { groupBy: ["a", "b"], orderBy: [{ by: "m0", direction: "desc" }] };
  const rows = [row(0, ["y", 1], 1), row(0, ["x", 2], 1), row(0, ["x", 1], 1), row(0, ["z", 1], 2)];
  const groups = async (order: MetricInput) => groupsShown(await lay({ ...input, ...order }, ...rows));
  expect(await groups({})).toEqual([
    ["z", 1],
    ["x", 1],
    ["x", 2],
    ["y", 1],
  ]);
  expect(
    await groups({
      orderBy: [
        { by: "b", direction: "asc" },
        { by: "a", direction: "desc" },
      ],
    }),
  ).toEqual([
    ["z", 1],
    ["y", 1],
    ["x", 1],
    ["x", 2],
  ]);
});

const many = (count: number) => Array.from({ length: count }, (_, i) => row(0, [i], 1));

test("an answer may have as many groups as are allowed", async () => {
  expect(groupsShown(await lay({ groupBy: ["n"] }, ...many(LIMITS_QUERY.groups)))).toHaveLength(LIMITS_QUERY.groups);
});

test("an answer is refused from one group, or one cell, too many on, with what would make it shorter", async () => {
  const { groups, cells } = LIMITS_QUERY;
  const grouped = { groupBy: ["n"] };
  await expect(lay(grouped, ...many(groups + 1))).rejects.toMatchObject({
    code: "TooManyResultsError",
    message: `The answer would have ${groups + 1} groups; the most is ${groups}. Add filters, or group by fewer properties.`,
  });
  const minutes = { ...TWO_HOURS, ...grouped, interval: { kind: "calendar", unit: "minute" } } as const;
  const most = cells / 120;
  await expect(lay(minutes, ...many(Math.floor(most) + 1))).rejects.toMatchObject({
    code: "TooManyResultsError",
    message: `The answer would have ${120 * (Math.floor(most) + 1)} cells; the most is ${cells}. Use a longer interval, a shorter timeframe, order_by with limit, or zero_fill: false.`,
  });
});
