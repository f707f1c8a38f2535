import { setImmediate as nextTurn } from "node:timers/promises";

/** Work of this length goes unnoticed by whoever waits for the thread, milliseconds. */
const STINT_MS = 5;

/**
 * Does `work` for each item in order, a few milliseconds at a time: between two stints the thread is for others. Work may wait itself.
 * @param onStint told how long each took, milliseconds
 */
export async function inStints<T>(
  items: Iterable<T>,
  work: (item: T) => void | Promise<void>,
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
    const more = work(item);
    if (more) await more;
  }
  onStint(now() - began);
}

/** As `map`, in stints. */
export async function mapInStints<T, R>(items: Iterable<T>, map: (item: T) => R): Promise<R[]> {
  const mapped: R[] = [];
  await inStints(items, (item) => void mapped.push(map(item)));
  return mapped;
}

/** So many are sorted at once: some five milliseconds. */
const RUN = 2_500;
/** So many are merged between two looks at the clock. */
const BLOCK = 500;

/** As `toSorted`, in stints: the same order, equal ones as they came. */
export async function sortInStints<T>(items: readonly T[], compare: (a: T, b: T) => number): Promise<T[]> {
  if (items.length <= RUN) return items.toSorted(compare);
  let runs = await mapInStints(slices(items, RUN), (run) => run.toSorted(compare));
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let at = 0; at < runs.length; at += 2) merged.push(await merge(runs[at] ?? [], runs[at + 1] ?? [], compare));
    runs = merged;
  }
  return runs[0] ?? [];
}

/** Parts of at most `size` items, in order. */
export function* slices<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

async function merge<T>(left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number): Promise<T[]> {
  const merged: T[] = [];
  let l = 0;
  let r = 0;
  const block = (size: number): void => {
    for (let n = 0; n < size; n++) {
      const fromLeft = r >= right.length || (l < left.length && compare(left[l] as T, right[r] as T) <= 0);
      merged.push((fromLeft ? left[l++] : right[r++]) as T);
    }
  };
  await inStints(blockSizes(left.length + right.length), block);
  return merged;
}

function* blockSizes(count: number): Generator<number> {
  for (let done = 0; done < count; done += BLOCK) yield Math.min(BLOCK, count - done);
}
