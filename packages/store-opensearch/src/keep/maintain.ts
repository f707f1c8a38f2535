import { monthEnd, partitionsOf, restPartitions } from "@millrace/core";
import type { Driver } from "../client/driver.ts";
import type { Dsl } from "../query/compile-filter.ts";
import { dropExceptions } from "./exceptions.ts";
import { noteLeaving, type Leaving } from "./ledger.ts";
import { createSearcher } from "../client/search.ts";
import type { Maintenance } from "./maintenance.ts";
import { leftoversOf, problemsOf, readState } from "./state.ts";
import { takeOut } from "./take-out.ts";

/** What the operator sees of the store. */
export interface StoreHealth {
  readonly status: "green" | "yellow" | "red";
  readonly nodes: number;
  /** Indexes whose writing is blocked: a full disk looks like back-pressure everywhere else. */
  readonly blocked: readonly string[];
  /** What keeps events from being written or found, in words; see {@link problemsOf}. */
  readonly problems: readonly string[];
  /** Indexes that nothing uses any more, left by an interrupted migration: they may be deleted. */
  readonly leftovers: readonly string[];
  readonly partitions: readonly PartitionHealth[];
}

export interface PartitionHealth {
  readonly index: string;
  readonly events: number;
  readonly bytes: number;
}

const RETENTION = { outcome: "expired", reason: "retention" } as const;

/**
 * Retention: drops the months that ended before `before`, indexes and all, and takes older events out of what has no month. Their
 * entry in the table stays, marked: an event that comes for such a month later is answered `expired`, not stored a second time
 * elsewhere. Safe to repeat, and to be stopped anywhere.
 * @param before milliseconds UTC
 * @param deadline milliseconds UTC; no partition and no turn is begun after it
 * @returns months dropped, events dropped with them and taken out, and whether all of it was done
 */
export async function expire(
  parts: Maintenance,
  before: number,
  deadline = Number.POSITIVE_INFINITY,
): Promise<Expired> {
  const { clock, names, partitions } = parts;
  const isLate = (): boolean => clock.now() >= deadline;
  const gone: string[] = [];
  let events = 0;
  const table = await partitions.read();
  for (const month of table.months) {
    // Marked is not dropped: an earlier call may have been stopped in between.
    if (monthEnd(month.month) > before) continue;
    let some = false;
    for (const key of partitionsOf(month)) {
      if (isLate()) return { months: gone, events, complete: false };
      const dropped = await dropPartition(parts, month.month, key);
      if (dropped === undefined) continue;
      some = true;
      events += dropped;
    }
    if (isLate()) return { months: gone, events, complete: false };
    await dropExceptions(parts, month.month);
    if (some) gone.push(month.month);
  }
  // While an import goes on, as old events are still being written, so each is counted by itself.
  const leaving = { ...RETENTION, detail: "It was older than the retention time." };
  for (const key of restPartitions(table)) {
    if (isLate()) return { months: gone, events, complete: false };
    const old = { range: { timestamp: { lt: before } } };
    const taken = await takeOut(parts, names.partition(key), old, leaving, deadline);
    events += taken.events;
    if (!taken.complete) return { months: gone, events, complete: false };
  }
  return { months: gone, events, complete: true };
}

export interface Expired {
  readonly months: readonly string[];
  readonly events: number;
  /** False when the deadline came first: the same call again does the rest. */
  readonly complete: boolean;
}

/** Drops one partition. Answers how many events it held; undefined where it had gone before. */
async function dropPartition(parts: Maintenance, month: string, key: string): Promise<number | undefined> {
  const { driver, names, partitions } = parts;
  const alias = names.partition(key);
  if (!(await aliasExists(driver, alias))) return undefined;
  // First the mark, then the index: a writer that still believes in the month finds no alias and tries again.
  await partitions.update((table) => ({
    ...table,
    months: table.months.map((each) => (each.month === month ? { ...each, dropped: true } : each)),
  }));
  // Whoever still believes in the month must not write what nobody counts. The write is refused, and comes back.
  for (const index of await indexesOf(driver, alias)) {
    await driver.ask({ method: "PUT", path: `/${index}/_block/write` });
  }
  const events = await note(parts, alias, { match_all: {} }, { ...RETENTION, occasion: `retention ${key}` });
  for (const index of await indexesOf(driver, alias)) {
    await driver.ask({ method: "DELETE", path: `/${index}` }, { ignore: [404] });
  }
  return events;
}

/** How the store is: what the server says of itself, and where its indexes are not what the table of partitions says. */
export async function healthOf({ driver, names, partitions, clock, shardEvents }: Maintenance): Promise<StoreHealth> {
  const patterns = `${names.eventsPattern},${names.exceptionsPattern}`;
  const [cluster, indexes, settings, state, table] = await Promise.all([
    driver.ask<{ status: StoreHealth["status"]; number_of_nodes: number }>({ method: "GET", path: "/_cluster/health" }),
    driver.ask<readonly { index: string; "docs.count": string; "store.size": string }[]>({
      method: "GET",
      path: `/_cat/indices/${names.eventsPattern}`,
      query: { format: "json", bytes: "b", h: "index,docs.count,store.size", expand_wildcards: "all" },
    }),
    driver.ask<Readonly<Record<string, unknown>>>({
      method: "GET",
      path: `/${patterns}/_settings/index.blocks.*`,
    }),
    readState(driver, names),
    partitions.read(),
  ]);
  const expected = { names, table, now: clock.now(), shardEvents };
  return {
    status: cluster.status,
    nodes: cluster.number_of_nodes,
    blocked: Object.keys(settings)
      .filter((index) => JSON.stringify(settings[index]).includes('"true"'))
      .sort(),
    problems: problemsOf(state, expected),
    leftovers: leftoversOf(state, expected),
    partitions: indexes
      .map((each) => ({ index: each.index, events: Number(each["docs.count"]), bytes: Number(each["store.size"]) }))
      .sort((a, b) => (a.index < b.index ? -1 : 1)),
  };
}

/** Enters the events of a query into the ledger as leaving. What was written a moment ago is among them. */
async function note(parts: Maintenance, alias: string, query: Dsl, leaving: Leaving): Promise<number> {
  const { driver, names } = parts;
  await driver.ask({ method: "POST", path: `/${alias}/_refresh` });
  const searcher = createSearcher(driver, { aliases: alias });
  try {
    return await noteLeaving(parts, searcher, names.exceptions, query, leaving);
  } finally {
    await searcher.release();
  }
}

async function aliasExists(driver: Driver, alias: string): Promise<boolean> {
  const { status } = await driver.send({ method: "HEAD", path: `/_alias/${alias}` });
  return status === 200;
}

/** The indexes that a write alias leads to. */
async function indexesOf(driver: Driver, alias: string): Promise<string[]> {
  const aliases = await driver.ask<Readonly<Record<string, unknown>>>(
    { method: "GET", path: `/_alias/${alias}` },
    { ignore: [404] },
  );
  return Object.keys(aliases).filter((index) => index.startsWith(`${alias}-v`));
}
