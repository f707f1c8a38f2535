import { isDeepStrictEqual } from "node:util";
import type { Measure } from "../query/query.ts";
import type { Field } from "../query/field.ts";
import type { MetricPlan } from "../query/plan.ts";
import type { MeasureValue, MetricResult, MetricRow } from "../query/result.ts";
import { compareValues, type Value } from "../values/value.ts";

/** Sums and averages may differ by this, relative to the value: the order of addition is the engine's. */
const RELATIVE = 1e-9;
/** A deviation that is called exact may differ by this, relative to the value: see core/query/deviation.ts. */
const DEVIATION = 1e-6;
/** Below this a number that should be zero is zero. */
const NOTHING = 1e-9;

/** The difference between two answers to one plan, and in what they claim of themselves, as text for people; undefined when they agree. */
export function metricDifference(plan: MetricPlan, actual: MetricResult, expected: MetricResult): string | undefined {
  if (actual.exact !== expected.exact || actual.notes.length > 0 !== expected.notes.length > 0) {
    const says = ({ exact, notes }: MetricResult) => `exact: ${String(exact)} with notes ${JSON.stringify(notes)}`;
    return `the store says ${says(actual)}, the reference ${says(expected)}`;
  }
  const a = sorted(actual.rows);
  const e = sorted(expected.rows);
  for (let i = 0; i < Math.max(a.length, e.length); i++) {
    const [x, y] = [a[i], e[i]];
    if (!x || !y || x.bucket !== y.bucket || !isDeepStrictEqual(x.group, y.group)) {
      return `cell ${i}: the store has ${cellText(x)}, the reference ${cellText(y)}`;
    }
    for (const [m, { measure }] of plan.measures.entries()) {
      const [p, q] = [x.values[m], y.values[m]];
      if (p === undefined || q === undefined || !sameMeasure(measure, p, q)) {
        return `${measure.kind} in ${cellText(x)}: the store says ${JSON.stringify(p)}, the reference ${JSON.stringify(q)}`;
      }
    }
  }
  return undefined;
}

function sameMeasure(measure: Measure<Field>, a: MeasureValue, b: MeasureValue): boolean {
  if (typeof a === "number" && typeof b === "number") {
    if (measure.kind === "standard_deviation") return Math.abs(a - b) <= Math.max(NOTHING, DEVIATION * b);
    if (measure.kind !== "sum" && measure.kind !== "average") return a === b;
    return Math.abs(a - b) <= RELATIVE * Math.max(1, Math.abs(a), Math.abs(b));
  }
  if (measure.kind === "percentiles") return isDeepStrictEqual(a, b);
  if (Array.isArray(a) && Array.isArray(b))
    return isDeepStrictEqual(a.toSorted(compareValues), b.toSorted(compareValues));
  return a === b;
}

function sorted(rows: readonly MetricRow[]): MetricRow[] {
  return rows.toSorted((a, b) => a.bucket - b.bucket || compareGroups(a.group, b.group));
}

function compareGroups(a: readonly Value[], b: readonly Value[]): number {
  for (const [i, value] of a.entries()) {
    const order = compareValues(value, b[i] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

function cellText(row: MetricRow | undefined): string {
  return row ? `bucket ${row.bucket} group ${JSON.stringify(row.group)}` : "nothing";
}
