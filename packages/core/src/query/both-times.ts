import type { Comparison } from "./compare.ts";
import { emptyValue } from "./empty.ts";
import { LIMITS_QUERY } from "./limits.ts";
import type { MetricPlan } from "./plan.ts";
import type { Measure } from "./query.ts";
import type { MetricResult } from "./result.ts";

/** How a plan is answered, by a store or whatever stands before it. */
type Ask = (plan: MetricPlan) => Promise<MetricResult>;

/**
 * The answers of a question and of its comparison. Where one time ends as the other begins, as the previous period does, both are the
 * buckets of one question: one pass over the events instead of two, and of one moment in every store.
 */
export async function askBothTimes(
  plan: MetricPlan,
  comparison: Comparison,
  ask: Ask,
): Promise<[result: MetricResult, compared: MetricResult]> {
  const [before, now] = [edgesOf(comparison.plan), edgesOf(plan)];
  if (!isOneQuestion(plan, comparison.plan, before, now)) return [await ask(plan), await ask(comparison.plan)];
  const edges = [...before, ...now.slice(1)];
  const range = { start: before[0] ?? 0, end: now.at(-1) ?? 0 };
  const answer = await ask({ ...plan, range, edges });
  const first = before.length - 1;
  return [part(answer, plan, first, edges.length - 1), part(answer, comparison.plan, 0, first)];
}

function edgesOf({ edges, range }: MetricPlan): readonly number[] {
  return edges ?? (range ? [range.start, range.end] : []);
}

/**
 * Only without groups, which have a limit for each answer, and for measures that a bucket's events are passed over once for: there is
 * a limit, too, to how many different values are read exactly.
 */
function isOneQuestion(
  plan: MetricPlan,
  other: MetricPlan,
  before: readonly number[],
  now: readonly number[],
): boolean {
  return (
    before.at(-1) === now[0] &&
    before.length + now.length <= LIMITS_QUERY.buckets &&
    plan.groupBy.length === 0 &&
    plan.measures.every(({ measure }) => !GATHERING.has(measure.kind)) &&
    // A property may be kept otherwise in another time.
    JSON.stringify([plan.filter, plan.measures]) === JSON.stringify([other.filter, other.measures])
  );
}

const GATHERING: ReadonlySet<Measure<unknown>["kind"]> = new Set([
  "count_unique",
  "select_unique",
  "percentile",
  "percentiles",
]);

/** The part of an answer in the buckets from `first` to before `end`, as the answer of `plan`. */
function part({ rows, ...said }: MetricResult, plan: MetricPlan, first: number, end: number): MetricResult {
  const own = rows.flatMap((row) =>
    row.bucket >= first && row.bucket < end ? [{ ...row, bucket: row.bucket - first }] : [],
  );
  if (own.length > 0 || plan.edges) return { ...said, rows: own };
  return { ...said, rows: [{ bucket: 0, group: [], values: plan.measures.map(({ measure }) => emptyValue(measure)) }] };
}
