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

export interface SaltUpkeep {
  readonly projects: Pick<Projects, "list">;
  readonly salts: Pick<Salts, "prepare" | "purge">;
}

/** Tomorrow's salts are made, and those that are over deleted. Needs no store, which may be away. */
export async function keepSalts({ projects, salts }: SaltUpkeep): Promise<void> {
  for (const project of await projects.list()) {
    await salts.prepare(project);
    await salts.purge(project);
  }
}

export interface StoreUpkeep {
  readonly projects: Pick<Projects, "list">;
  readonly store: Pick<EventStore, "prepare" | "forgetRaw">;
  readonly clock: Clock;
  readonly deletions: Pick<Deletions, "sweep">;
}

/**
 * What the store must have ready for the months to come (a server that runs for months makes them while they are ahead, or their
 * events would all lie together for good), the events of deletions that are not over yet, and the raw form of old rejections,
 * which goes.
 */
export async function keepStore({ projects, store, deletions, clock }: StoreUpkeep): Promise<void> {
  await store.prepare();
  await deletions.sweep((await projects.list()).map(({ id }) => id));
  await store.forgetRaw(clock.now() - RAW_MS);
}
