import { randomBytes } from "node:crypto";
import type { Clock, RandomBytes } from "@millrace/core";

/** The machine's own clock: the default where a clock is passed in only by tests. */
export const systemClock: Clock = { now: () => Date.now() };

/** The operating system's randomness, good enough for keys and salts. */
export const systemRandom: RandomBytes = (count) => randomBytes(count);
