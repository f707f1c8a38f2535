/** How much a quantity may grow from the second quarter of a run to its last: by a factor, and by so much beside it. */
export interface Allowance {
  readonly growth: number;
  readonly slack: number;
}

export interface Trend {
  readonly before: number;
  readonly after: number;
  /** It did not grow by more than it may; false without enough samples, which prove nothing. */
  readonly holds: boolean;
}

const QUARTERS = 4;

/**
 * The median of the last quarter beside that of the second; the first is for warming up. A median, because a sort, a garbage
 * collection or a busy neighbour makes a peak and not a trend. What could not be measured (undefined) is left out: taken for zero
 * it would look like a quantity that never grows.
 */
export function trendOf(samples: readonly (number | undefined)[], { growth, slack }: Allowance): Trend {
  const known = samples.filter((sample) => sample !== undefined);
  const quarter = Math.floor(known.length / QUARTERS);
  const before = median(known.slice(quarter, 2 * quarter));
  const after = median(known.slice(known.length - quarter));
  return { before, after, holds: quarter > 0 && after <= before * growth + slack };
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;
}
