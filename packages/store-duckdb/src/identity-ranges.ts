/** Identity times further apart than this are looked for separately. */
const GAP_MS = 600_000;
/** Each range is one more scan over the events' statistics. */
const MAX_RANGES = 8;

/** Where the identity times of an append lie. */
export interface IdentityTimes {
  /** Few narrow ranges, inclusive, where most of them are. */
  readonly ranges: readonly (readonly [from: number, to: number])[];
  /** The others, one by one. */
  readonly strays: readonly number[];
}

/**
 * Groups identity times so that an append looks for its ids only there: one wild id (a clock in 1970) costs a second short look-up,
 * not a scan over everything between. A range never spans a gap: ids that somebody has strewn over fifty years are looked for one
 * by one, or each commit would go through the whole table.
 */
export function identityTimes(times: readonly number[]): IdentityTimes {
  const clusters: number[][] = [];
  for (const time of [...times].sort((a, b) => a - b)) {
    const last = clusters.at(-1);
    const before = last?.at(-1) ?? Number.NEGATIVE_INFINITY;
    if (time - before <= GAP_MS) last?.push(time);
    else clusters.push([time]);
  }
  // The fullest ones: what ordinary senders bring at a time lies together.
  const kept = new Set(clusters.toSorted((a, b) => b.length - a.length).slice(0, MAX_RANGES));
  return {
    ranges: clusters.filter((cluster) => kept.has(cluster)).map((cluster) => [cluster[0] ?? 0, cluster.at(-1) ?? 0]),
    strays: [...new Set(clusters.filter((cluster) => !kept.has(cluster)).flat())],
  };
}
