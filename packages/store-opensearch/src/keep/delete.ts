import {
  deletableOf,
  deletionReason,
  isDeleted,
  type DeleteOptions,
  type DeleteWhere,
  type Deletion,
  type Exception,
} from "@millrace/core";
import type { Dsl } from "../query/compile-filter.ts";
import { writeExceptions } from "./ledger.ts";
import { documentId } from "../write/document.ts";
import type { Maintenance } from "./maintenance.ts";
import { createSearcher } from "../client/search.ts";
import { takeOut } from "./take-out.ts";

const DETAIL = "It was deleted.";
const NOTE_MS = 60_000;
/** Rejected events looked at together: each may be 900 KB. */
const PAGE = 50;

/** How many events a deletion would take now, those written a moment ago included. */
export async function countWhere({ driver, names }: Maintenance, where: DeleteWhere): Promise<number> {
  await driver.ask({ method: "POST", path: `/${names.events}/_refresh` });
  const body = { size: 0, track_total_hits: true, query: queryOf(where) };
  const { hits } = await createSearcher(driver, { aliases: names.events }).search(body, false);
  return hits.total?.value ?? 0;
}

/** Deletes events for good, in all partitions; see `EventEraser` in core. Space comes back with later merges. */
export async function deleteWhere(
  parts: Maintenance,
  where: DeleteWhere,
  { deadline = Number.POSITIVE_INFINITY }: DeleteOptions = {},
): Promise<Deletion> {
  const leaving = { outcome: "deleted", reason: deletionReason(where), detail: DETAIL } as const;
  const { events, complete } = await takeOut(parts, parts.names.events, queryOf(where), leaving, deadline);
  if (!complete) return { events, rejected: 0, complete };
  return { events, ...(await rewriteRejected(parts, where, deadline, (exception) => forgottenOf(exception, where))) };
}

function queryOf({ project, ids, visitor, collection, from, to, receivedBefore }: DeleteWhere): Dsl {
  const filter: Dsl[] = [{ term: { project } }, { range: { received_at: { lt: receivedBefore } } }];
  if (ids) filter.push({ ids: { values: ids.map((id) => documentId(project, id)) } });
  if (visitor !== undefined) filter.push({ term: { visitor } });
  if (collection !== undefined) filter.push({ term: { collection } });
  if (from !== undefined) filter.push({ range: { timestamp: { gte: from } } });
  if (to !== undefined) filter.push({ range: { timestamp: { lt: to } } });
  return { bool: { filter } };
}

type Rejected = Readonly<
  Record<"collection" | "batch" | "reason", string> & Record<"received_at" | "ordinal", number>
> & {
  readonly detail?: string;
  readonly raw?: string | null;
};

/**
 * Replaces the exceptions of rejected events received before a time, where `replace` has another for them. Their raw form is not
 * indexed, so it is read, page by page until the deadline: a stranger's mistakes may be millions. Of those whose raw form is forgotten
 * nobody can tell what they were, and there is nothing to take.
 */
export async function rewriteRejected(
  parts: Maintenance,
  { project, receivedBefore }: Pick<DeleteWhere, "project" | "receivedBefore">,
  deadline: number,
  replace: (rejected: Exception) => Exception | undefined,
): Promise<Pick<Deletion, "rejected" | "complete">> {
  const { driver, names, clock } = parts;
  const filter = [
    { term: { project } },
    { term: { outcome: "rejected" } },
    { range: { received_at: { lt: receivedBefore } } },
  ];
  const query = { bool: { filter, must_not: [{ exists: { field: "raw_forgotten" } }] } };
  await driver.ask({ method: "POST", path: `/${names.exceptions}/_refresh` });
  const searcher = createSearcher(driver, { aliases: names.exceptions });
  let rejected = 0;
  try {
    for (let after: readonly unknown[] | undefined; clock.now() < deadline;) {
      const body = { size: PAGE, query, sort: ORDER, track_total_hits: false, ...(after && { search_after: after }) };
      // Of a snapshot: what this loop writes must not move the pages.
      const { hits } = (await searcher.search(body, true)).hits;
      const others = hits.flatMap(({ _source }) => replace(exceptionOf(_source as Rejected, project)) ?? []);
      if (others.length > 0) await writeExceptions(parts, others, clock.now() + NOTE_MS);
      rejected += others.length;
      after = hits.at(-1)?.sort;
      if (hits.length < PAGE) return { rejected, complete: true };
    }
    return { rejected, complete: false };
  } finally {
    await searcher.release();
  }
}

const ORDER = ["received_at", "batch", "ordinal"] as const;

function exceptionOf(rejected: Rejected, project: string): Exception {
  const { received_at: receivedAt, collection, batch, ordinal, reason, detail = "", raw = null } = rejected;
  return { project, collection, receivedAt, batch, ordinal, outcome: "rejected", reason, detail, raw };
}

/** The exception that takes the place of a rejected event's, where the deletion takes that event. */
function forgottenOf(rejected: Exception, where: DeleteWhere): Exception | undefined {
  if (rejected.raw === null || !isDeleted(deletableOf(JSON.parse(rejected.raw), rejected), [where])) return undefined;
  return { ...rejected, outcome: "deleted", reason: deletionReason(where), detail: DETAIL, raw: null };
}
