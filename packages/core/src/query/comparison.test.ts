import { describe, expect, test } from "vitest";
import { metricPlan, metricQuery, storedEvent, TYPED } from "../contract/fixtures.ts";
import { evaluateMetric } from "../contract/reference.ts";
import type { Value } from "../values/value.ts";
import { planComparison } from "./compare.ts";
import { layMetric } from "./lay.ts";
import type { MetricQuery } from "./query.ts";
import { renderComparison, renderMetric } from "./render.ts";
import { scopeQuery } from "./scope.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 9, 5);
const SITE = { project: "p" };

/** So many visits of pages on days from the start on; earlier ones have days below 0. */
const visits = (...all: readonly (readonly [day: number, page: Value, count: number])[]) =>
  all.flatMap(([day, page, count]) =>
    Array.from({ length: count }, (_, i) =>
      storedEvent({
        project: "p",
        timestamp: START + day * DAY + i,
        properties: page === null ? {} : { page: page as string },
      }),
    ),
  );

/** A question about days from the start on, beside the days just before them. */
async function asked(events: ReturnType<typeof visits>, input: Partial<MetricQuery>, days = 2) {
  const query: MetricQuery = {
    ...metricQuery(),
    timeframe: { kind: "absolute", start: START, end: START + days * DAY },
    compareTo: { kind: "previous_period" },
    single: true,
    ...input,
  };
  const context = { now: START + 10 * DAY, properties: TYPED };
  const plan = metricPlan("p", query);
  const main = await layMetric(query, plan, evaluateMetric(plan, events));
  const comparison = planComparison(scopeQuery(query, SITE), plan, context);
  const other = evaluateMetric(comparison.plan, events);
  return { result: await renderMetric(query, main), beside: await renderComparison(query, main, comparison, other) };
}

const time = (day: number) => ({
  start: new Date(START + day * DAY).toISOString(),
  end: new Date(START + (day + 1) * DAY).toISOString(),
});
const by = { groupBy: ["page"], orderBy: [{ by: "m0", direction: "desc" as const }] };
const DAILY = { interval: { kind: "calendar", unit: "day" } as const };

describe("beside an answer stands that of another time", () => {
  test("as one number", async () => {
    expect(await asked(visits([0, "a", 3], [-1, "a", 5], [-3, "a", 7]), {})).toEqual({ result: 3, beside: 5 });
  });

  test("group by group in the answer's order, an empty one where it was not there, and behind them those of that time alone", async () => {
    const events = visits([0, "a", 1], [0, "b", 3], [-1, "a", 9], [-1, "c", 2], [-2, "d", 1]);
    expect(await asked(events, by)).toEqual({
      result: [
        { page: "b", result: 3 },
        { page: "a", result: 1 },
      ],
      beside: [
        { page: "b", result: 0 },
        { page: "a", result: 9 },
        { page: "c", result: 2 },
        { page: "d", result: 1 },
      ],
    });
  });

  test("with a limit the answer's groups alone, and what stands for the others at that time", async () => {
    const events = visits([0, "a", 1], [0, "b", 3], [-1, "a", 9], [-1, "b", 2], [-1, "c", 4]);
    expect(await asked(events, { ...by, limit: 1, other: "(others)" })).toEqual({
      result: [
        { page: "b", result: 3 },
        { page: "(others)", result: 1 },
      ],
      beside: [
        { page: "b", result: 2 },
        { page: "(others)", result: 13 },
      ],
    });
  });

  test("day by day, each under its own time", async () => {
    const events = visits([0, "a", 1], [1, "a", 2], [-2, "a", 3], [-1, "a", 4]);
    expect(await asked(events, DAILY)).toEqual({
      result: [
        { value: 1, timeframe: time(0) },
        { value: 2, timeframe: time(1) },
      ],
      beside: [
        { value: 3, timeframe: time(-2) },
        { value: 4, timeframe: time(-1) },
      ],
    });
  });

  test("day by day and group by group", async () => {
    const events = visits([0, "a", 1], [1, "b", 2], [-2, "b", 3], [-1, "c", 4]);
    expect((await asked(events, { ...by, ...DAILY })).beside).toEqual([
      {
        value: [
          { page: "a", result: 0 },
          { page: "b", result: 3 },
          { page: "c", result: 0 },
        ],
        timeframe: time(-2),
      },
      {
        value: [
          { page: "b", result: 0 },
          { page: "a", result: 0 },
          { page: "c", result: 4 },
        ],
        timeframe: time(-1),
      },
    ]);
  });
});

describe("the row for the others", () => {
  const events = visits([0, "a", 4], [0, "b", 3], [0, "c", 2], [0, "d", 1]);

  test("is last, has its name under the first property and nothing under the rest", async () => {
    const { result } = await asked(events, { ...by, groupBy: ["page", "kind"], limit: 2, other: "rest" });
    expect(result).toEqual([
      { page: "a", kind: null, result: 4 },
      { page: "b", kind: null, result: 3 },
      { page: "rest", kind: null, result: 3 },
    ]);
  });

  test("is not there where nothing was cut off", async () => {
    for (const limit of [4, 5]) {
      const { result } = await asked(events, { ...by, limit, other: "rest" });
      expect(result).toHaveLength(4);
      expect(result).not.toContainEqual(expect.objectContaining({ page: "rest" }));
    }
  });

  test("has a name that no group has: of a long one the beginning is told", async () => {
    await expect(asked(events, { ...by, limit: 2, other: "b" })).rejects.toMatchObject({
      code: "InvalidParameterError",
      message: 'other "b" is also the name of a group in the answer. Choose another text.',
    });
    // Only what is shown is in its way.
    expect((await asked(events, { ...by, limit: 2, other: "d" })).result).toHaveLength(3);
    const long = "x".repeat(90);
    await expect(asked([...events, ...visits([0, long, 9])], { ...by, limit: 2, other: long })).rejects.toThrow(
      `other "${"x".repeat(80)}" is`,
    );
  });
});

describe("the order of groups", () => {
  test("is asked by several, one after the other, and else that of their values", async () => {
    const events = visits([0, "b", 2], [0, "a", 2], [0, "c", 1], [0, null, 2]);
    const order = async (orderBy: MetricQuery["orderBy"]) =>
      ((await asked(events, { groupBy: ["page"], orderBy })).result as { page: Value }[]).map(({ page }) => page);
    expect(await order([])).toEqual([null, "a", "b", "c"]);
    expect(await order([{ by: "m0", direction: "asc" }])).toEqual(["c", null, "a", "b"]);
    expect(await order([{ by: "m0", direction: "desc" }])).toEqual([null, "a", "b", "c"]);
    expect(
      await order([
        { by: "m0", direction: "desc" },
        { by: "page", direction: "desc" },
      ]),
    ).toEqual(["b", "a", null, "c"]);
    expect(await order([{ by: "page", direction: "desc" }])).toEqual(["c", "b", "a", null]);
  });

  test("of two properties is that of the first, then of the second", async () => {
    const all = [
      ["b", 1],
      ["a", 2],
      ["a", 1],
      ["b", 0],
    ].map(([x, y]) => storedEvent({ project: "p", timestamp: START, properties: { x: x as string, y: y as number } }));
    expect((await asked(all, { groupBy: ["x", "y"] })).result).toEqual([
      { x: "a", y: 1, result: 1 },
      { x: "a", y: 2, result: 1 },
      { x: "b", y: 0, result: 1 },
      { x: "b", y: 1, result: 1 },
    ]);
  });

  test("times among the groups and in lists are told as texts, numbers that are none stay numbers", async () => {
    const events = visits([0, "b", 1], [1, "a", 1]);
    expect((await asked(events, { groupBy: ["keen.timestamp"] })).result).toEqual([
      { "keen.timestamp": time(0).start, result: 1 },
      { "keen.timestamp": time(1).start, result: 1 },
    ]);
    const measures = [
      { label: "times", measure: { kind: "select_unique" as const, field: "keen.timestamp" } },
      { label: "pages", measure: { kind: "select_unique" as const, field: "page" } },
    ];
    expect((await asked(events, { measures, single: false })).result).toEqual({
      times: [time(0).start, time(1).start],
      pages: ["a", "b"],
    });
  });
});
