import { partitionMonth, type Clock, type Registry } from "@millrace/core";
import { OTHER } from "./names.ts";

/** One month that has an index of its own: a row of the table in the registry. Rows are added, never taken away. */
export interface Month {
  /** `yyyymm`, UTC. */
  readonly month: string;
  /** Version of the mapping its index has now. */
  readonly version: number;
  /** True once retention has dropped its index: an event that comes for it now is too late. */
  readonly dropped: boolean;
}

/** Where an event belongs. */
export type Place = { readonly key: string } | "expired";

/**
 * Which partition an id belongs to: its month, where that has an index, else `other`. It is decided by the identity time and
 * this table alone. If a month were added after one of its ids had been stored in `other`, that id's retry would be stored a
 * second time; so a month is only added while it lies wholly in the future (see {@link monthsToAdd}), and what a process knows
 * of the table may be an hour old.
 */
export interface Partitions {
  of(id: string): Promise<Place>;
  list(): Promise<Month[]>;
  /** Adds a month; its index must be there already. Adding it again changes nothing. */
  add(month: Month): Promise<void>;
  change(month: Month): Promise<void>;
}

const FRESH_MS = 3_600_000;

/** @param table the partition of the registry that holds the table */
export function createPartitions(registry: Registry, table: string, clock: Clock): Partitions {
  let known: { readonly at: number; readonly months: Promise<ReadonlyMap<string, Month>> } | undefined;

  const load = async (): Promise<ReadonlyMap<string, Month>> => {
    const items = await registry.list<Month>(table);
    return new Map(items.map(({ value }) => [value.month, value]));
  };
  const months = (): Promise<ReadonlyMap<string, Month>> => {
    const now = clock.now();
    if (known === undefined || now - known.at >= FRESH_MS) {
      const loading = load();
      known = { at: now, months: loading };
      loading.catch(() => {
        known = undefined;
      });
    }
    return known.months;
  };

  return {
    of: async (id) => {
      const month = (await months()).get(partitionMonth(id));
      if (month === undefined) return { key: OTHER };
      return month.dropped ? "expired" : { key: month.month };
    },
    list: async () => [...(await load()).values()].sort((a, b) => (a.month < b.month ? -1 : 1)),
    add: async (month) => {
      await registry.put<Month>({ partition: table, sort: month.month }, month, { if: "absent" });
      known = undefined;
    },
    change: async (month) => {
      await registry.put<Month>({ partition: table, sort: month.month }, month);
      known = undefined;
    },
  };
}

/** Months made ahead: with daily upkeep a month exists long before its first event, even if upkeep fails for weeks. */
const AHEAD = 2;
/** Ids may be from clocks this far ahead (ingest refuses more), and another process's table may be an hour old. */
const MARGIN_MS = 2 * 24 * 3_600_000;

/**
 * The months to add now: the next ones, and on the very first call, when nothing was ever stored, the current one. A month that
 * has begun is never added later.
 */
export function monthsToAdd(existing: readonly Month[], now: number): string[] {
  const have = new Set(existing.map(({ month }) => month));
  const first = existing.length === 0 ? 0 : 1;
  return Array.from({ length: AHEAD + 1 - first }, (_, i) => monthStart(now, i + first))
    .filter((start) => existing.length === 0 || start - now > MARGIN_MS)
    .map(monthName)
    .filter((month) => !have.has(month));
}

function monthStart(now: number, offset: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1);
}

function monthName(start: number): string {
  const date = new Date(start);
  return `${date.getUTCFullYear()}${String(date.getUTCMonth() + 1).padStart(2, "0")}`;
}
