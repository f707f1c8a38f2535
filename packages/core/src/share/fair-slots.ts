import { MillraceError } from "../error.ts";

/** A fixed number of slots, shared by many in turn. */
export interface FairSlots {
  /**
   * Resolves with the function that gives the slot back.
   * @param sharer who asks, such as a project; undefined for work of the house, which may have any slot
   * @throws MillraceError `RateLimitExceeded` (429) when no slot came free within `waitMs`; the signal's reason when it fires first
   */
  acquire(sharer: string | undefined, options?: AcquireOptions): Promise<() => void>;
}

export interface AcquireOptions {
  readonly signal?: AbortSignal | undefined;
  /** Longest wait, milliseconds. Default: as long as it takes. */
  readonly waitMs?: number;
}

/** What a sharer owes for the time it held slots, at one moment. */
interface Owed {
  readonly ms: number;
  readonly at: number;
}

interface Waiting {
  readonly give: () => void;
}

/** Who has asked within this is there, and is to find the machine half free when it asks again, milliseconds. */
const THERE_MS = 10_000;

/** What a sharer may owe before it rests, milliseconds: a page of questions is less. */
const CREDIT_MS = 1_000;
/** So many others make a sharer's part smaller, no more: its next question must not wait for minutes. */
const MOST_OTHERS = 4;

/**
 * Slots that go round by sharer. Four rules keep a sharer with a thousand questions from being felt by one with a single one:
 * sharers that wait are served in turn, whatever each has in line; the last free slot goes only to one that holds none; and while
 * others are there, nobody holds more than half of the slots, and time is shared, too, since those who hold slots share processors:
 * whoever held slots for longer than a second more than its part of the time that went by (a fifth, beside four others) rests
 * until that has gone by. So with at least two slots, whoever asks for the first time waits for nobody but others who hold none
 * either, and beside half of the load at most.
 * @param now milliseconds that only go forward
 */
export function createFairSlots(count: number, now: () => number = () => performance.now()): FairSlots {
  let free = count;
  /** When each sharer asked last, the longest ago first. */
  const asked = new Map<string, number>();
  const owed = new Map<string, Owed>();
  const held = new Map<string | undefined, number>();
  const resting = new Map<string, NodeJS.Timeout>();
  /** In the order of their turns: who was served goes to the end. */
  const lines = new Map<string | undefined, Set<Waiting>>();

  const holds = (sharer: string | undefined) => held.get(sharer) ?? 0;
  const others = (sharer: string | undefined): number => {
    for (const [each, at] of asked) {
      if (now() - at <= THERE_MS) break;
      asked.delete(each);
    }
    return asked.size - (sharer !== undefined && asked.has(sharer) ? 1 : 0);
  };
  const isAlone = (sharer: string | undefined) => others(sharer) === 0;
  /** How fast it may use the time of one slot while others are there, of 1. */
  const partOf = (sharer: string) => 1 / (1 + Math.min(others(sharer), MOST_OTHERS));
  const owes = (sharer: string): number => {
    const { ms, at } = owed.get(sharer) ?? { ms: 0, at: 0 };
    return Math.max(0, ms - (now() - at) * partOf(sharer));
  };
  const rests = (sharer: string): boolean => owes(sharer) > CREDIT_MS && !isAlone(sharer);
  const mayTake = (sharer: string | undefined): boolean => {
    if (free === 0) return false;
    if (sharer === undefined) return true;
    if (rests(sharer)) return false;
    if (holds(sharer) === 0) return true;
    return free > 1 && (holds(sharer) + 1 <= count / 2 || isAlone(sharer));
  };
  const noteAsked = (sharer: string): void => {
    asked.delete(sharer);
    asked.set(sharer, now());
  };

  /** Looks again when the sharer may go on: it has paid, or the others are gone. */
  const wake = (sharer: string): void => {
    const wait = Math.min((owes(sharer) - CREDIT_MS) / partOf(sharer), THERE_MS);
    clearTimeout(resting.get(sharer));
    const over = (): void => {
      resting.delete(sharer);
      if (rests(sharer)) return wake(sharer);
      serve();
    };
    resting.set(sharer, setTimeout(over, Math.ceil(wait)).unref());
  };
  const charge = (sharer: string, heldMs: number): void => {
    // Alone it owes nobody anything.
    const ms = isAlone(sharer) ? 0 : owes(sharer) + heldMs;
    if (ms === 0) owed.delete(sharer);
    else owed.set(sharer, { ms, at: now() });
    if (rests(sharer)) wake(sharer);
  };
  const release = (sharer: string | undefined, heldMs: number): void => {
    free += 1;
    if (sharer !== undefined) charge(sharer, heldMs);
    if (holds(sharer) > 1) held.set(sharer, holds(sharer) - 1);
    else held.delete(sharer);
    serve();
  };
  const take = (sharer: string | undefined): (() => void) => {
    free -= 1;
    held.set(sharer, holds(sharer) + 1);
    const takenAt = now();
    let released = false;
    return () => {
      if (!released) release(sharer, now() - takenAt);
      released = true;
    };
  };
  const leave = (sharer: string | undefined, waiting: Waiting): void => {
    const line = lines.get(sharer);
    line?.delete(waiting);
    if (line?.size === 0) lines.delete(sharer);
  };
  const serve = (): void => {
    for (const [sharer, line] of lines) {
      const [next] = line;
      if (next === undefined || !mayTake(sharer)) continue;
      leave(sharer, next);
      if (lines.delete(sharer)) lines.set(sharer, line);
      next.give();
      return serve();
    }
  };

  return {
    acquire: async (sharer, { signal, waitMs } = {}) => {
      signal?.throwIfAborted();
      if (sharer !== undefined) noteAsked(sharer);
      if (mayTake(sharer) && !lines.has(sharer)) return take(sharer);
      return new Promise((resolve, reject) => {
        const done = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", abort);
        };
        const waiting = {
          give: () => {
            done();
            resolve(take(sharer));
          },
        };
        const giveUp = (reason: unknown): void => {
          done();
          leave(sharer, waiting);
          reject(reason as Error);
        };
        const abort = (): void => giveUp(signal?.reason);
        const timer = waitMs === undefined ? undefined : setTimeout(() => giveUp(tooBusy(waitMs)), waitMs);
        signal?.addEventListener("abort", abort, { once: true });
        const line = lines.get(sharer) ?? new Set();
        lines.set(sharer, line.add(waiting));
      });
    },
  };
}

function tooBusy(waitMs: number): MillraceError {
  return new MillraceError(
    "RateLimitExceeded",
    `Other questions of this project are still being answered: none of its turns came within ${waitMs} ms. Ask fewer at a time.`,
    { retryAfterSeconds: 5 },
  );
}
