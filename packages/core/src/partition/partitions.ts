import { isDeepStrictEqual } from "node:util";
import { MillraceError } from "../error.ts";
import type { Clock } from "../ports/ambient.ts";
import type { Registry } from "../ports/registry.ts";
import { compareStrings } from "../values/json.ts";
import type { PartitionTable } from "./table.ts";

/**
 * The table of partitions in the registry: what every process that writes, reads or admits names must agree on. What a process
 * knows of it may be an hour old, which is harmless because nothing changes that an event may already depend on.
 */
export interface Partitions {
  /** The table, at most an hour old. Undefined while there is none. */
  known(): Promise<PartitionTable | undefined>;
  /** The table as it is now; empty before the first `update`. */
  read(): Promise<PartitionTable>;
  /** Replaces the table by what `change` makes of it, in one step: another process sees all of it or nothing. */
  update(change: (table: PartitionTable) => PartitionTable): Promise<void>;
}

export const EMPTY_TABLE: PartitionTable = { months: [] };

const FRESH_MS = 3_600_000;
/** A process that was there before the first table must not wait an hour to see it. */
const ABSENT_MS = 1_000;
const MAX_ATTEMPTS = 20;

/** Begins the index names of a store, where nothing else is said. */
export const STORE_PREFIX = "millrace";

/** The partition of the registry that holds the table of a store, by the prefix of its index names. */
export function tableOfStore(prefix = STORE_PREFIX): string {
  return `store:${prefix}`;
}

/** @param table the partition of the registry that holds the table */
export function createPartitions(registry: Registry, table: string, clock: Clock): Partitions {
  const key = { partition: table, sort: "partitions" };
  let cached: { readonly until: number; readonly table: Promise<PartitionTable | undefined> } | undefined;

  const load = (now: number): Promise<PartitionTable | undefined> => {
    const loading = registry.get<PartitionTable>(key).then((item) => item?.value);
    const entry = { until: now + FRESH_MS, table: loading };
    cached = entry;
    loading.then(
      (found) => {
        if (found === undefined && cached === entry) cached = { ...entry, until: now + ABSENT_MS };
      },
      () => {
        if (cached === entry) cached = undefined;
      },
    );
    return loading;
  };

  return {
    known: () => {
      const now = clock.now();
      return cached !== undefined && now < cached.until ? cached.table : load(now);
    },
    read: async () => (await registry.get<PartitionTable>(key))?.value ?? EMPTY_TABLE,
    update: async (change) => {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const item = await registry.get<PartitionTable>(key);
        const before = item?.value ?? EMPTY_TABLE;
        const changed = change(before);
        const after = { ...changed, months: changed.months.toSorted((a, b) => compareStrings(a.month, b.month)) };
        cached = undefined;
        if (item && isDeepStrictEqual(before, after)) return;
        if (await registry.put<PartitionTable>(key, after, { if: item?.version ?? "absent" })) return;
      }
      throw new MillraceError("ServiceUnavailable", "Too many writers to the table of partitions. Try again.");
    },
  };
}
