import type { Version, Versions } from "@millrace/core";
import { LRUCache } from "lru-cache";

/** Projects remembered; one that was forgotten has the version of a fresh start again, which differs from what it had. */
const MOST = 100_000;

/**
 * Versions of a store that this process alone writes: exact, in memory. A restart changes all of them once.
 * @param start differs from run to run
 */
export function createMemoryVersions(start: string): Versions {
  const counts = new LRUCache<string, number>({ max: MOST });
  // One count for all: a project that was forgotten and comes back can never repeat a value.
  let count = 0;
  return {
    read: async (project): Promise<Version> => ({ value: `${start}.${counts.get(project) ?? 0}`, settled: true }),
    moved: async (projects) => {
      count += 1;
      for (const project of projects) counts.set(project, count);
    },
  };
}
