import type { TimeColumn } from "@millrace/core";

/** Buckets that follow one another with one width. A shorter first or last bucket belongs to the run it touches. */
export interface Run {
  /** Where the run's first bucket would start if it were whole: at or before its first edge. */
  readonly origin: number;
  readonly width: number;
  /** Index of its first bucket, and how many it has. */
  readonly first: number;
  readonly count: number;
  /** What the run covers: start inclusive, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** A run while it is found; a shorter bucket ends it. */
interface OpenRun extends Run {
  readonly closed: boolean;
}

/**
 * Decomposes bucket edges into runs of equal width: a year of days in a zone with summer time is five (winter, the day of 23
 * hours, summer, the day of 25, winter). Inside a run a bucket is one division of the time, which the engine can group by
 * without knowing the zone.
 */
export function bucketRuns(edges: readonly number[]): Run[] {
  const runs: OpenRun[] = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    const start = edges[i] as number;
    const end = edges[i + 1] as number;
    const width = end - start;
    const last = runs.at(-1);
    if (last && !last.closed && width <= last.width) {
      runs[runs.length - 1] = { ...last, end, count: last.count + 1, closed: width < last.width };
    } else if (last && !last.closed && last.count === 1) {
      // The bucket before was a clipped one of this width: its origin is where the whole one would begin.
      runs[runs.length - 1] = { ...last, origin: start - width, width, end, count: 2 };
    } else {
      runs.push({ origin: start, width, first: i, count: 1, start, end, closed: false });
    }
  }
  return runs;
}

/** The source of a composite aggregation that groups by the buckets of a run. */
export function runSource({ origin, width }: Run, time: TimeColumn): object {
  const offset = ((origin % width) + width) % width;
  return { date_histogram: { field: time, fixed_interval: `${width}ms`, offset: `${offset}ms` } };
}

/** The index of the bucket that the engine names by its start. */
export function bucketIndex({ origin, width, first }: Run, key: number): number {
  return first + Math.round((key - origin) / width);
}

/** The `range` aggregation over all edges. Each range names both its ends: the last one too, for `to` is exclusive. */
export function rangesOf(edges: readonly number[], time: TimeColumn): object {
  const ranges = edges.slice(1).map((to, i) => ({ key: String(i), from: edges[i], to }));
  return { field: time, ranges };
}
