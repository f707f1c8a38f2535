/** A deviation that may be further from the true one than this, relative to it, is not called exact. */
const MOST_ERROR = 1e-6;

/**
 * Both engines find a standard deviation in one pass that keeps a running mean (Welford's method): nothing overflows or cancels as
 * with sums of squares, but every step is rounded to the size of the numbers, which are times in milliseconds as often as prices.
 * Answers the sentence that an answer must carry when the numbers lie so far from zero and so near each other that the result
 * may be wrong by more than a millionth. Not for a cell whose numbers are all equal: its deviation is 0, exactly.
 */
export function deviationNote(mean: number, deviation: number): string | undefined {
  if (Math.abs(mean) * Number.EPSILON <= MOST_ERROR * deviation) return undefined;
  return "standard_deviation may be off by more than a millionth of itself: the numbers are over four billion times further from zero than from each other.";
}
