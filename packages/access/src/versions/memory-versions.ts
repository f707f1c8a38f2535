import type { Clock, Version, Versions } from "@millrace/core";
import { LRUCache } from "lru-cache";

/** Projects remembered; one that was forgotten has the version of a fresh start again, which differs from what it had. */
const MOST = 100_000;

export interface MemoryVersionsOptions {
  readonly clock: Clock;
  /** Differs from run to run: what was stored before this one is not known here. */
  readonly start: string;
  /** How long after a change queries may not see it yet, milliseconds. Default 0: a store that shows what it has committed. */
  readonly settleMs?: number;
}

/** Versions of a store that this process alone writes: exact, in memory. A restart changes all of them once. */
export function createMemoryVersions({ clock, start, settleMs = 0 }: MemoryVersionsOptions): Versions {
  const changes = new LRUCache<string, { readonly count: number; readonly at: number }>({ max: MOST });
  // One count for all: a project that was forgotten and comes back can never repeat a value.
  let count = 0;
  return {
    read: async (project): Promise<Version> => {
      const change = changes.get(project);
      const settled = !change || clock.now() >= change.at + settleMs;
      return { value: `${start}.${change?.count ?? 0}${settled ? "" : "+"}`, settled };
    },
    moved: async (projects) => {
      count += 1;
      const change = { count, at: clock.now() };
      for (const project of projects) changes.set(project, change);
    },
  };
}
