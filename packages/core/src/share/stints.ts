import { AsyncLocalStorage } from "node:async_hooks";

/** Told how long a stint took, milliseconds. */
type Charge = (ms: number) => void;

const payer = new AsyncLocalStorage<Charge>();

/** Does work of which every stint is told to `charge`, wherever within it stints are done: the thread's time has somebody who pays. */
export function atExpenseOf<T>(charge: Charge, work: () => T): T {
  return payer.run(charge, work);
}

/**
 * Work of this length goes unnoticed by whoever waits for the thread, milliseconds. An answer needs some ten turns of the event loop (its
 * request, its statement, its rows), and each may be longer by this.
 */
const STINT_MS = 2;

/** Long works that wait to go on, in the order they came. */
const waiting: (() => void)[] = [];

interface StintOptions {
  /** Told how long each took, milliseconds. */
  readonly onStint?: Charge;
  /** Milliseconds that only go forward. */
  readonly now?: () => number;
  /** Others cannot go on before this is done, such as what holds the only writer: it has the next turns, not its place in the line. */
  readonly isAwaited?: boolean;
}

/**
 * Resolves in a turn of the event loop of which no other long work has a part: if all that wait went on in the same one, a turn would be
 * as long as they are many, and a small answer, which is several turns, would wait for all of them each time.
 */
function nextTurn(isAwaited: boolean): Promise<void> {
  return new Promise((resolve) => {
    const count = isAwaited ? waiting.unshift(resolve) : waiting.push(resolve);
    if (count === 1) setImmediate(serve);
  });
}

function serve(): void {
  waiting.shift()?.();
  // From within a turn this is the next one: whatever has come meanwhile is before it.
  if (waiting.length > 0) setImmediate(serve);
}

/**
 * Does `work` for each item in order, a few milliseconds at a time: between two stints the thread is for others, and of all that is
 * done in stints one goes on at a time. Work may wait itself.
 */
export async function inStints<T>(
  items: Iterable<T>,
  work: (item: T) => void | Promise<void>,
  { onStint = () => {}, now = () => performance.now(), isAwaited = false }: StintOptions = {},
): Promise<void> {
  const charge = payer.getStore();
  /** Nothing was waited for: what was is no time of the thread, or tells its own stints. */
  let isWhole = true;
  const tell = (ms: number): void => {
    onStint(ms);
    if (isWhole) charge?.(ms);
    isWhole = true;
  };
  let began = now();
  for (const item of items) {
    const ms = now() - began;
    if (ms > STINT_MS) {
      tell(ms);
      await nextTurn(isAwaited);
      began = now();
    }
    const more = work(item);
    if (more) {
      await more;
      isWhole = false;
    }
  }
  tell(now() - began);
}

/** As `map`, in stints. */
export async function mapInStints<T, R>(items: Iterable<T>, map: (item: T) => R): Promise<R[]> {
  const mapped: R[] = [];
  await inStints(items, (item) => void mapped.push(map(item)));
  return mapped;
}

/** So many are sorted at once: some two milliseconds. */
const RUN = 1_000;
/** So many are merged between two looks at the clock. */
const BLOCK = 250;

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
