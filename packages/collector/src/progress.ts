import type { Clock, Registry } from "@millrace/core";

/**
 * How far the collectors have come, for the ledger: SQS does not tell how old its oldest message is, and CloudWatch's figure leaves
 * out just those that were received three times and more.
 */
export interface Progress {
  /** Notes messages of a call by when they were received. Writes it down at times, in nobody's way. */
  saw(receivedAt: Iterable<number>): void;
  /** Notes those that will come back. */
  left(receivedAt: Iterable<number>): void;
}

/** What one collector's process writes. */
interface Note {
  /** Milliseconds UTC. */
  readonly at: number;
  /** The oldest receipt among what it works on, and what it gave back and nobody may have finished yet. */
  readonly oldest: number;
}

const NOTES = "progress";
const WRITE_MS = 10_000;
/** What was given back is seen again after six minutes at the latest, by whoever works on it then. */
const BACK_MS = 400_000;
/** What is behind the messages seen now may be a little older: a queue keeps its order only roughly. */
const SEEN_MS = 60_000;
/** Longer than what was given back may be out of sight. */
const KEEP_MS = 15 * 60_000;

/** Notes in the registry, one item for each process, written every ten seconds at most. */
export function createProgress(deps: { registry: Registry; clock: Clock; instance: string }): Progress {
  const { registry, clock, instance } = deps;
  /** Receipts with the time until which they count. */
  let open: { readonly receivedAt: number; readonly until: number }[] = [];
  let writtenAt = -Infinity;

  function note(times: Iterable<number>, keepMs: number): void {
    const oldest = Math.min(...times);
    if (!Number.isFinite(oldest)) return;
    const now = clock.now();
    open = open.filter(({ until }) => until > now);
    open.push({ receivedAt: oldest, until: now + keepMs });
    if (now - writtenAt < WRITE_MS) return;
    writtenAt = now;
    const value: Note = { at: now, oldest: Math.min(...open.map(({ receivedAt }) => receivedAt)) };
    const key = { partition: NOTES, sort: instance };
    void registry.put<Note>(key, value, { expiresAt: now + KEEP_MS }).catch(() => {});
  }

  return {
    saw: (receivedAt) => note(receivedAt, SEEN_MS),
    left: (receivedAt) => note(receivedAt, BACK_MS),
  };
}

/**
 * The instant before which nothing is on its way any more, milliseconds UTC; `undefined` when messages wait and no collector has said
 * anything for a quarter of an hour: then nobody knows.
 * @param waiting messages in the queue, those that somebody works on or that come back later included
 */
export async function settledUntil(registry: Registry, now: number, waiting: number): Promise<number | undefined> {
  const notes = (await registry.list<Note>(NOTES)).map(({ value }) => value);
  if (waiting === 0) return now;
  if (notes.length === 0) return undefined;
  return Math.min(...notes.map(({ oldest }) => oldest));
}
