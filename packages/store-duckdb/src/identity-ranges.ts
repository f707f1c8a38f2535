/** Identity times further apart than this are looked for separately. */
const GAP_MS = 600_000;
/** Each range is one more scan over the events' statistics. */
const MAX_RANGES = 8;

/**
 * Groups identity times into few narrow ranges (inclusive): an append looks for its ids only there, so one wild id (a clock in
 * 1970) costs a second short look-up, not a scan over everything between.
 */
export function identityRanges(times: readonly number[]): [from: number, to: number][] {
  const sorted = [...times].sort((a, b) => a - b);
  const gaps: { at: number; width: number }[] = [];
  for (let i = 1; i < sorted.length; i++) {
    const width = (sorted[i] as number) - (sorted[i - 1] as number);
    if (width > GAP_MS) gaps.push({ at: i, width });
  }
  const cuts = gaps
    .sort((a, b) => b.width - a.width)
    .slice(0, MAX_RANGES - 1)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  const bounds = [0, ...cuts, sorted.length];
  const ranges: [number, number][] = [];
  for (let i = 0; i + 1 < bounds.length; i++) {
    const from = sorted[bounds[i] as number];
    const to = sorted[(bounds[i + 1] as number) - 1];
    if (from !== undefined && to !== undefined) ranges.push([from, to]);
  }
  return ranges;
}
