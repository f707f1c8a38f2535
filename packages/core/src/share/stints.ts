import { setImmediate as nextTurn } from "node:timers/promises";

/** Work of this length goes unnoticed by whoever waits for the thread, milliseconds. */
const STINT_MS = 5;

/**
 * Does `work` for each item in order, a few milliseconds at a time: between two stints the thread is for others.
 * @param onStint told how long each took, milliseconds
 */
export async function inStints<T>(
  items: Iterable<T>,
  work: (item: T) => void,
  onStint: (ms: number) => void = () => {},
  now: () => number = () => performance.now(),
): Promise<void> {
  let began = now();
  for (const item of items) {
    const ms = now() - began;
    if (ms > STINT_MS) {
      onStint(ms);
      await nextTurn();
      began = now();
    }
    work(item);
  }
  onStint(now() - began);
}
