const FIRST_MS = 5_000;
/** The visibility time of a stage's queue: what a message waits whose process died. */
const MOST_MS = 360_000;

/**
 * After how long a message comes back that failed at its `receiveCount`-th delivery, milliseconds: seconds at first, since most faults
 * are over by then, and six minutes in the end. Tries are limited, and a hundred of them must outlast an outage of nine hours.
 */
export function retryDelayMs(receiveCount: number): number {
  return Math.min(FIRST_MS * 2 ** Math.min(receiveCount - 1, 20), MOST_MS);
}
