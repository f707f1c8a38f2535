import {
  HOUR_MS,
  MillraceError,
  type Exception,
  type LedgerOutcome,
  type OutcomesQuery,
  type OutcomesRow,
} from "@millrace/core";
import { createHash } from "node:crypto";
import { sendBulk, type BulkParts } from "./bulk.ts";
import type { Dsl } from "./compile-filter.ts";
import { compositePages, type Row } from "./composite.ts";
import { exceptionDocument } from "./schema.ts";
import type { Searcher } from "./search.ts";

const BULK = 500;

/**
 * Writes exceptions; one with the same provenance is replaced.
 * @throws MillraceError `ServiceUnavailable` when one could not be written until the deadline: its event must come back
 */
export async function writeExceptions(
  parts: BulkParts,
  alias: string,
  exceptions: readonly Exception[],
  deadline: number,
): Promise<void> {
  // The last of one provenance wins, also within a call.
  const latest = [...new Map(exceptions.map((exception) => [exceptionId(exception), exception]))];
  for (let at = 0; at < latest.length; at += BULK) {
    const items = latest.slice(at, at + BULK).map(([id, exception]) => ({
      action: JSON.stringify({ index: { _index: alias, _id: id } }),
      source: JSON.stringify(exceptionDocument(exception)),
    }));
    const results = await sendBulk(parts, items, deadline);
    const failed = results.find(({ kind }) => kind !== "written");
    if (failed === undefined) continue;
    throw new MillraceError("ServiceUnavailable", "An exception could not be recorded. Try again.", {
      context: { kind: failed.kind, detail: "detail" in failed ? failed.detail : "" },
    });
  }
}

/** Provenance as a document id, whatever the batch's name looks like. */
function exceptionId({ batch, ordinal }: Exception): string {
  const id = `${batch}:${ordinal}`;
  return id.length <= 120 ? id : `#${createHash("sha256").update(id).digest("hex")}`;
}

/** Counts by hour of receipt: of the events themselves, and of the exceptions by outcome and reason. */
export async function readOutcomes(
  events: Searcher,
  exceptions: Searcher,
  query: OutcomesQuery,
): Promise<OutcomesRow[]> {
  const rows: OutcomesRow[] = [];
  for await (const page of hourly(events, query, [])) {
    for (const { key, doc_count: count } of page) {
      rows.push({ hour: key["hour"] as number, outcome: "stored", reason: null, count });
    }
  }
  for await (const page of hourly(exceptions, query, ["outcome", "reason"])) {
    for (const { key, doc_count: count } of page) {
      const { hour, outcome, reason } = key;
      rows.push({ hour: hour as number, outcome: outcome as LedgerOutcome, reason: reason as string, count });
    }
  }
  return rows.sort((a, b) => a.hour - b.hour);
}

function hourly(
  searcher: Searcher,
  { project, from, to }: OutcomesQuery,
  by: readonly string[],
): AsyncGenerator<Row[]> {
  const query: Dsl = {
    bool: { filter: [{ term: { project } }, { range: { received_at: { gte: from, lt: to } } }] },
  };
  const hour = { hour: { date_histogram: { field: "received_at", fixed_interval: `${HOUR_MS}ms` } } };
  const sources = [hour, ...by.map((field) => ({ [field]: { terms: { field } } }))];
  const keys = { sources, filters: [], bucket: () => 0 };
  return compositePages(searcher, { query, keys, inline: {}, bucketsPerRow: 1 }, { snapshot: false });
}
