import type { Context, ExtractedEvent, ExtractionPlan, JsonObject } from "@millrace/core";
import { extractionRequest } from "./compile.ts";
import { CONTEXT_FIELDS } from "../schema.ts";
import type { SearchAnswer, Searcher } from "../client/search.ts";

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
  const ask = pageAsker(searcher, plan);
  let size = Math.min(wanted, FIRST_PAGE);
  let after: readonly unknown[] | undefined;
  for (;;) {
    const { hits } = await ask(size, after);
    for (const hit of hits.hits) events.push(decodeEvent(hit._source as StoredDocument));
    after = hits.hits.at(-1)?.sort;
    if (hits.hits.length < size || events.length >= wanted || after === undefined) return events;
    size = Math.min(wanted - events.length, pageSize(hits.hits));
  }
}

/** The parts of the time before its end in which newest events are looked for, before all of it is. */
const LAST_PARTS = [256, 16] as const;

/**
 * Asks for a page. The engine keeps events in the order of their times, so that each it comes to is newer than all before it, and one
 * for its list: newest events are therefore looked for in a small part of the time first. A full page from there is the newest there is.
 */
function pageAsker(searcher: Searcher, plan: ExtractionPlan) {
  const { range, order, time } = plan;
  const search = (within: ExtractionPlan, size: number, after: readonly unknown[] | undefined) =>
    searcher.search(extractionRequest(within, size, after), after !== undefined);
  if (range === undefined || order === "oldest" || time !== "timestamp") {
    return (size: number, after: readonly unknown[] | undefined) => search(plan, size, after);
  }
  let parts: readonly number[] = LAST_PARTS;
  return async (size: number, after: readonly unknown[] | undefined): Promise<SearchAnswer> => {
    const end = after === undefined ? range.end : Number(after[0]) + 1;
    for (const part of parts) {
      const start = Math.floor(end - (end - range.start) / part);
      const answer = await search({ ...plan, range: { start, end } }, size, after);
      if (answer.hits.hits.length === size) return answer;
      // Too few there will be too few for the pages behind this one.
      parts = parts.slice(1);
    }
    return search({ ...plan, range: { start: range.start, end } }, size, after);
  };
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
