import {
  mintId,
  TOMBSTONE_CACHE_MS,
  TOMBSTONE_KEEP_MS,
  type Clock,
  type DeleteWhere,
  type RandomBytes,
  type Registry,
  type Tombstone,
  type Tombstones,
} from "@millrace/core";
import { createLookupCache } from "../lookup-cache.ts";

/** Tombstones for whoever deletes. */
export interface TombstoneKeeper extends Tombstones {
  /** Remembers a deletion, from the next read of any writer on. */
  add(where: DeleteWhere): Promise<Tombstone>;
  /** Those whose events may still have to be looked for in the store. Asked of the registry itself. */
  unsettled(project: string): Promise<readonly Tombstone[]>;
  /** Nothing that this tombstone forbids can be written any more, and nothing of it is stored. Safe to repeat. */
  settle(tombstone: Tombstone): Promise<void>;
}

interface Kept extends Tombstone {
  readonly settled?: true;
}

const ID_BYTES = 10;
const MAX_PROJECTS = 1_000;

/**
 * Tombstones in the registry, one item each, forgotten after {@link TOMBSTONE_KEEP_MS}. Reading costs one request per project and
 * process every ten seconds. While the registry is down nobody gets an answer older than that: an event that waits is delivered
 * again, one that was deleted and stored nevertheless breaks a promise.
 */
export function createTombstones(deps: { registry: Registry; clock: Clock; random: RandomBytes }): TombstoneKeeper {
  const { registry, clock, random } = deps;
  const fresh = { freshMs: TOMBSTONE_CACHE_MS, staleMs: TOMBSTONE_CACHE_MS };
  const cache = createLookupCache<readonly Tombstone[]>({ clock, ...fresh, max: MAX_PROJECTS });
  const list = async (project: string): Promise<Kept[]> =>
    (await registry.list<Kept>(partitionOf(project))).map(({ value }) => value);
  const put = (tombstone: Kept): Promise<boolean> =>
    registry.put<Kept>({ partition: partitionOf(tombstone.project), sort: tombstone.id }, tombstone, {
      expiresAt: tombstone.createdAt + TOMBSTONE_KEEP_MS,
    });

  return {
    async of(project) {
      const load = async () => {
        const found = await list(project);
        return found.length > 0 ? found : undefined;
      };
      return (await cache.find(project, load, () => false)) ?? [];
    },
    async add(where) {
      const createdAt = clock.now();
      const tombstone: Tombstone = { ...where, id: mintId(createdAt, random(ID_BYTES)), createdAt };
      await put(tombstone);
      cache.clear();
      return tombstone;
    },
    unsettled: async (project) => (await list(project)).filter(({ settled }) => !settled),
    settle: async (tombstone) => {
      await put({ ...tombstone, settled: true });
    },
  };
}

function partitionOf(project: string): string {
  return `tombstones:${project}`;
}
