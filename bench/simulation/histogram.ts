const FINE_STEP = 0.01;
const FINE_BINS = 10_000;
const COARSE_BINS = 1_000_000;

/** Durations in seconds, counted in steps of 10 ms up to 100 s and of 1 s above. */
export interface Histogram {
  add(seconds: number): void;
  readonly count: number;
  /** Nearest rank, as the upper edge of its step; 0 when nothing was added. @param q from 0 to 1 */
  quantile(q: number): number;
  readonly max: number;
}

export function createHistogram(): Histogram {
  const fine = new Float64Array(FINE_BINS);
  const coarse = new Float64Array(COARSE_BINS);
  let count = 0;
  let max = 0;
  return {
    add(seconds) {
      count++;
      if (seconds > max) max = seconds;
      const bin = Math.floor(seconds / FINE_STEP);
      if (bin < FINE_BINS) fine[bin] = (fine[bin] ?? 0) + 1;
      else {
        const second = Math.min(COARSE_BINS - 1, Math.floor(seconds));
        coarse[second] = (coarse[second] ?? 0) + 1;
      }
    },
    get count() {
      return count;
    },
    get max() {
      return max;
    },
    quantile(q) {
      const rank = Math.max(1, Math.ceil(q * count));
      let seen = 0;
      for (let bin = 0; bin < FINE_BINS; bin++) {
        seen += fine[bin] ?? 0;
        if (seen >= rank) return (bin + 1) * FINE_STEP;
      }
      for (let second = 0; second < COARSE_BINS; second++) {
        seen += coarse[second] ?? 0;
        if (seen >= rank) return second + 1;
      }
      return 0;
    },
  };
}
