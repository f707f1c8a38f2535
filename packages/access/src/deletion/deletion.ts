import {
  TOMBSTONE_CACHE_MS,
  type Clock,
  type DeleteOptions,
  type DeleteWhere,
  type Deletion,
  type EventEraser,
  type PropertyDeletion,
} from "@millrace/core";
import type { AnyTombstone, TombstoneKeeper } from "./tombstones.ts";

/** Deletes events, and properties of events, so that they stay deleted, whatever is still in a queue or is sent again later. */
export interface Deletions {
  /**
   * Forbids the events, waits until every writer that begins from then on knows it, and takes them out of the store. A writer that
   * had begun before may still store some; `sweep` finds those, and what there was no time for.
   */
  delete(where: DeleteWhere, options?: DeleteOptions): Promise<Deletion>;
  /** The same for several of one project: with one wait for all of them. */
  deleteAll(
    project: string,
    wheres: readonly Omit<DeleteWhere, "project">[],
    options?: DeleteOptions,
  ): Promise<Deletion>;
  /** The same for a property of a collection: its events stay, without it. */
  deleteProperty(where: PropertyDeletion, options?: DeleteOptions): Promise<Deletion>;
  /**
   * Looks again for the events of young tombstones of these projects. A tombstone is done with when a look that began
   * {@link SETTLED_MS} after it was written is complete. To be called at least daily; safe to repeat and to stop anywhere.
   * @throws what the store throws, after all others were looked at
   */
  sweep(projects: readonly string[], options?: DeleteOptions): Promise<Sweep>;
  /** The same for the projects that have such tombstones, and one read where none has: to be called every ten minutes. */
  sweepOpen(options?: DeleteOptions): Promise<Sweep>;
}

/** What a sweep found. */
export interface Sweep extends Omit<Deletion, "complete"> {
  /** Tombstones that are to be looked at again: too young, or there was no time. */
  readonly open: number;
}

export interface DeletionParts {
  readonly tombstones: TombstoneKeeper;
  readonly store: EventEraser;
  readonly clock: Clock;
  /** Resolves after so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
}

/**
 * After this nobody writes who had not heard of a tombstone: a collector asks ten seconds after its last answer, runs for a minute
 * at most, and what it had sent then is written or refused by the store within minutes, even if nobody waits for the answer.
 */
export const SETTLED_MS = 15 * 60_000;

const NOTHING: Deletion = { events: 0, rejected: 0, complete: false };

export function createDeletions({ tombstones, store, clock, wait }: DeletionParts): Deletions {
  /** Whatever came of it: one that broke off may have taken some. */
  const erase = async (where: DeleteWhere | PropertyDeletion, options: DeleteOptions): Promise<Deletion> => {
    try {
      return await ("property" in where ? store.deleteProperty(where, options) : store.deleteWhere(where, options));
    } finally {
      await tombstones.noteErased(where.project);
    }
  };

  /** Looks for the events of one tombstone, and is done with it if nobody can write more of them. */
  const sweepOne = async (tombstone: AnyTombstone, options: DeleteOptions): Promise<Deletion> => {
    const old = clock.now() - tombstone.createdAt >= SETTLED_MS;
    const { complete, ...counts } = await erase(tombstone, options);
    if (old && complete) await tombstones.settle(tombstone);
    return { ...counts, complete: old && complete };
  };

  const deleteAll: Deletions["deleteAll"] = async (project, wheres, options = {}) => {
    const { deadline = Number.POSITIVE_INFINITY } = options;
    // The tombstones first: what is not in the store yet must find them.
    await tombstones.addAll(project, wheres);
    await wait(TOMBSTONE_CACHE_MS);
    const sum = { events: 0, rejected: 0, complete: true };
    for (const where of wheres) {
      const done = clock.now() < deadline ? await erase({ ...where, project }, options) : NOTHING;
      sum.events += done.events;
      sum.rejected += done.rejected;
      sum.complete &&= done.complete;
    }
    return sum;
  };

  const sweep: Deletions["sweep"] = async (projects, options = {}) => {
    const { deadline = Number.POSITIVE_INFINITY } = options;
    const sum = { events: 0, rejected: 0, open: 0 };
    const failures: unknown[] = [];
    for (const project of projects) {
      await tombstones.noteOpen(project, false);
      let open = 0;
      for (const tombstone of await tombstones.unsettled(project)) {
        try {
          const found = clock.now() < deadline ? await sweepOne(tombstone, options) : undefined;
          sum.events += found?.events ?? 0;
          sum.rejected += found?.rejected ?? 0;
          if (!found?.complete) open++;
        } catch (thrown) {
          // One that fails must not keep the others from being looked at.
          failures.push(thrown);
          open++;
        }
      }
      if (open > 0) await tombstones.noteOpen(project, true);
      sum.open += open;
    }
    if (failures.length > 0) throw failures[0];
    return sum;
  };
  return {
    delete: ({ project, ...where }, options) => deleteAll(project, [where], options),
    deleteAll,
    deleteProperty: async (where, options = {}) => {
      const { deadline = Number.POSITIVE_INFINITY } = options;
      await tombstones.addProperty(where);
      await wait(TOMBSTONE_CACHE_MS);
      return clock.now() < deadline ? erase(where, options) : NOTHING;
    },
    sweep,
    sweepOpen: async (options) => sweep(await tombstones.openProjects(), options),
  };
}
