/** Numbers that look random and are the same for the same seed: a simulation that cannot be repeated explains nothing. */
export interface Random {
  /** From 0 to below 1. */
  uniform(): number;
  /** The gap to the next of independent arrivals that come at `rate` per second. */
  gap(rate: number): number;
  /** Around 1, with this standard deviation of its logarithm: durations have a long tail upwards. */
  factor(sigma: number): number;
}

/** The generator "sfc32": 128 bits of state, passes the usual batteries of tests. */
export function seededRandom(seed: number): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const uniform = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first numbers still look like the seed.
  for (let i = 0; i < 16; i++) uniform();
  return {
    uniform,
    gap: (rate) => -Math.log(1 - uniform()) / rate,
    factor: (sigma) => {
      if (sigma === 0) return 1;
      const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
      return Math.exp(sigma * normal);
    },
  };
}
