import { expect, test } from "vitest";
import { metricPlan, NOON, storedEvent, TYPED } from "../contract/fixtures.ts";
import { evaluateMetric } from "../contract/reference.ts";
import { UTC } from "../time/zone.ts";
import { askBothTimes } from "./both-times.ts";
import { planComparison } from "./compare.ts";
import { EVERYTHING } from "./filter.ts";
import type { MetricPlan } from "./plan.ts";
import type { MetricQuery } from "./query.ts";
import { scopeQuery } from "./scope.ts";

const DAY = 86_400_000;
const MIDNIGHT = Date.UTC(2026, 2, 10);
const EVENTS = [-3, -2, -2, -1, 0, 0, 1].map((day, n) =>
  storedEvent({ project: "p", timestamp: NOON + day * DAY, properties: { n, where: n % 2 } }),
);
const TWO_DAYS = { timeframe: { kind: "absolute", start: MIDNIGHT, end: MIDNIGHT + 2 * DAY } } as const;
const BY_DAY = { ...TWO_DAYS, interval: { kind: "calendar", unit: "day" } } as const;

/** Both answers, those of one question for each, and how many questions it took. */
async function asked(input: Partial<MetricQuery>, before?: (plan: MetricPlan) => MetricPlan) {
  const query: MetricQuery = {
    kind: "metric",
    collections: ["visits"],
    zone: UTC,
    filter: EVERYTHING,
    bots: "include",
    single: true,
    measures: [{ label: "result", measure: { kind: "count" } }],
    groupBy: [],
    orderBy: [],
    zeroFill: true,
    compareTo: { kind: "previous_period" },
    ...input,
  };
  const plan = metricPlan("p", query);
  const comparison = planComparison(scopeQuery(query, { project: "p" }), plan, { now: NOON, properties: TYPED });
  const other = before ? { ...comparison, plan: before(comparison.plan) } : comparison;
  let questions = 0;
  const answers = await askBothTimes(plan, other, async (each) => {
    questions++;
    return evaluateMetric(each, EVENTS);
  });
  return { answers, apart: [evaluateMetric(plan, EVENTS), evaluateMetric(other.plan, EVENTS)], questions };
}

const sum = { measures: [{ label: "s", measure: { kind: "sum", field: "n" } }] } as const;
const unique = { measures: [{ label: "u", measure: { kind: "count_unique", field: "n" } }] } as const;

test.each<[title: string, input: Partial<MetricQuery>]>([
  ["days", BY_DAY],
  ["sums of days", { ...BY_DAY, ...sum }],
  ["no interval", TWO_DAYS],
  ["no interval and no events", { ...TWO_DAYS, ...sum, filter: { kind: "eq", field: "n", value: "none" } }],
])("a time and the one that ends as it begins are one question: %s", async (_, input) => {
  const { answers, apart, questions } = await asked(input);
  expect(answers).toEqual(apart);
  expect(questions).toBe(1);
});

test.each<[title: string, input: Partial<MetricQuery>]>([
  ["a time between them", { ...BY_DAY, compareTo: { kind: "previous_year" } }],
  [
    "more buckets than one question may have",
    {
      timeframe: { kind: "absolute", start: MIDNIGHT, end: MIDNIGHT + 5_001 * 60_000 },
      interval: { kind: "calendar", unit: "minute" },
    },
  ],
  ["groups, of which each answer has its own most", { ...BY_DAY, groupBy: ["where"] }],
  ["a measure that gathers values", { ...BY_DAY, ...unique }],
  [
    "a measure that gathers values beside one that adds up",
    { ...BY_DAY, measures: [...sum.measures, ...unique.measures] },
  ],
])("they are two questions: %s", async (_, input) => {
  const { answers, apart, questions } = await asked(input);
  expect(answers).toEqual(apart);
  expect(questions).toBe(2);
});

test("they are two questions where a property is kept otherwise in the other time", async () => {
  const { answers, apart, questions } = await asked(BY_DAY, (plan) => ({
    ...plan,
    filter: { kind: "not", of: { kind: "any", of: [] } },
  }));
  expect(answers).toEqual(apart);
  expect(questions).toBe(2);
});
