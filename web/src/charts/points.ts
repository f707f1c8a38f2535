import type { BucketFormat } from "../format/date.ts";
import type { SeriesPoint } from "../questions/totals.ts";
import type { Metric } from "../state/metrics.ts";

/** One bucket as the chart draws it. */
export interface ChartPoint {
  readonly at: number;
  readonly start: number;
  readonly end: number;
  readonly label: string;
  readonly long: string;
  /** Null: not begun yet, or not defined. */
  readonly value: number | null;
  /** The finished part of the line. */
  readonly solid: number | null;
  /** The last step of the line while its bucket is unfinished. */
  readonly tail: number | null;
  readonly unfinished: boolean;
  readonly earlier: number | null;
  readonly earlierLong: string | undefined;
}

/**
 * Joins both periods by position; an earlier bucket that is missing was before anything was recorded. Buckets that lie ahead have no value: a line that falls to zero after now would be a lie, and so
 * would a solid line into a bucket that has just begun.
 */
export function chartPoints(
  metric: Metric,
  current: readonly SeriesPoint[],
  earlier: readonly (SeriesPoint | undefined)[] | undefined,
  format: BucketFormat,
  nowMs: number,
): ChartPoint[] {
  const unfinishedAt = current.findIndex((point) => point.start <= nowMs && nowMs < point.end);
  return current.map((point, at) => {
    const ahead = point.start > nowMs;
    const value = ahead ? null : metric.of(point.totals);
    const before = earlier?.[at];
    return {
      at,
      start: point.start,
      end: point.end,
      label: format.short(point.start),
      long: format.long(point.start, point.end),
      value,
      solid: at === unfinishedAt ? null : value,
      tail: at === unfinishedAt || (at === unfinishedAt - 1 && unfinishedAt > 0) ? value : null,
      unfinished: at === unfinishedAt,
      earlier: before ? metric.of(before.totals) : null,
      earlierLong: before && format.long(before.start, before.end),
    };
  });
}
