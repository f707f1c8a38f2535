import { MillraceError } from "../error.ts";
import { createTimeShares, type TimeShares } from "./time-shares.ts";

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

interface Waiting {
  readonly give: () => void;
}

/**
 * Slots that go round by sharer. Four rules keep a sharer with a thousand questions from being felt by one with a single one:
 * sharers that wait are served in turn, whatever each has in line; the last free slot goes only to one that holds none; and while
 * others are there, nobody holds more than half of the slots, and time is shared, too, since those who hold slots share processors:
 * whoever used more of it than its part rests (see time-shares.ts). So with at least two slots, whoever asks for the first time waits
 * for nobody but others who hold none either, and beside half of the load at most.
 * @param time the account of who used how much. Default: one for these slots alone
 */
export function createFairSlots(count: number, time: TimeShares = createTimeShares()): FairSlots {
  let free = count;
  const held = new Map<string | undefined, number>();
  /** Timers of those in line that rest. */
  const resting = new Map<string, NodeJS.Timeout>();
  /** In the order of their turns: who was served goes to the end. */
  const lines = new Map<string | undefined, Set<Waiting>>();

  const holds = (sharer: string | undefined) => held.get(sharer) ?? 0;
  const mayTake = (sharer: string | undefined): boolean => {
    if (free === 0) return false;
    if (sharer === undefined) return true;
    if (time.restMs(sharer) > 0) return false;
    if (holds(sharer) === 0) return true;
    return free > 1 && (holds(sharer) + 1 <= count / 2 || time.isAlone(sharer));
  };
  /** Looks again when a sharer that rests may go on: it has paid, or the others are gone. */
  const wakeLater = (sharer: string | undefined): void => {
    const restMs = sharer === undefined ? 0 : time.restMs(sharer);
    if (sharer === undefined || restMs === 0 || resting.has(sharer)) return;
    const over = (): void => {
      resting.delete(sharer);
      serve();
    };
    resting.set(sharer, setTimeout(over, restMs).unref());
  };
  const release = (sharer: string | undefined, heldMs: number): void => {
    free += 1;
    if (sharer !== undefined) time.charge(sharer, heldMs);
    if (holds(sharer) > 1) held.set(sharer, holds(sharer) - 1);
    else held.delete(sharer);
    serve();
  };
  const take = (sharer: string | undefined): (() => void) => {
    free -= 1;
    held.set(sharer, holds(sharer) + 1);
    const takenAt = time.now();
    let released = false;
    return () => {
      if (!released) release(sharer, time.now() - takenAt);
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
      if (next === undefined || !mayTake(sharer)) {
        wakeLater(sharer);
        continue;
      }
      leave(sharer, next);
      if (lines.delete(sharer)) lines.set(sharer, line);
      next.give();
      return serve();
    }
  };

  return {
    acquire: async (sharer, { signal, waitMs } = {}) => {
      signal?.throwIfAborted();
      if (sharer !== undefined) time.note(sharer);
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
        wakeLater(sharer);
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
