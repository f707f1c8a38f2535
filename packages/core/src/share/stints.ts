import { AsyncLocalStorage } from "node:async_hooks";
import { isTurnUsed, lineHere, nextTurn, STINT_MS, useTurn } from "./turns.ts";

/** Told how long a stint took, milliseconds. */
type Charge = (ms: number) => void;

const payer = new AsyncLocalStorage<Charge>();

/** Does work of which every stint is told to `charge`, wherever within it stints are done: the thread's time has somebody who pays. */
export function atExpenseOf<T>(charge: Charge, work: () => T): T {
  return payer.run(charge, work);
}

interface StintOptions {
  /** Told how long each took, milliseconds. */
  readonly onStint?: Charge;
  /** Milliseconds that only go forward. */
  readonly now?: () => number;
  /** Others cannot go on before this is done, such as what holds the only writer: it has the next turns, not its place in the line. */
  readonly isAwaited?: boolean;
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
    if (isWhole) {
      charge?.(ms);
      useTurn(ms);
    }
    isWhole = true;
  };
  const line = isAwaited ? "awaited" : lineHere();
  if (isTurnUsed(line)) await nextTurn(line);
  let began = now();
  for (const item of items) {
    const ms = now() - began;
    if (ms > STINT_MS) {
      tell(ms);
      await nextTurn(line);
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

/** Reading or writing so many characters is about a stint. */
const MANY_CHARACTERS = 100_000;

/** Does work that cannot be divided: in a turn of its own, when its turn has come, where it is on many characters. */
export async function inOneTurn<T>(characters: number, work: () => T): Promise<T> {
  if (characters < MANY_CHARACTERS) return work();
  const line = lineHere();
  if (line === "behind") await nextTurn(line);
  let result: T | undefined;
  await inStints([work], () => void (result = work()));
  return result as T;
}

/** A text as UTF-8, in stints. */
export async function utf8InStints(text: string): Promise<Buffer<ArrayBuffer>> {
  if (text.length < MANY_CHARACTERS) return Buffer.from(text);
  return Buffer.concat(await mapInStints(textPieces(text), (piece) => Buffer.from(piece)));
}

/** No piece ends between the two halves of a character. */
function* textPieces(text: string): Generator<string> {
  for (let at = 0, end; at < text.length; at = end) {
    end = at + MANY_CHARACTERS;
    if (isHighSurrogate(text.charCodeAt(end - 1))) end += 1;
    yield text.slice(at, end);
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
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
