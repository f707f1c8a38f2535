import { MillraceError } from "@millrace/core";
import type { BulkParts } from "./bulk.ts";
import type { Driver } from "./driver.ts";
import type { Dsl } from "./compile-filter.ts";
import { noteLeaving, type Leaving } from "./ledger.ts";
import { OTHER, type IndexNames } from "./names.ts";
import type { Partitions } from "./partitions.ts";
import { createSearcher } from "./search.ts";

/** Whose events to delete, and until when they were received. Without a visitor or collection: all of the project's. */
export interface DeleteWhere {
  readonly project: string;
  readonly visitor?: string;
  readonly collection?: string;
  /** Only events that happened from here on, milliseconds UTC. */
  readonly from?: number;
  /** Only events that happened before, milliseconds UTC. */
  readonly to?: number;
  /** Only events received before, milliseconds UTC: what arrives later is the tombstone's business. */
  readonly receivedBefore: number;
}

/** What the operator sees of the store. */
export interface StoreHealth {
  readonly status: "green" | "yellow" | "red";
  readonly nodes: number;
  /** Indexes whose writing is blocked: a full disk looks like back-pressure everywhere else. */
  readonly blocked: readonly string[];
  readonly partitions: readonly PartitionHealth[];
}

export interface PartitionHealth {
  readonly index: string;
  readonly events: number;
  readonly bytes: number;
}

export interface Maintenance extends BulkParts {
  readonly names: IndexNames;
  readonly partitions: Partitions;
}

const RETENTION = { outcome: "expired", reason: "retention" } as const;

/**
 * Retention: drops the months that ended before `before`, index and all, and takes older events out of `other`. Their entry in
 * the table stays, marked: an event that comes for such a month later is answered `expired`, not stored a second time elsewhere.
 * @param before milliseconds UTC
 * @returns events dropped with their months, and events taken out of `other`
 */
export async function expire(parts: Maintenance, before: number): Promise<{ months: string[]; events: number }> {
  const { driver, names, partitions } = parts;
  const gone: string[] = [];
  let events = 0;
  for (const { month } of await partitions.list()) {
    const alias = names.partition(month);
    // Marked is not dropped: an earlier call may have been stopped in between.
    if (monthEnd(month) > before || !(await aliasExists(driver, alias))) continue;
    // First the mark, then the index: a writer that still believes in the month finds no alias and tries again.
    await partitions.update((months) =>
      months.map((each) => (each.month === month ? { ...each, dropped: true } : each)),
    );
    events += await note(parts, alias, { match_all: {} }, { ...RETENTION, occasion: `retention ${month}` });
    await dropPartition(driver, alias);
    gone.push(month);
  }
  const other = names.partition(OTHER);
  const old = { range: { timestamp: { lt: before } } };
  events += await note(parts, other, old, { ...RETENTION, occasion: `retention other ${before}` });
  await deleteByQuery(driver, other, old);
  return { months: gone, events };
}

/** Deletes events for good, in all partitions. Answers how many. Space comes back with later merges. */
export async function deleteWhere(parts: Maintenance, where: DeleteWhere): Promise<number> {
  const { driver, names } = parts;
  const { project, visitor, collection, from, to, receivedBefore } = where;
  const filter: object[] = [{ term: { project } }, { range: { received_at: { lt: receivedBefore } } }];
  if (visitor !== undefined) filter.push({ term: { visitor } });
  if (collection !== undefined) filter.push({ term: { collection } });
  if (from !== undefined || to !== undefined) {
    filter.push({
      range: { timestamp: { ...(from !== undefined && { gte: from }), ...(to !== undefined && { lt: to }) } },
    });
  }
  const query = { bool: { filter } };
  const reason = visitor !== undefined ? "visitor" : collection !== undefined ? "collection" : "span";
  await note(parts, names.events, query, { outcome: "deleted", reason, occasion: `delete ${JSON.stringify(where)}` });
  return deleteByQuery(driver, names.events, query);
}

export async function healthOf({ driver, names }: Maintenance): Promise<StoreHealth> {
  const [cluster, indexes, settings] = await Promise.all([
    driver.ask<{ status: StoreHealth["status"]; number_of_nodes: number }>({ method: "GET", path: "/_cluster/health" }),
    driver.ask<readonly { index: string; "docs.count": string; "store.size": string }[]>({
      method: "GET",
      path: `/_cat/indices/${names.events}`,
      query: { format: "json", bytes: "b", h: "index,docs.count,store.size" },
    }),
    driver.ask<Readonly<Record<string, unknown>>>({
      method: "GET",
      path: `/${names.events},${names.exceptions}/_settings/index.blocks.*`,
    }),
  ]);
  return {
    status: cluster.status,
    nodes: cluster.number_of_nodes,
    blocked: Object.keys(settings)
      .filter((index) => JSON.stringify(settings[index]).includes('"true"'))
      .sort(),
    partitions: indexes
      .map((each) => ({ index: each.index, events: Number(each["docs.count"]), bytes: Number(each["store.size"]) }))
      .sort((a, b) => (a.index < b.index ? -1 : 1)),
  };
}

/** The first instant after a month `yyyymm`. */
function monthEnd(month: string): number {
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(4)), 1);
}

/** Enters the events of a query into the ledger as leaving. What was written a moment ago is among them. */
async function note(parts: Maintenance, alias: string, query: Dsl, leaving: Leaving): Promise<number> {
  const { driver, names } = parts;
  await driver.ask({ method: "POST", path: `/${alias}/_refresh` });
  const searcher = createSearcher(driver, alias);
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

async function dropPartition(driver: Driver, alias: string): Promise<void> {
  const aliases = await driver.ask<Readonly<Record<string, unknown>>>(
    { method: "GET", path: `/_alias/${alias}` },
    { ignore: [404] },
  );
  const indexes = Object.keys(aliases).filter((index) => index.startsWith(`${alias}-v`));
  for (const index of indexes) await driver.ask({ method: "DELETE", path: `/${index}` }, { ignore: [404] });
}

/** @throws MillraceError `ServiceUnavailable` when some could not be deleted: the same call again deletes the rest */
async function deleteByQuery(driver: Driver, alias: string, query: object): Promise<number> {
  const answer = await driver.ask<{ deleted: number; failures: readonly unknown[]; timed_out: boolean }>(
    {
      method: "POST",
      path: `/${alias}/_delete_by_query`,
      // An event that changed meanwhile was deleted by somebody else.
      query: { conflicts: "proceed", refresh: true },
      body: { query },
    },
    { timeoutMs: 600_000 },
  );
  if (answer.failures.length === 0 && !answer.timed_out) return answer.deleted;
  throw new MillraceError("ServiceUnavailable", "Not everything could be deleted. Try again.", {
    context: { failures: answer.failures.length, deleted: answer.deleted },
  });
}
