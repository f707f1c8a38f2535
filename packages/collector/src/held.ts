import type { Clock, Queue, ReceivedMessage, RetryCause } from "@millrace/core";

/** Gives messages back to the queue, to come again after a delay. */
export type GiveBack = (ids: readonly string[], delayMs: number) => Promise<void>;

/** Gives messages of this batch back. It may be kept: of the batch it holds the receipts only. */
export function giveBackTo(queue: Pick<Queue, "nack">, batch: readonly ReceivedMessage[]): GiveBack {
  const receipts = new Map(batch.map(({ id, receipt }) => [id, receipt]));
  return (ids, delayMs) =>
    queue.nack(
      ids.flatMap((id) => receipts.get(id) ?? []),
      delayMs,
    );
}

/**
 * What this process has given back and is not there again yet, by why it failed. A message that comes through after it had failed
 * is the proof that its cause is over; then the others that wait for the same cause need not wait out their delays, which grow with
 * the outage. Only such a message proves it: what merely succeeds may have nothing to do with a cause that others suffer from, and
 * each delivery uses up one of a message's tries.
 */
export interface Held {
  note(ids: readonly string[], why: RetryCause, delayMs: number, giveBack: GiveBack): void;
  /**
   * These are done: what waits for a cause of which one of them had failed is given back at once. Never rejects.
   * @param lasting causes of which something failed in the same call: a store that takes the half of what it is sent is not well
   */
  through(ids: readonly string[], lasting: ReadonlySet<RetryCause>): Promise<void>;
}

interface Waiting {
  readonly cause: RetryCause;
  /** Milliseconds UTC. */
  readonly until: number;
  readonly giveBack: GiveBack;
}

/** Beyond so many the oldest are forgotten, and come when their delay is over. SQS is called for ten at a time. */
const MOST = 1_000;
/** What comes so soon need not be called. */
const SOON_MS = 1_000;

export function createHeld(clock: Clock): Held {
  /** In the order noted. */
  const waiting = new Map<string, Waiting>();

  return {
    note(ids, cause, delayMs, giveBack) {
      const until = clock.now() + delayMs;
      for (const id of ids) {
        waiting.delete(id);
        waiting.set(id, { cause, until, giveBack });
      }
      for (const id of waiting.keys()) {
        if (waiting.size <= MOST) break;
        waiting.delete(id);
      }
    },
    async through(ids, lasting) {
      const over = new Set(ids.map((id) => waiting.get(id)?.cause));
      for (const id of ids) waiting.delete(id);
      const now = clock.now();
      const called = [...waiting].filter(
        ([, { cause, until }]) => over.has(cause) && !lasting.has(cause) && until > now + SOON_MS,
      );
      for (const [id, its] of called) waiting.set(id, { ...its, until: now });
      const byBatch = Map.groupBy(called, ([, { giveBack }]) => giveBack);
      const given = [...byBatch].map(([giveBack, its]) =>
        giveBack(
          its.map(([id]) => id),
          0,
        ),
      );
      await Promise.all(given).catch(() => {});
    },
  };
}
