import type { Clock } from "@millrace/core";

/**
 * What this process remembers of partitions that refuse writes. A block lasts minutes at least (a migration, a full disk, a shard
 * without a node), and nearly every batch has an event for such a partition: without a memory each of them would pay for finding out.
 */
export interface Breakers {
  /** Which partitions are not asked now. One answer holds for a whole bulk. */
  open(): (alias: string) => boolean;
  /** Whether a partition has just taken some events and refused others: one of its shards is gone. It is asked, but not waited for. */
  isPartial(alias: string): boolean;
  /** @param refused how many of the events for a partition were refused for a state of it */
  note(alias: string, refused: "all" | "some" | "none"): void;
}

/** How long a partition is left alone, or not waited for. */
const OPEN_MS = 30_000;

export function createBreakers(clock: Clock): Breakers {
  const openUntil = new Map<string, number>();
  const partialUntil = new Map<string, number>();
  const isPartial = (alias: string) => (partialUntil.get(alias) ?? 0) > clock.now();
  return {
    open: () => {
      const now = clock.now();
      return (alias) => (openUntil.get(alias) ?? 0) > now;
    },
    isPartial,
    note: (alias, refused) => {
      const until = clock.now() + OPEN_MS;
      // A few events that are all for the shard that is gone say nothing of its neighbours.
      if (refused === "some" || (refused === "all" && isPartial(alias))) partialUntil.set(alias, until);
      else if (refused === "all") openUntil.set(alias, until);
      // It need not have had an event for the shard: what is known of that one stays until its time is over.
      if (refused !== "all") openUntil.delete(alias);
    },
  };
}
