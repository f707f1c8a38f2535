import type { Context, ExtractedEvent, ExtractionPlan, JsonObject } from "@millrace/core";
import { extractionRequest } from "./compile.ts";
import { CONTEXT_FIELDS } from "../schema.ts";
import type { Searcher } from "../client/search.ts";

/** The server's limit of hits in one answer. */
const MAX_PAGE = 10_000;
/** Events may have 900 KB each: the first page finds out how wide they are, later ones aim at this many bytes. */
const FIRST_PAGE = 500;
const PAGE_BYTES = 16_000_000;

/**
 * Events by (timestamp, id), one more than the plan's limit if there are more. The first page is of the newest state, those behind it
 * of one snapshot made then: the order is total and no event changes its place, so none comes twice and none is passed over.
 */
export async function runExtraction(searcher: Searcher, plan: ExtractionPlan): Promise<ExtractedEvent[]> {
  const wanted = plan.limit + 1;
  const events: ExtractedEvent[] = [];
  let size = Math.min(wanted, FIRST_PAGE);
  let after: readonly unknown[] | undefined;
  for (;;) {
    const request = extractionRequest(plan, size, after);
    const { hits } = await searcher.search(request, after !== undefined);
    for (const hit of hits.hits) events.push(decodeEvent(hit._source as StoredDocument));
    after = hits.hits.at(-1)?.sort;
    if (hits.hits.length < size || events.length >= wanted || after === undefined) return events;
    size = Math.min(wanted - events.length, pageSize(hits.hits));
  }
}

function pageSize(hits: readonly unknown[]): number {
  const each = JSON.stringify(hits.slice(-20)).length / Math.min(hits.length, 20);
  return Math.max(100, Math.min(MAX_PAGE, Math.floor(PAGE_BYTES / each)));
}

type StoredDocument = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly collection: string;
  readonly timestamp: number;
  readonly received_at: number;
  readonly properties?: JsonObject;
};

function decodeEvent(source: StoredDocument): ExtractedEvent {
  const context: Record<string, unknown> = {};
  for (const { column } of CONTEXT_FIELDS) if (source[column] !== undefined) context[column] = source[column];
  return {
    id: source.id,
    collection: source.collection,
    timestamp: source.timestamp,
    receivedAt: source.received_at,
    context: context as Context,
    properties: source.properties ?? {},
  };
}
