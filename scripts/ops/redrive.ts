import type { Queue } from "@millrace/core";

export interface Redriven {
  readonly letters: number;
  /** 0 in a dry run. */
  readonly moved: number;
}

/** Longer than a look at all of them takes, so that none is met twice; what a look leaves is given back at its end. */
const HIDDEN_MS = 120_000;
const AT_ONCE = 10;
const WAIT_MS = 1_000;

/**
 * Puts dead letters of SQS back, as they are: each is sent first and deleted then, so that a crash in between leaves it twice, which
 * stores its events once.
 * @param options.project only this one's
 * @param options.move false: they are counted, and stay
 */
export async function redriveLetters(
  { events, dead }: { readonly events: Pick<Queue, "send">; readonly dead: Pick<Queue, "receive" | "ack" | "nack"> },
  { project, move, progress }: { project?: string | undefined; move: boolean; progress: (sofar: Redriven) => void },
): Promise<Redriven> {
  const kept: string[] = [];
  let sofar: Redriven = { letters: 0, moved: 0 };
  try {
    for (;;) {
      const letters = await dead.receive({ max: AT_ONCE, visibilityMs: HIDDEN_MS, waitMs: WAIT_MS });
      if (letters.length === 0) return sofar;
      const meant = letters.filter(({ group }) => project === undefined || group === project);
      const moving = move ? meant : [];
      kept.push(...letters.filter((letter) => !moving.includes(letter)).map(({ receipt }) => receipt));
      for (const { body, group } of moving)
        await events.send({ body, group, accepted: { receivedAt: Date.now(), events: 0 } });
      await dead.ack(moving.map(({ receipt }) => receipt));
      sofar = { letters: sofar.letters + meant.length, moved: sofar.moved + moving.length };
      progress(sofar);
    }
  } finally {
    await dead.nack(kept, 0);
  }
}
