import { visitMeasure, type Measure, type MeasureVisitor } from "./query.ts";
import type { MeasureValue } from "./result.ts";

const EMPTY: MeasureVisitor<unknown, MeasureValue> = {
  count: () => 0,
  count_unique: () => 0,
  sum: () => 0,
  select_unique: () => [],
  average: () => null,
  minimum: () => null,
  maximum: () => null,
  standard_deviation: () => null,
  percentile: () => null,
  percentiles: ({ percentiles }) => percentiles.map(() => null),
};

/** The value of a measure over no events, or over events without a usable value (Keen: 0 for counts and sums, else null or []). */
export function emptyValue(measure: Measure<unknown>): MeasureValue {
  return visitMeasure(EMPTY, measure);
}
