import { describe, expect, test } from "vitest";
import { metricPlan, metricQuery, storedEvent, TYPED } from "../contract/fixtures.ts";
import { evaluateMetric } from "../contract/reference.ts";
import { planComparison } from "./compare.ts";
import type { MetricPlan } from "./plan.ts";
import type { MetricQuery } from "./query.ts";
import { scopeQuery } from "./scope.ts";
import { askTop } from "./top.ts";

const TOP: Partial<MetricQuery> & Pick<MetricQuery, "measures"> = {
  measures: [
    { label: "all", measure: { kind: "count" } },
    { label: "n", measure: { kind: "count_unique", field: "who" } },
  ],
  groupBy: ["page"],
  orderBy: [{ by: "n", direction: "desc" }],
  limit: 2,
};

const NAMESAKE = { measures: [{ label: "page", measure: { kind: "count_unique", field: "who" } }] } as const;
const DAY = { timeframe: { kind: "absolute", start: 0, end: 86_400_000 } } as const;

/** Events of pages, by who was there; the text of a page is a letter a visit. */
function eventsOf(pages: Readonly<Record<string, string>>) {
  return Object.entries(pages).flatMap(([page, visits]) =>
    visits.split("").map((who) => storedEvent({ project: "p", properties: { page, who } })),
  );
}

async function asked(pages: Readonly<Record<string, string>>, input = TOP) {
  const events = eventsOf(pages);
  const plan = metricPlan("p", input);
  const questions: MetricPlan[] = [];
  const { rows } = await askTop(plan, async (part) => {
    questions.push(part);
    return evaluateMetric(part, events);
  });
  return { rows: Object.fromEntries(rows.map(({ group, values }) => [group[0], values])), questions };
}

describe("the largest groups", () => {
  test("are counted for themselves: of the others only their events are", async () => {
    const { rows, questions } = await asked({ a: "uvwx", b: "uvw", c: "uu", d: "v" });
    expect(rows).toEqual({ a: [4, 4], b: [3, 3] });
    expect(questions).toHaveLength(2);
    expect(questions.every((part) => part.top === undefined)).toBe(true);
  });

  test("are not those with the most events", async () => {
    const { rows } = await asked({ a: "uuuuuu", b: "vvvvv", c: "uvwx", d: "uvw", e: "u" });
    expect(rows).toMatchObject({ c: [4, 4], d: [3, 3] });
  });

  test("are all that are equal to the last of them: which of these is shown is not decided here", async () => {
    const { rows, questions } = await asked({ a: "uvw", b: "uv", c: "uv", d: "uv", e: "uu" });
    expect(Object.keys(rows)).toEqual(expect.arrayContaining(["a", "b", "c", "d"]));
    // In the end only those are asked for that may still be as large.
    expect(questions[2]?.filter).toMatchObject({ kind: "same", values: ["c", "d", "e"] });
  });

  test("are all there are where there are few", async () => {
    const { rows, questions } = await asked({ a: "u", b: "uv" });
    expect(rows).toEqual({ a: [1, 1], b: [2, 2] });
    expect(questions.map(({ filter }) => filter)).toEqual([questions[0]?.filter, questions[0]?.filter]);
  });

  test("are found among thousands that may be as large", async () => {
    const same = Object.fromEntries(Array.from({ length: 1_200 }, (_, i) => [`p${i}`, "u"]));
    const { rows, questions } = await asked({ ...same, large: "uvw" });
    expect(Object.keys(rows)).toHaveLength(1_201);
    expect(questions).toHaveLength(3);
    expect(questions[2]?.filter).toEqual(questions[0]?.filter);
  });

  test.each([
    [true, true, true],
    [true, false, false],
    [false, true, false],
  ])("are exact where every part is (%s, %s: %s), and have the notes of all, each once", async (first, rest, exact) => {
    const events = eventsOf({ a: "uvw", b: "uv", c: "uv", d: "uu" });
    let question = 0;
    const answer = await askTop(metricPlan("p", TOP), async (part) => {
      const said = [
        { exact: true, notes: ["bounds"] },
        { exact: first, notes: ["both", "first"] },
        { exact: rest, notes: ["both", "rest"] },
      ][question++];
      return { ...evaluateMetric(part, events), ...said };
    });
    expect(question).toBe(3);
    expect([answer.exact, answer.notes]).toEqual([exact, ["both", "first", "rest"]]);
  });

  test("are asked for with the plan that is without their names beside it, and with the names", async () => {
    const events = eventsOf({ a: "uvw", b: "uv", c: "uv", d: "uu" });
    const plan = metricPlan("p", TOP);
    const told: unknown[] = [];
    await askTop(plan, async (part, within) => {
      told.push(within && [within.plan.filter, within.groups]);
      return evaluateMetric(part, events);
    });
    expect(told).toEqual([undefined, [plan.filter, ["a", "b"]], [plan.filter, ["c", "d"]]]);
  });

  test("a measure's own filter counts", async () => {
    const filter = { kind: "eq", field: "who", value: "u" } as const;
    const measures = [{ label: "n", measure: { kind: "count_unique", field: "who" }, filter } as const];
    const { rows } = await asked({ a: "vvvwww", b: "vwxyz", c: "u", d: "uv" }, { ...TOP, measures });
    expect(rows).toEqual({ c: [1], d: [1] });
  });

  test.each<[string, Partial<MetricQuery>]>([
    ["the smallest first", { orderBy: [{ by: "n", direction: "asc" }] }],
    ["by a number that adds up", { orderBy: [{ by: "all", direction: "desc" }] }],
    ["by the group, which a measure is called as, too", { ...NAMESAKE, orderBy: [{ by: "page", direction: "desc" }] }],
    ["by the group", { orderBy: [{ by: "page", direction: "desc" }] }],
    ["several keys", { groupBy: ["page", "who"] }],
    ["no groups", { groupBy: [] }],
    ["the rest is shown, too", { other: "Other" }],
    ["each bucket has its own", { ...DAY, interval: { kind: "calendar", unit: "hour" } }],
    ["more than can be named", { limit: 1_001 }],
    ["no order", { orderBy: [] }],
    ["groups that are ranges", { groupBy: [{ kind: "ranges", field: "age", name: "age", ranges: [{ to: 18 }] }] }],
  ])("every group is wanted: %s", (_, input) => {
    expect(metricPlan("p", { ...TOP, ...input }).top).toBe(undefined);
  });

  test("every group is wanted where none is to be left out", () => {
    const { limit: _, ...unlimited } = TOP;
    expect(metricPlan("p", unlimited).top).toBe(undefined);
  });

  test("compared, every group of both times is wanted: a large one may have been small", () => {
    const timeframe = { kind: "absolute", start: 1_000, end: 2_000 } as const;
    const compared = { ...TOP, timeframe, compareTo: { kind: "previous_period" } } as const;
    const plan = metricPlan("p", compared);
    const { plan: before } = planComparison(scopeQuery(metricQuery(compared), { project: "p" }), plan, {
      now: 0,
      properties: TYPED,
    });
    expect([plan.top, before.top]).toEqual([undefined, undefined]);
    expect(metricPlan("p", TOP).top).toEqual({ measure: 1, count: 2 });
  });
});
