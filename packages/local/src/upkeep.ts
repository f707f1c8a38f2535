import type { Deletions, Projects, Salts } from "@millrace/access";
import { RAW_MS, type Clock, type EventStore } from "@millrace/core";
import { refreshAnswers, sendDue, type RefreshDeps, type SendingDeps } from "@millrace/query";

/** Work that must be done ahead of time, such as tomorrow's salts: at start and then regularly, as a schedule does it on AWS. */
export interface Upkeep {
  /** A round besides, after the one that is running. */
  soon(): void;
  /** Stops the schedule and waits for a round that is running. */
  stop(): Promise<void>;
}

export interface UpkeepOptions {
  readonly onError: (error: unknown) => void;
  /** Milliseconds. Default an hour. */
  readonly everyMs?: number;
}

/**
 * Runs `work` now and every so often. A round that fails is reported and tried again in the next one.
 * @param work told by its signal that the server stops
 */
export function startUpkeep(
  work: (signal: AbortSignal) => Promise<void>,
  { onError, everyMs = 3_600_000 }: UpkeepOptions,
): Upkeep {
  const stopping = new AbortController();
  const { signal } = stopping;
  const round = async (): Promise<void> => {
    if (!signal.aborted) await work(signal).catch(onError);
  };
  let running = round();
  const soon = () => {
    running = running.then(round);
  };
  const timer = setInterval(soon, everyMs);
  timer.unref();
  return {
    soon,
    async stop() {
      clearInterval(timer);
      stopping.abort();
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

export interface OftenUpkeep extends RefreshDeps, SendingDeps {
  readonly projects: Pick<Projects, "list">;
  readonly deletions: Pick<Deletions, "sweepOpen">;
}

/** Of ten minutes: the rest is for the answer that was begun last. */
const OFTEN_MS = 540_000;

/** What cannot wait for the hour: what is left of large deletions, reports and watches, and kept answers that are due. */
export async function keepOften({ projects, deletions, ...deps }: OftenUpkeep, signal: AbortSignal): Promise<void> {
  const deadline = deps.clock.now() + OFTEN_MS;
  await deletions.sweepOpen({ deadline });
  const all = await projects.list();
  await sendDue(deps, all, { deadline, signal });
  await refreshAnswers(deps, all, { deadline, signal });
}
