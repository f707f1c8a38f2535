import {
  askBothTimes,
  groupsShown,
  isAdditive,
  isoUtc,
  layMetric,
  planComparison,
  planMetric,
  renderComparison,
  renderMetric,
  restQuery,
  type Comparison,
  type Laid,
  type MeasureValue,
  type MetricPlan,
  type MetricQuery,
  type MetricResult,
  type PlanContext,
  type Scoped,
  type Zone,
} from "@millrace/core";
import type { Engine } from "../share/engine.ts";
import { notesOn, notesOnIncomplete } from "./notes.ts";
import type { Asked } from "./asked.ts";
import type { Outcome } from "./outcome.ts";

/**
 * The answer to a question about numbers. One that needs more than one look at the store (the same about another time, what is beyond
 * a limit) has all of them at one moment, where the store can promise that, and is shared and aged as a whole: its parts add up.
 */
export async function runMetric({ engine, context, projectZone }: Asked, query: Scoped<MetricQuery>): Promise<Outcome> {
  const plan = planMetric(query, context);
  const comparison = query.compareTo && planComparison(query, plan, context);
  const asks = { engine, query, context, plan, comparison };
  if (!comparison && !needsRest(query)) {
    const { value, ageMs } = await engine.metric(plan);
    return outcomeOf(asks, projectZone, ageMs, {
      results: [value],
      result: await renderMetric(query, await layMetric(query, plan, value)),
    });
  }
  const { orderBy, limit, other } = query;
  const key = JSON.stringify(["looks", plan, comparison, orderBy, limit, other]);
  const { value, ageMs } = await engine.shared(key, engine.maxAgeMs, () => engine.atOnce(() => lookAll(asks)));
  return outcomeOf(asks, projectZone, ageMs, value);
}

interface Asks {
  readonly engine: Engine;
  readonly query: Scoped<MetricQuery>;
  readonly context: PlanContext;
  readonly plan: MetricPlan;
  readonly comparison: Comparison | undefined;
}

/** What the looks at the store came to. */
interface Found extends Pick<Outcome, "result" | "comparison"> {
  readonly results: readonly Pick<MetricResult, "exact" | "notes">[];
}

/** What is beyond a limit follows from its groups only where the measures add up. */
function needsRest(query: MetricQuery): boolean {
  return query.other !== undefined && query.limit !== undefined && !isAdditive(query);
}

async function lookAll(asks: Asks): Promise<Found> {
  const { engine, query, plan, comparison } = asks;
  const ask = async (each: MetricPlan) => (await engine.metric(each, false)).value;
  const [main, other] = comparison ? await askBothTimes(plan, comparison, ask) : [await ask(plan)];
  const laid = await layMetric(query, plan, main);
  const rest = await restOf(asks, laid);
  const whole = rest ? await layMetric(query, plan, main, rest.values) : laid;
  const result = await renderMetric(query, whole);
  const results = [main, ...(rest ? [rest.result] : [])].map(said);
  if (!comparison || !other) return { result, results };
  const otherRest = await restOf(asks, laid, comparison);
  const { start, end } = comparison.range;
  return {
    result,
    comparison: {
      timeframe: { start: isoUtc(start), end: isoUtc(end) },
      result: await renderComparison(query, whole, comparison, other, otherRest?.values),
    },
    results: [...results, ...[other, ...(otherRest ? [otherRest.result] : [])].map(said)],
  };
}

/** What the store says of itself; rows stay behind. */
function said({ exact, notes }: MetricResult): Pick<MetricResult, "exact" | "notes"> {
  return { exact, notes };
}

interface Rest {
  readonly values: readonly MeasureValue[];
  readonly result: MetricResult;
}

/** Asks for everything in none of the groups that are shown, in the query's own time or in that of a comparison. */
async function restOf(asks: Asks, laid: Laid, comparison?: Comparison): Promise<Rest | undefined> {
  const { engine, query, context } = asks;
  if (!needsRest(query) || laid.parts[0]?.other === undefined) return undefined;
  const rest = restQuery(query, groupsShown(laid));
  const time = comparison ? { timeframe: { kind: "absolute", ...comparison.range } as const } : {};
  const { value: result } = await engine.metric(planMetric({ ...rest, ...time }, context), false);
  return { values: result.rows[0]?.values ?? [], result };
}

function outcomeOf({ plan, comparison, context }: Asks, projectZone: Zone, ageMs: number, found: Found): Outcome {
  const plans = comparison ? [plan, comparison.plan] : [plan];
  const { results, ...answer } = found;
  const notes = [
    ...results.flatMap((result) => result.notes),
    ...plans.flatMap((each) => [...notesOn(each, projectZone), ...notesOnIncomplete(each, context.now)]),
  ];
  const exact = results.every((result) => result.exact) && plans.every(({ incomplete }) => incomplete.length === 0);
  return { ...answer, exact, notes: [...new Set(notes)], ageMs };
}
