import { monthName, monthStart, type TimeRange } from "@millrace/core";

/** The events whose names share a budget: those of one identity month, or all that have no month of their own. */
export type Bucket = number | "apart";

/**
 * Months back for which late events still use the budget of their own month. A page that stayed open for half a year brings the
 * names its month knows already.
 */
const WINDOW = 12;

/**
 * The bucket of an identity month. It must follow the indexes: a month may only have a bucket if it has an index, or the fields of
 * many buckets would meet in the index of the rest. So it begins with the first month of the installation.
 * @param current the month it is now
 * @param since the month the first name was admitted in
 */
export function bucketOf(identity: number, current: number, since: number): Bucket {
  return identity >= Math.max(since, current - WINDOW) && identity <= current + 1 ? identity : "apart";
}

/** The bucket whose names have room kept for them in this one. */
export function bucketBefore(bucket: Bucket): Bucket | undefined {
  return bucket === "apart" ? undefined : bucket - 1;
}

/**
 * True when what was known of a bucket is of no use now: it was read before its month began, when the month before still got names.
 * @param readIn the month it was read in
 */
export function isOutdated(bucket: Bucket, readIn: number, current: number): boolean {
  return bucket !== "apart" && readIn < bucket && current >= bucket;
}

export function bucketName(bucket: Bucket): string {
  return bucket === "apart" ? bucket : monthName(bucket);
}

/** When nothing is admitted into a bucket any more. Undefined: never. Milliseconds UTC. */
export function bucketEnd(bucket: Bucket): number | undefined {
  return bucket === "apart" ? undefined : monthStart(bucket + WINDOW + 1);
}

/** Months of timestamps, the last excluded. Null: open on that side. */
export type Span = readonly [from: number | null, until: number | null];

/** The span that stands for a timestamp's month: itself, or all that is long ago or far ahead, so that there are only few. */
export function spanOf(timestamp: number, current: number): Span {
  if (timestamp < current - WINDOW) return [null, current - WINDOW];
  return timestamp > current + 1 ? [current + 2, null] : [timestamp, timestamp + 1];
}

export function spanRange([from, until]: Span): TimeRange {
  return {
    start: from === null ? Number.NEGATIVE_INFINITY : monthStart(from),
    end: until === null ? Number.POSITIVE_INFINITY : monthStart(until),
  };
}

/** For people: `202611`, `before 202511`, `from 202701`. */
export function spanName([from, until]: Span): string {
  if (from === null) return until === null ? "always" : `before ${monthName(until)}`;
  return until === null ? `from ${monthName(from)}` : monthName(from);
}
