import type { DurationCount } from "./execution.ts";

/** Neighbouring buckets differ by a twentieth, so that a percentile made of them is off by 2.5 % at most. */
const STEP = Math.log(1.05);
/** Faster than anybody looks at. */
const LEAST_MS = 0.1;

/**
 * Durations in steps of a twentieth: 0 for up to 0.1 ms. Counts of buckets can be added up, over time, over functions, and with runs that
 * stand for a hundred; percentiles cannot. Both stores answer the same so.
 */
export function durationBucket(ms: number): number {
  return ms <= LEAST_MS ? 0 : Math.ceil(Math.log(ms / LEAST_MS) / STEP);
}

/** The middle of a bucket, milliseconds. */
function durationOf(bucket: number): number {
  return bucket === 0 ? LEAST_MS : LEAST_MS * Math.exp((bucket - 0.5) * STEP);
}

export interface SpanSummary {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly failed: number;
  readonly cold: number;
  /** Milliseconds, to 2.5 %; null when there is no execution. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** Bytes; null when no execution says. */
  readonly maxMemory: number | null;
}

/** A summary for each span between two edges, those without executions too. */
export function summarizeSpans(edges: readonly number[], counts: readonly DurationCount[]): SpanSummary[] {
  const bySpan = Map.groupBy(counts, ({ span }) => span);
  return edges.slice(1).map((to, span) => ({ from: edges[span] ?? to, to, ...summarize(bySpan.get(span) ?? []) }));
}

/** One summary of all. */
export function summarize(counts: readonly DurationCount[]): Omit<SpanSummary, "from" | "to"> {
  const sum = (of: (each: DurationCount) => number) => counts.reduce((total, each) => total + of(each), 0);
  const count = sum((each) => each.count);
  const ascending = counts.toSorted((a, b) => a.bucket - b.bucket);
  const percentile = (share: number): number | null => {
    let before = 0;
    for (const each of ascending) {
      before += each.count;
      if (before >= share * count) return Math.round(durationOf(each.bucket) * 100) / 100;
    }
    return null;
  };
  return {
    count,
    failed: sum((each) => each.failed),
    cold: sum((each) => each.cold),
    p50: percentile(0.5),
    p95: percentile(0.95),
    p99: percentile(0.99),
    maxMemory: counts.reduce((most, { maxMemory }) => Math.max(most, maxMemory), 0) || null,
  };
}
