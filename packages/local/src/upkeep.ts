import type { Deletions, Projects, Salts } from "@millrace/access";
import { RAW_MS, type Clock, type EventStore } from "@millrace/core";

/** Work that must be done ahead of time, such as tomorrow's salts: at start and every hour, as a schedule does it on AWS. */
export interface Upkeep {
  /** Stops the schedule and waits for a round that is running. */
  stop(): Promise<void>;
}

const EVERY_MS = 3_600_000;

/** Runs `work` now and every hour. A round that fails is reported and tried again in the next one. */
export function startUpkeep(work: () => Promise<void>, onError: (error: unknown) => void): Upkeep {
  const round = () => work().catch(onError);
  let running = round();
  const timer = setInterval(() => {
    running = running.then(round);
  }, EVERY_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

export interface UpkeepParts {
  readonly projects: Pick<Projects, "list">;
  readonly salts: Pick<Salts, "prepare" | "purge">;
  readonly store: Pick<EventStore, "prepare" | "forgetRaw">;
  readonly clock: Clock;
  readonly deletions: Pick<Deletions, "sweep">;
}

/**
 * One round: tomorrow's salts made and those that are over deleted, what the store must have ready for the months to come (a
 * server that runs for months makes them while they are ahead, or their events would all lie together for good), the events of
 * deletions that are not over yet, and the raw form of old rejections, which goes.
 */
export async function upkeepRound({ projects, salts, store, deletions, clock }: UpkeepParts): Promise<void> {
  const all = await projects.list();
  // First what does not need the store, which may be down.
  for (const project of all) {
    await salts.prepare(project);
    await salts.purge(project);
  }
  await store.prepare();
  await deletions.sweep(all.map(({ id }) => id));
  await store.forgetRaw(clock.now() - RAW_MS);
}
