import type { Field } from "./field.ts";
import { all, type Filter } from "./filter.ts";
import { isBins } from "./group.ts";
import type { LabelledMeasure, MetricQuery } from "./query.ts";
import type { MetricPlan } from "./plan.ts";
import type { MetricResult, MetricRow } from "./result.ts";
import type { Value } from "../values/value.ts";

/**
 * Which groups an answer shows of all that there are: the first so many by a measure, largest first, and whatever is equal to the
 * last of them, because ties are decided later. A store may leave out the rows of all others.
 */
export interface Top {
  /** Place of the measure in the plan. */
  readonly measure: number;
  readonly count: number;
}

/** A plan that names its groups, apart: itself without their names, and the groups. */
export interface Within {
  readonly plan: MetricPlan;
  readonly groups: readonly Value[];
}

/** Groups that are named one by one in a filter; of more the whole question is asked. */
const MOST_NAMED = 1_000;

/**
 * The groups that a query shows, where finding them first is worth a look of its own: by unique values, of which each event brings one
 * at most. Counting a group's events costs a tenth of counting what differs among them, and tells how much it can be.
 */
export function topOf(
  query: Pick<MetricQuery, "interval" | "groupBy" | "orderBy" | "limit" | "other" | "compareTo" | "measures">,
): Top | undefined {
  const { interval, groupBy, orderBy, limit, other, compareTo, measures } = query;
  const [key, ...more] = groupBy;
  const [by] = orderBy;
  // What is beyond the limit is told from all groups, and a comparison shows groups that were small then.
  const isWhole = interval !== undefined || other !== undefined || compareTo !== undefined;
  if (isWhole || limit === undefined || limit > MOST_NAMED || by?.direction !== "desc") return undefined;
  if (key === undefined || more.length > 0 || isBins(key) || key === by.by) return undefined;
  const measure = measures.findIndex(({ label }) => label === by.by);
  return measures[measure]?.measure.kind === "count_unique" ? { measure, count: limit } : undefined;
}

/**
 * Answers a plan that shows only its largest groups: counts the events of every group, then the unique values of those with the most
 * events, then of whatever may still be as large as the last of them. The rows given are exact; those that are left out are smaller.
 * @param ask answers a plan, whatever its `top`; each call sees the same events. Where the plan names groups it is told which
 */
export async function askTop(
  plan: MetricPlan,
  ask: (plan: MetricPlan, within?: Within) => Promise<MetricResult>,
): Promise<MetricResult> {
  const { top, ...whole } = plan;
  const [key] = plan.groupBy;
  const by = top && plan.measures[top.measure];
  if (!top || !by || key === undefined || isBins(key)) return ask(plan);
  const bounds = await ask({ ...whole, measures: [countOf(by)] });
  const among = (rows: readonly MetricRow[]) => {
    const groups = rows.map(({ group }) => group[0] ?? null);
    return ask({ ...whole, filter: all(plan.filter, inGroups(key, groups)) }, { plan: whole, groups });
  };
  const most = bounds.rows.toSorted((a, b) => numberIn(b, 0) - numberIn(a, 0));
  if (most.length <= top.count) return ask(whole);
  const first = await among(most.slice(0, top.count));
  // A store without moments may have lost the events of a group in between.
  const isFull = first.rows.length >= top.count;
  const last = isFull ? Math.min(...first.rows.map((row) => numberIn(row, top.measure))) : 0;
  const others = most.slice(top.count).filter((row) => numberIn(row, 0) >= last);
  if (others.length === 0) return first;
  if (others.length > MOST_NAMED) return ask(whole);
  const rest = await among(others);
  return {
    rows: [...first.rows, ...rest.rows],
    exact: first.exact && rest.exact,
    notes: [...new Set([...first.notes, ...rest.notes])],
  };
}

function countOf({ label, filter }: LabelledMeasure<Field>): LabelledMeasure<Field> {
  return { label, measure: { kind: "count" }, ...(filter && { filter }) };
}

function inGroups(field: Field, values: readonly Value[]): Filter<Field> {
  return { kind: "same", field, values };
}

function numberIn({ values }: MetricRow, place: number): number {
  return Number(values[place]);
}
