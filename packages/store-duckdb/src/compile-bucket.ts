import type { TimeColumn } from "@millrace/core";
import { identifier } from "./schema.ts";
import { literal } from "./statement.ts";

/** Buckets that follow one another with one width. A shorter first or last bucket belongs to the run it touches. */
export interface Run {
  /** Where the run's first bucket would start if it were whole: at or before its first edge. */
  readonly origin: number;
  readonly width: number;
  /** Index of its first bucket. */
  readonly first: number;
  /** Where the run ends, exclusive. */
  readonly end: number;
}

/**
 * Decomposes bucket edges into runs of equal width: a year of days in a zone with summer time is five runs (winter, the day of
 * 23 hours, summer, the day of 25, winter). Inside a run the bucket is one division, whatever the zone.
 */
export function bucketRuns(edges: readonly number[]): Run[] {
  const runs: Run[] = [];
  let run: { origin: number; width: number; first: number; end: number; count: number; clipped: boolean } | undefined;
  for (let i = 0; i + 1 < edges.length; i++) {
    const start = edges[i] as number;
    const end = edges[i + 1] as number;
    const width = end - start;
    if (run && !run.clipped && run.count === 1 && width > run.width) {
      // The bucket before was a clipped one of this width: put its origin back where the whole bucket would begin.
      run = { ...run, origin: start - width, width, end, count: 2 };
      runs[runs.length - 1] = run;
    } else if (run && !run.clipped && width <= run.width) {
      run.end = end;
      run.count += 1;
      run.clipped = width < run.width;
    } else {
      run = { origin: start, width, first: i, end, count: 1, clipped: false };
      runs.push(run);
    }
  }
  return runs.map(({ origin, width, first, end }) => ({ origin, width, first, end }));
}

/**
 * The bucket's index as SQL over a column of times: a balanced tree of comparisons over the runs, so that months over centuries
 * cost a dozen comparisons a row, not thousands.
 */
export function bucketSql(edges: readonly number[], time: TimeColumn): string {
  return treeSql(bucketRuns(edges), identifier(time));
}

function treeSql(runs: readonly Run[], column: string): string {
  const [only] = runs;
  if (only === undefined) return "0";
  if (runs.length === 1) {
    const index = `(${column} - ${signed(only.origin)}) // ${literal(only.width)}`;
    return only.first === 0 ? index : `${literal(only.first)} + ${index}`;
  }
  const middle = runs.length >> 1;
  const before = runs.slice(0, middle);
  const border = before.at(-1)?.end ?? 0;
  return `CASE WHEN ${column} < ${signed(border)} THEN ${treeSql(before, column)} ELSE ${treeSql(runs.slice(middle), column)} END`;
}

/** Times before 1970 are negative: in brackets, so that a minus never meets a minus. */
function signed(value: number): string {
  return value < 0 ? `(${literal(value)})` : literal(value);
}
