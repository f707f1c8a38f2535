import { randomBytes } from "node:crypto";
import type { Clock, RandomBytes } from "@millrace/core";

/** The machine's own clock: the default where a clock is passed in only by tests. */
export const systemClock: Clock = { now: () => Date.now() };

const POOL_BYTES = 4_096;
let pool = randomBytes(POOL_BYTES);
let used = 0;

/** The operating system's randomness, good enough for keys and salts. Drawn in blocks: ids need ten bytes per event. */
export const systemRandom: RandomBytes = (count) => {
  if (count > POOL_BYTES) return randomBytes(count);
  if (used + count > POOL_BYTES) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  const bytes = pool.subarray(used, used + count);
  used += count;
  return bytes;
};
