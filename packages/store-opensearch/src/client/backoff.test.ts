import { expect, test } from "vitest";
import { backOff } from "./backoff.ts";

/** Whether it waits where the deadline leaves so many milliseconds, and the die shows so much. */
const waits = (attempt: number, random: number, left: number) =>
  backOff(attempt, 1_000 + left, { clock: { now: () => 1_000 }, random: () => random });

test.each([
  [0, 100],
  [1, 200],
  [2, 400],
  [5, 3_200],
  [6, 5_000],
  [60, 5_000],
])(
  "before attempt %d it waits up to %d ms, by chance, and not at all when the deadline would pass first",
  async (attempt, most) => {
    // Two milliseconds of them: the test waits for them, too.
    expect(await waits(attempt, 2 / most, 2.1)).toBe(true);
    expect(await waits(attempt, 2 / most, 1.9)).toBe(false);
    expect(await waits(attempt, 1, most)).toBe(false);
  },
);
