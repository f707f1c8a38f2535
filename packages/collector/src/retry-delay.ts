import { RETRY_AFTER_MS, type RetryCause } from "@millrace/core";

/** Where the store has said nothing: the registry, the claims or the archive failed. */
export const UNSAID: RetryCause = "undecided";
/** The visibility time of a stage's queue: what a message waits whose process died. */
const MOST_MS = 360_000;
/** So a message waits half as long again as it has waited in all at most: what an outage costs beyond its end is in proportion to it. */
const GROWTH = 1.5;

/**
 * After how long a message comes back that failed at its `receiveCount`-th delivery, milliseconds: at first as long as its cause
 * lasts at least, half as long again each time, and six minutes in the end. Tries are limited, and a hundred of them must outlast
 * an outage of nine hours.
 */
export function retryDelayMs(receiveCount: number, cause: RetryCause = UNSAID): number {
  return Math.round(Math.min(RETRY_AFTER_MS[cause] * GROWTH ** Math.min(receiveCount - 1, 30), MOST_MS));
}

/** Of two causes the one that lasts longer; no cause is the shortest. */
export function longerOf(a: RetryCause | undefined, b: RetryCause | undefined): RetryCause | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return RETRY_AFTER_MS[a] >= RETRY_AFTER_MS[b] ? a : b;
}
