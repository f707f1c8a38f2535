import type { BucketFormat } from "../format/date.ts";
import { t } from "../language/words.ts";
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
  /** The part of the line between whole buckets. */
  readonly solid: number | null;
  /** The steps of the line from and into a bucket that is not whole. */
  readonly tail: number | null;
  /** Not whole yet: now lies in it. */
  readonly unfinished: boolean;
  /** Never whole: the range begins or ends within it. */
  readonly cut: boolean;
  readonly earlier: number | null;
  readonly earlierLong: string | undefined;
}

/** What {@link chartPoints} needs to know of the chart. */
export interface PointOptions {
  readonly format: BucketFormat;
  readonly nowMs: number;
  /** A bucket that is shorter than this was cut by an end of the range. */
  readonly wholeMs: number;
}

/**
 * Joins both periods by position; an earlier bucket that is missing was before anything was recorded. Buckets that lie ahead have no
 * value: a line that falls to zero after now would be a lie, and so would a solid line into a bucket that has just begun, or out of a
 * week of which the range holds two days.
 */
export function chartPoints(
  metric: Metric,
  current: readonly SeriesPoint[],
  earlier: readonly (SeriesPoint | undefined)[] | undefined,
  { format, nowMs, wholeMs }: PointOptions,
): ChartPoint[] {
  const whole = current.map(({ start, end }) => !(start <= nowMs && nowMs < end) && end - start >= wholeMs);
  return current.map((point, at) => {
    const value = point.start > nowMs ? null : metric.of(point.totals);
    const before = earlier?.[at];
    const beside = whole[at - 1] === false || whole[at + 1] === false;
    const unfinished = point.start <= nowMs && nowMs < point.end;
    return {
      at,
      start: point.start,
      end: point.end,
      label: format.short(point.start),
      long: format.long(point.start, point.end),
      value,
      solid: whole[at] ? value : null,
      tail: !whole[at] || beside ? value : null,
      unfinished,
      cut: !unfinished && point.end - point.start < wholeMs,
      earlier: before ? metric.of(before.totals) : null,
      earlierLong: before && format.long(before.start, before.end),
    };
  });
}

/** The values of a line in two: between whole buckets, and the steps from and into the one in which now lies, which go on growing. */
export function linePartsOf(
  values: readonly (number | null)[],
  buckets: readonly Pick<ChartPoint, "start" | "end">[],
  nowMs: number,
): { readonly solid: readonly (number | null)[]; readonly tail: readonly (number | null)[] } {
  const open = buckets.findIndex(({ start, end }) => start <= nowMs && nowMs < end);
  return {
    solid: values.map((value, at) => (at === open ? null : value)),
    tail: values.map((value, at) => (open >= 0 && Math.abs(at - open) <= 1 ? value : null)),
  };
}

/** Why a bucket is not to be compared with its neighbours, as a note behind its name. */
export function wholeness({ unfinished, cut }: Pick<ChartPoint, "unfinished" | "cut">): string {
  return unfinished ? ` ${t("(so far)")}` : cut ? ` ${t("(in part)")}` : "";
}
