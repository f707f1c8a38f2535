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

interface Asked {
  readonly sharer: string;
  readonly at: number;
}

interface Waiting {
  readonly give: () => void;
}

/** Who has asked within this is there, and is to find the machine half free when it asks again, milliseconds. */
const THERE_MS = 10_000;

/** Questions of a page take less: who asks no longer ones never rests, milliseconds. */
const LONG_MS = 250;
const LONGEST_REST_MS = 5_000;

/**
 * Slots that go round by sharer. Four rules keep a sharer with a thousand questions from being felt by one with a single one:
 * sharers that wait are served in turn, whatever each has in line; the last free slot goes only to one that holds none; and while
 * others are there, nobody holds more than half of the slots, and after a long one rests as long as it took, since those who hold
 * slots share processors, too. So with at least two slots, whoever asks for the first time waits for nobody but others who hold none either, and beside half of the load at most.
 * @param now milliseconds that only go forward
 */
export function createFairSlots(count: number, now: () => number = () => performance.now()): FairSlots {
  let free = count;
  /** Whoever asked last, and the last one who was somebody else. */
  let last: Asked | undefined;
  let other: Asked | undefined;
  const held = new Map<string | undefined, number>();
  const resting = new Map<string | undefined, NodeJS.Timeout>();
  /** In the order of their turns: who was served goes to the end. */
  const lines = new Map<string | undefined, Set<Waiting>>();

  const holds = (sharer: string | undefined) => held.get(sharer) ?? 0;
  const isAlone = (sharer: string | undefined): boolean => {
    const asked = last?.sharer === sharer ? other : last;
    return asked === undefined || now() - asked.at > THERE_MS;
  };
  const mayTake = (sharer: string | undefined): boolean => {
    if (free === 0 || (resting.has(sharer) && !isAlone(sharer))) return false;
    if (sharer === undefined || holds(sharer) === 0) return true;
    return free > 1 && (holds(sharer) + 1 <= count / 2 || isAlone(sharer));
  };
  const noteAsked = (sharer: string): void => {
    if (last?.sharer !== sharer) other = last;
    last = { sharer, at: now() };
  };

  const rest = (sharer: string | undefined, forMs: number): void => {
    clearTimeout(resting.get(sharer));
    const over = (): void => {
      resting.delete(sharer);
      serve();
    };
    resting.set(sharer, setTimeout(over, Math.min(forMs, LONGEST_REST_MS)).unref());
  };
  const release = (sharer: string | undefined, heldMs: number): void => {
    free += 1;
    if (sharer !== undefined && heldMs > LONG_MS && !isAlone(sharer)) rest(sharer, heldMs);
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
