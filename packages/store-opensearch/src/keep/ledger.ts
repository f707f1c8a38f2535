import {
  HOUR_MS,
  MillraceError,
  type ArrivalsRow,
  type Exception,
  type LedgerOutcome,
  type OutcomesQuery,
  type OutcomesRow,
} from "@millrace/core";
import { createHash } from "node:crypto";
import { bulkBytesOf, inBulks, sendBulk, type BulkItem, type BulkParts, type BulkResult } from "../write/bulk.ts";
import type { Dsl } from "../query/compile-filter.ts";
import { compositePages, whole, type Row } from "../query/composite.ts";
import { exceptionDocument, minimalExceptionDocument } from "../write/document.ts";
import { exceptionAliases, exceptionId, type ExceptionParts } from "./exception-place.ts";
import type { Searcher } from "../client/search.ts";

const BULK = 500;

/**
 * Writes exceptions; one with the same provenance is replaced. One that the store refuses is written without what is long in it.
 * @throws MillraceError `ServiceUnavailable` when one could not be written until the deadline: its event must come back
 */
export async function writeExceptions(
  parts: ExceptionParts,
  exceptions: readonly Exception[],
  deadline: number,
): Promise<void> {
  // The last of one provenance wins, also within a call.
  const latest = new Map(exceptions.map((exception) => [exceptionId(exception), exception]));
  const most = { count: BULK, bytes: parts.bulkBytes };
  for (const bulk of inBulks(
    exceptionLines(await exceptionAliases(parts), latest),
    ({ item }) => bulkBytesOf(item),
    most,
  )) {
    const refused = await writeLines(parts, bulk, deadline);
    const minimal = refused.map(({ exception, item, problem }) => ({
      exception,
      item: { ...item, source: JSON.stringify(minimalExceptionDocument(exception, problem)) },
    }));
    for (const { problem } of await writeLines(parts, minimal, deadline)) throw notRecorded("refused", problem);
  }
}

interface ExceptionLine {
  readonly exception: Exception;
  readonly item: BulkItem;
}

function* exceptionLines(
  aliasOf: (receivedAt: number) => string,
  exceptions: ReadonlyMap<string, Exception>,
): Generator<ExceptionLine, undefined> {
  for (const [id, exception] of exceptions) {
    const action = JSON.stringify({ index: { _index: aliasOf(exception.receivedAt), _id: id } });
    yield { exception, item: { action, source: JSON.stringify(exceptionDocument(exception)) } };
  }
}

/** Answers the lines that the store refused, with the reason. */
async function writeLines(
  parts: BulkParts,
  lines: readonly ExceptionLine[],
  deadline: number,
): Promise<(ExceptionLine & { readonly problem: string })[]> {
  if (lines.length === 0) return [];
  const items = lines.map(({ item }) => item);
  const results = await sendBulk(parts, items, deadline);
  return lines.flatMap((line, i) => {
    const result = results[i] as BulkResult;
    if (result.kind === "written") return [];
    if (result.kind === "refused") return [{ ...line, problem: result.detail }];
    if (result.kind === "strict") return [{ ...line, problem: "the store knows no such field" }];
    throw notRecorded(result.kind, "detail" in result ? result.detail : "");
  });
}

function notRecorded(kind: string, detail: string): MillraceError {
  return new MillraceError("ServiceUnavailable", "An exception could not be recorded. Try again.", {
    context: { kind, detail },
  });
}

/** Counts by hour of receipt: of the events themselves, and of the exceptions by outcome and reason. */
export async function readOutcomes(
  events: Searcher,
  exceptions: Searcher,
  query: OutcomesQuery,
): Promise<OutcomesRow[]> {
  const rows: OutcomesRow[] = [];
  for (const { key, doc_count: count } of await hourly(events, query, [], {})) {
    rows.push({ hour: key["hour"] as number, outcome: "stored", reason: null, count });
  }
  for (const row of await hourly(exceptions, query, ["outcome", "reason"], EXCEPTION_COUNT)) {
    const { hour, outcome, reason } = row.key;
    const count = (row["count"] as { readonly value: number }).value;
    rows.push({ hour: hour as number, outcome: outcome as LedgerOutcome, reason: reason as string, count });
  }
  return rows.sort((a, b) => a.hour - b.hour);
}

/** The newest running total by hour of receipt and ingest instance. */
export async function readArrivals(events: Searcher, query: OutcomesQuery): Promise<ArrivalsRow[]> {
  const rows: ArrivalsRow[] = [];
  const accepted = { accepted: { max: { field: "accepted" } } };
  for (const row of await hourly(events, query, ["instance"], accepted)) {
    const { hour, instance } = row.key;
    const { value } = row["accepted"] as { readonly value: number };
    rows.push({ hour: hour as number, instance: instance as string, accepted: value });
  }
  return rows;
}

function hourly(
  searcher: Searcher,
  { project, from, to }: OutcomesQuery,
  by: readonly string[],
  inline: Readonly<Record<string, Dsl>>,
): Promise<Row[]> {
  const query: Dsl = {
    bool: { filter: [{ term: { project } }, { range: { received_at: { gte: from, lt: to } } }] },
  };
  const sources = [HOUR_SOURCE, ...by.map((field) => ({ [field]: { terms: { field } } }))];
  const keys = { sources, filters: [], bucket: () => 0 };
  const question = { query, keys, inline, bucketsPerRow: 1 };
  return whole(async (snapshot) => (await Array.fromAsync(compositePages(searcher, question, { snapshot }))).flat());
}

/** A document without a count is one event. */
export const EXCEPTION_COUNT = { count: { sum: { field: "count", missing: 1 } } };

export const HOUR_SOURCE = { hour: { date_histogram: { field: "received_at", fixed_interval: `${HOUR_MS}ms` } } };

/** Why events are about to leave the store, and a name of the occasion: the same one when it is tried again. */
export interface Leaving {
  readonly outcome: Extract<LedgerOutcome, "deleted" | "expired">;
  readonly reason: string;
  readonly occasion: string;
}

/**
 * Notes the events of a query as deleted or expired, by project and hour of receipt, before they are taken out: without it the
 * ledger would miss them. One document for each hour; written once for an occasion, so that trying again does not count twice.
 */
export async function noteLeaving(
  parts: BulkParts,
  searcher: Searcher,
  alias: string,
  query: Dsl,
  { outcome, reason, occasion }: Leaving,
): Promise<number> {
  const keys = { sources: [{ project: { terms: { field: "project" } } }, HOUR_SOURCE], filters: [], bucket: () => 0 };
  let events = 0;
  for await (const page of compositePages(
    searcher,
    { query, keys, inline: {}, bucketsPerRow: 1 },
    { snapshot: true },
  )) {
    for (let at = 0; at < page.length; at += BULK) {
      const items = page.slice(at, at + BULK).map(({ key, doc_count: count }) => {
        events += count;
        const { project, hour } = key;
        const id = createHash("sha256")
          .update(JSON.stringify([occasion, project, hour]))
          .digest("hex");
        return {
          action: JSON.stringify({ create: { _index: alias, _id: `#${id}` } }),
          source: JSON.stringify({ project, received_at: hour, outcome, reason, count }),
        };
      });
      const results = await sendBulk(parts, items, parts.clock.now() + NOTE_MS);
      if (results.every(({ kind }) => kind === "written" || kind === "conflict")) continue;
      throw new MillraceError("ServiceUnavailable", "What is to be deleted could not be noted. Nothing was deleted.");
    }
  }
  return events;
}

const NOTE_MS = 60_000;
