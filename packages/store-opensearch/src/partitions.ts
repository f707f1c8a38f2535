import { MillraceError, partitionMonth, type Clock, type Registry } from "@millrace/core";
import { isDeepStrictEqual } from "node:util";
import { OTHER } from "./names.ts";

/** One month that has an index of its own: an entry of the table in the registry. Months are added, never taken away. */
export interface Month {
  /** `yyyymm`, UTC. */
  readonly month: string;
  /** Version of the mapping its index has now. */
  readonly version: number;
  /** True once retention has dropped its index: an event that comes for it now is too late. */
  readonly dropped: boolean;
}

/** Where an event belongs. */
type Place = { readonly key: string } | "expired";

/**
 * Which partition an id belongs to: its month, where that has an index, else `other`. It is decided by the identity time and
 * this table alone. If a month were added after one of its ids had been stored in `other`, that id's retry would be stored a
 * second time; so a month is only added while it lies wholly in the future (see {@link monthsToAdd}), and what a process knows
 * of the table may be an hour old.
 */
export interface Partitions {
  /** @throws MillraceError `ServiceUnavailable` while there is no table: nothing must be written before it is decided where */
  places(): Promise<(id: string) => Place>;
  /** The table as it is now, by month; empty before the first `update`. */
  list(): Promise<Month[]>;
  /** Replaces the table by what `change` makes of it, in one step: another process sees all of it or nothing. */
  update(change: (months: readonly Month[]) => readonly Month[]): Promise<void>;
}

interface Table {
  readonly months: readonly Month[];
}

const FRESH_MS = 3_600_000;
const MAX_ATTEMPTS = 20;

/** @param table the partition of the registry that holds the table */
export function createPartitions(registry: Registry, table: string, clock: Clock): Partitions {
  const key = { partition: table, sort: "partitions" };
  let known: { readonly at: number; readonly months: Promise<ReadonlyMap<string, Month>> } | undefined;

  const load = async (): Promise<ReadonlyMap<string, Month>> => {
    const item = await registry.get<Table>(key);
    if (item) return new Map(item.value.months.map((month) => [month.month, month]));
    throw new MillraceError("ServiceUnavailable", "The store is not prepared yet: it has no table of partitions.");
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
    places: async () => {
      const known = await months();
      return (id) => {
        const month = known.get(partitionMonth(id));
        if (month === undefined) return { key: OTHER };
        return month.dropped ? "expired" : { key: month.month };
      };
    },
    list: async () => [...((await registry.get<Table>(key))?.value.months ?? [])],
    update: async (change) => {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const item = await registry.get<Table>(key);
        const before = item?.value.months ?? [];
        const after = [...change(before)].sort((a, b) => (a.month < b.month ? -1 : 1));
        known = undefined;
        if (item && isDeepStrictEqual(before, after)) return;
        if (await registry.put<Table>(key, { months: after }, { if: item?.version ?? "absent" })) return;
      }
      throw new MillraceError("ServiceUnavailable", "Too many writers to the table of partitions. Try again.");
    },
  };
}

/** Months made ahead: with daily upkeep a month exists long before its first event, even if upkeep fails for weeks. */
const AHEAD = 2;
/**
 * No id names a time more than a day and a half ahead (ingest refuses it of an import, and takes the time out of a tracker's), and
 * another process's table may be an hour old: whoever meets an id of a month knows that month, or nobody does.
 */
const MARGIN_MS = 2 * 24 * 3_600_000;

/**
 * The months to add now: the next ones, and on the very first call, when nothing was ever stored, the current one. A month that
 * has begun is never added later.
 */
export function monthsToAdd(existing: readonly Month[], now: number): string[] {
  const have = new Set(existing.map(({ month }) => month));
  const first = existing.length === 0 ? 0 : 1;
  return Array.from({ length: AHEAD + 1 - first }, (_, i) => monthStart(now, i + first))
    .filter((start) => existing.length === 0 || isAhead(start, now))
    .map(monthOf)
    .filter((month) => !have.has(month));
}

function monthStart(now: number, offset: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1);
}

/** Whether a month that begins then is wholly in the future, whatever clock and table another process goes by. */
function isAhead(start: number, now: number): boolean {
  return start - now > MARGIN_MS;
}

/** True for a month `yyyymm` of which no event can have been stored anywhere yet. */
export function isFuture(month: string, now: number): boolean {
  return isAhead(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(4)) - 1, 1), now);
}

/** The month `yyyymm` of an instant, UTC. */
export function monthOf(time: number): string {
  const date = new Date(time);
  return `${date.getUTCFullYear()}${String(date.getUTCMonth() + 1).padStart(2, "0")}`;
}
