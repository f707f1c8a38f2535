import type { MetricPlan, TimeRange } from "@millrace/core";

/** A piece of a question's time that is counted by itself, and the bucket of the answer that it lies in. */
export interface Span extends TimeRange {
  readonly bucket: number;
  /** About a day: others will ask for the same one. What is shorter is an end that moves with the clock. */
  readonly isWhole: boolean;
}

const DAY_MS = 86_400_000;
/** A day is an hour shorter when the clocks go forward. */
const WHOLE_MS = 20 * 3_600_000;
/** Of fewer days nothing is gained, and of more the parts would be more work than the whole. */
const FEWEST_DAYS = 2;
const MOST_SPANS = 400;

/**
 * A question's time in days, from its beginning or from that of each bucket: both are midnight where somebody chose days, so that the
 * days of a chart are those of its cards, and those of tomorrow's chart. Undefined where it does not come apart that way.
 */
export function spansOf({ range, edges = [] }: Pick<MetricPlan, "range" | "edges">): readonly Span[] | undefined {
  if (!range || range.end - range.start < FEWEST_DAYS * DAY_MS) return undefined;
  const borders = edges.length > 0 ? edges : [range.start, range.end];
  if (borders[0] !== range.start || borders.at(-1) !== range.end) return undefined;
  if ((range.end - range.start) / DAY_MS + borders.length > MOST_SPANS) return undefined;
  const spans = borders.slice(1).flatMap((end, bucket) => daysOf(borders[bucket] ?? end, end, bucket));
  const short = spans.filter(({ isWhole }) => !isWhole).length;
  return short * 2 > spans.length ? undefined : spans;
}

function daysOf(from: number, to: number, bucket: number): Span[] {
  const days: Span[] = [];
  for (let start = from; start < to; start += DAY_MS) {
    const end = Math.min(start + DAY_MS, to);
    days.push({ start, end, bucket, isWhole: end - start >= WHOLE_MS });
  }
  return days;
}

/** Those that follow one another, as one reading finds them. */
export function runsOf(spans: readonly Span[]): Span[][] {
  const runs: Span[][] = [];
  for (const span of spans) {
    const run = runs.at(-1);
    if (run?.at(-1)?.end === span.start) run.push(span);
    else runs.push([span]);
  }
  return runs;
}
