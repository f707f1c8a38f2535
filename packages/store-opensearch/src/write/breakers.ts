import type { Clock } from "@millrace/core";

/**
 * What this process remembers of partitions that refuse all writes. A block lasts minutes at least (a migration, a full disk), and
 * nearly every batch has an event for such a partition: without a memory each of them would pay for finding out.
 */
export interface Breakers {
  /** Which partitions are not asked now. One answer holds for a whole bulk. */
  open(): (alias: string) => boolean;
  /** @param blocked whether a partition has just refused everything for a block */
  note(alias: string, blocked: boolean): void;
}

/** How long a partition is left alone. */
const OPEN_MS = 30_000;

export function createBreakers(clock: Clock): Breakers {
  const until = new Map<string, number>();
  return {
    open: () => {
      const now = clock.now();
      return (alias) => (until.get(alias) ?? 0) > now;
    },
    note: (alias, blocked) => {
      if (blocked) until.set(alias, clock.now() + OPEN_MS);
      else until.delete(alias);
    },
  };
}
