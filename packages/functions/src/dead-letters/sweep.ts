import type { Clock, Queue, ReceivedMessage } from "@millrace/core";
import { countLetter, type LetterCount } from "./letter.ts";

export interface SweepParts {
  /** The dead-letter queue itself. */
  readonly queue: Pick<Queue, "receive" | "ack" | "nack">;
  readonly clock: Clock;
  /** Told of each letter. Answers the ids of those that are kept elsewhere now and leave the queue. Default: none leaves. */
  readonly visit?: (letters: readonly ReceivedMessage[]) => Promise<readonly string[]>;
  /** How long a receive waits for a letter, milliseconds. Default one second. */
  readonly waitMs?: number;
}

/** What lies in the dead-letter queue. */
export interface Sweep {
  readonly letters: number;
  /** One for each letter. */
  readonly counts: readonly LetterCount[];
  /** False when the time was over before the end: there are more. */
  readonly complete: boolean;
}

/** Long enough that no letter comes twice in one sweep, and short enough that nobody misses letters after a crash of ours. */
const HIDDEN_MS = 120_000;
const RECEIVE_MAX = 10;
/** A receive that waits asks all of SQS's servers; one that does not may find nothing although something is there. */
const WAIT_MS = 1_000;

/**
 * Reads every dead letter once and gives it back: SQS cannot be asked what is in a queue. Letters are hidden from others
 * meanwhile, seconds at most for those few that there should be.
 * @param deadline milliseconds UTC, after which no further letters are read
 * @throws MillraceError `ServiceUnavailable` when the queue cannot be read; what was read is given back all the same
 */
export async function sweep(parts: SweepParts, deadline: number): Promise<Sweep> {
  const { queue, clock, visit, waitMs = WAIT_MS } = parts;
  const counts = new Map<string, LetterCount>();
  const held = new Map<string, string>();
  let complete = false;
  try {
    while (!complete && clock.now() < deadline) {
      const letters = await queue.receive({ max: RECEIVE_MAX, visibilityMs: HIDDEN_MS, waitMs });
      for (const { id, receipt } of letters) held.set(id, receipt);
      const leaving = new Set(await visit?.(letters));
      await queue.ack(letters.filter(({ id }) => leaving.has(id)).map(({ receipt }) => receipt));
      for (const letter of letters) {
        if (leaving.has(letter.id)) held.delete(letter.id);
        else counts.set(letter.id, countLetter(letter));
      }
      complete = letters.length === 0;
    }
  } finally {
    await queue.nack([...held.values()], 0);
  }
  return { letters: counts.size, counts: [...counts.values()], complete };
}
