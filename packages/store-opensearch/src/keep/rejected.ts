import type { RejectedEvent, RejectedGroup, RejectedPage, RejectedQuery } from "@millrace/core";
import type { Searcher } from "../client/search.ts";
import type { Dsl } from "../query/compile-filter.ts";
import { compositePages, whole } from "../query/composite.ts";

/** Counts by reason and collection, the most frequent first. */
export async function readRejectedGroups(searcher: Searcher, query: RejectedQuery): Promise<RejectedGroup[]> {
  const sources = ["reason", "collection"].map((field) => ({ [field]: { terms: { field } } }));
  const question = {
    query: queryOf(query),
    keys: { sources, filters: [], bucket: () => 0 },
    inline: { first: { min: { field: "received_at" } }, last: { max: { field: "received_at" } } },
    bucketsPerRow: 1,
  };
  const pages = await whole((snapshot) => Array.fromAsync(compositePages(searcher, question, { snapshot })));
  return pages
    .flat()
    .map(({ key, doc_count: count, ...row }) => ({
      reason: key["reason"] as string,
      collection: key["collection"] as string,
      count,
      firstAt: valueOf(row["first"]),
      lastAt: valueOf(row["last"]),
    }))
    .sort((a, b) => b.count - a.count);
}

/** A page of them with their raw form, which has no index: it is read from the documents. */
export async function readRejectedEvents(
  searcher: Searcher,
  query: RejectedQuery,
  { limit, after }: RejectedPage,
): Promise<RejectedEvent[]> {
  const body = {
    size: limit,
    track_total_hits: false,
    query: queryOf(query),
    sort: ["received_at", "batch", "ordinal"].map((field) => ({ [field]: "desc" })),
    ...(after && { search_after: [after.receivedAt, after.batch, after.ordinal] }),
  };
  const { hits } = (await searcher.search(body, false)).hits;
  return hits.map(({ _source }) => {
    const { batch, ordinal, received_at: receivedAt, collection, reason, detail, raw } = _source as Document;
    return { batch, ordinal, receivedAt, collection, reason, detail, raw: raw ?? null };
  });
}

type Document = Omit<RejectedEvent, "receivedAt" | "raw"> & {
  readonly received_at: number;
  readonly raw?: string | null;
};

/** What retention has left of a month are counts: they have no batch, and nothing of them can be shown or sent. */
function queryOf({ project, from, to, reason, collection }: RejectedQuery): Dsl {
  const filter: Dsl[] = [
    { term: { project } },
    { term: { outcome: "rejected" } },
    { range: { received_at: { gte: from, lt: to } } },
    { exists: { field: "batch" } },
  ];
  if (reason !== undefined) filter.push({ term: { reason } });
  if (collection !== undefined) filter.push({ term: { collection } });
  return { bool: { filter } };
}

function valueOf(aggregation: unknown): number {
  return (aggregation as { readonly value: number }).value;
}
