import { MillraceError } from "../error.ts";
import { LIMITS_QUERY } from "../query/limits.ts";
import type { TimeRange } from "./timeframe.ts";
import { everyStarts, unitStarts } from "./units.ts";
import { startOf, type CalendarUnit, type Zone } from "./zone.ts";

/** An interval: calendar units (`daily`), or chunks of N units from the start of the timeframe (`every_N_days`). */
export type Interval =
  | { readonly kind: "calendar"; readonly unit: CalendarUnit }
  | { readonly kind: "every"; readonly count: number; readonly unit: CalendarUnit };

/**
 * Bucket edges in milliseconds UTC: n + 1 numbers for n half-open buckets that cover the range exactly; the first and last are
 * clipped to it. Computed once, here, so that both stores bucket alike and neither needs to know a time zone.
 * @throws MillraceError `InvalidIntervalError` beyond {@link LIMITS_QUERY.buckets} buckets.
 */
export function bucketEdges(interval: Interval, range: TimeRange, zone: Zone): number[] {
  const max = LIMITS_QUERY.buckets;
  const starts =
    interval.kind === "calendar"
      ? unitStarts(interval.unit, startOf(interval.unit, range.start, zone), range.end, zone, max + 1)
      : everyStarts(interval, range.start, range.end, zone, max + 1);
  if (starts.length > max) {
    throw new MillraceError(
      "InvalidIntervalError",
      `The interval makes more than ${max} buckets in this timeframe. Use a longer interval.`,
    );
  }
  starts[0] = range.start;
  return [...starts, range.end];
}
