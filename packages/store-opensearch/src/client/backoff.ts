import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "@millrace/core";

const FIRST_MS = 100;
const MOST_MS = 5_000;

/**
 * Waits before another attempt: a random time up to a bound that doubles ("full jitter"), so that collectors that failed
 * together do not come back together. Answers false, without waiting, when the deadline would pass first.
 * @param attempt 0 before the second attempt
 */
export async function backOff(
  attempt: number,
  deadline: number,
  { clock, random }: { readonly clock: Clock; readonly random: () => number },
): Promise<boolean> {
  const wait = random() * Math.min(MOST_MS, FIRST_MS * 2 ** attempt);
  if (clock.now() + wait >= deadline) return false;
  await delay(wait);
  return true;
}
