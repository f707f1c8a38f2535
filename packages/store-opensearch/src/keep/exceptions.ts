import { MillraceError, isObject, type EarlierException } from "@millrace/core";
import { createHash } from "node:crypto";
import type { Driver } from "../client/driver.ts";
import { createSearcher } from "../client/search.ts";
import { compositePages } from "../query/composite.ts";
import { sendBulk } from "../write/bulk.ts";
import { exceptionAliases, exceptionId, type ExceptionParts } from "./exception-place.ts";
import { EXCEPTION_COUNT, HOUR_SOURCE } from "./ledger.ts";

/** Documents looked up or written together. */
const BULK = 500;
const NOTE_MS = 60_000;

/**
 * Takes back what an earlier delivery has recorded. Only what a collector records: what a deletion has noted is a later end than
 * any. Looked up in real time, and taken back only as it was found.
 * @throws MillraceError `ServiceUnavailable` when that is not possible until the deadline: the events must come back
 */
export async function withdraw(
  parts: ExceptionParts,
  stored: readonly EarlierException[],
  deadline: number,
): Promise<void> {
  const aliasOf = await exceptionAliases(parts);
  const shared = parts.names.exceptions;
  // The alias of all exceptions is read over every month's index, and one document can only be got from one.
  const sharedIndex = stored.some(({ receivedAt }) => aliasOf(receivedAt) === shared)
    ? await writeIndexOf(parts.driver, shared)
    : shared;
  const placeOf = (receivedAt: number): string => {
    const alias = aliasOf(receivedAt);
    return alias === shared ? sharedIndex : alias;
  };
  for (let at = 0; at < stored.length; at += BULK) {
    const docs = stored
      .slice(at, at + BULK)
      .map((event) => ({ _index: placeOf(event.receivedAt), _id: exceptionId(event), _source: ["outcome"] }));
    const timeoutMs = deadline - parts.clock.now();
    if (timeoutMs <= 0) throw notWithdrawn();
    const answer = await parts.driver.ask<{ docs: readonly Found[] }>(
      { method: "POST", path: "/_mget", body: { docs } },
      { timeoutMs },
    );
    const items = answer.docs.filter(isWithdrawable).map((doc) => ({
      action: JSON.stringify({
        delete: { _index: doc._index, _id: doc._id, if_seq_no: doc._seq_no, if_primary_term: doc._primary_term },
      }),
    }));
    if (items.length === 0) continue;
    const results = await sendBulk({ ...parts, requireAlias: false }, items, deadline);
    // 409: something newer has taken its place. 404 comes as a state of the partition, or it has gone already.
    if (results.some(({ kind }) => kind !== "written" && kind !== "conflict")) throw notWithdrawn();
  }
}

/** The index that writes to an alias go to: the one that is marked, or the only one. */
async function writeIndexOf(driver: Driver, alias: string): Promise<string> {
  const found = await driver.ask<Record<string, { aliases: Record<string, { is_write_index?: boolean }> }>>({
    method: "GET",
    path: `/_alias/${alias}`,
  });
  const indexes = Object.entries(found);
  const marked = indexes.find(([, { aliases }]) => aliases[alias]?.is_write_index === true);
  return marked?.[0] ?? indexes[0]?.[0] ?? alias;
}

interface Found {
  readonly found?: boolean;
  readonly error?: unknown;
  readonly _index: string;
  readonly _id: string;
  readonly _seq_no: number;
  readonly _primary_term: number;
  readonly _source?: { readonly outcome?: string };
}

function isWithdrawable(doc: Found): boolean {
  if (doc.error !== undefined) throw notWithdrawn();
  return doc.found === true && (doc._source?.outcome === "rejected" || doc._source?.outcome === "duplicate");
}

function notWithdrawn(): MillraceError {
  return new MillraceError("ServiceUnavailable", "An exception of an event that is stored could not be taken back.");
}

/**
 * Drops the exceptions of a month with it. Of each hour, outcome and reason the number stays, so that the ledger of the time holds;
 * the raw events, and who they were of, are gone.
 */
export async function dropExceptions(parts: ExceptionParts, month: string): Promise<void> {
  const { driver, names } = parts;
  const alias = names.exceptionsOf(month);
  const found = await driver.ask<Record<string, unknown>>(
    { method: "GET", path: `/_alias/${alias}` },
    { ignore: [404] },
  );
  const indexes = Object.keys(found).filter((index) => index.startsWith(`${alias}-v`));
  if (indexes.length === 0) return;
  // What is counted must be what is dropped.
  for (const index of indexes) await driver.ask({ method: "PUT", path: `/${index}/_block/write` });
  await driver.ask({ method: "POST", path: `/${alias}/_refresh` });
  const searcher = createSearcher(driver, { aliases: alias });
  const by = ["project", "outcome", "reason"].map((field) => ({ [field]: { terms: { field } } }));
  const keys = { sources: [HOUR_SOURCE, ...by], filters: [], bucket: () => 0 };
  const question = { query: { match_all: {} }, keys, inline: EXCEPTION_COUNT, bucketsPerRow: 1 };
  try {
    for await (const page of compositePages(searcher, question, { snapshot: true })) {
      for (let at = 0; at < page.length; at += BULK) {
        const items = page.slice(at, at + BULK).map((row) => {
          const { project, hour, outcome, reason } = row.key;
          const id = createHash("sha256")
            .update(JSON.stringify(["exceptions", month, project, hour, outcome, reason]))
            .digest("hex");
          const { value: count } = row["count"] as { readonly value: number };
          return {
            action: JSON.stringify({ create: { _index: names.exceptions, _id: `#${id}` } }),
            source: JSON.stringify({ project, received_at: hour, outcome, reason, count }),
          };
        });
        const results = await sendBulk(parts, items, parts.clock.now() + NOTE_MS);
        if (results.every(({ kind }) => kind === "written" || kind === "conflict")) continue;
        throw new MillraceError("ServiceUnavailable", "The exceptions of a month could not be counted; they stay.");
      }
    }
  } finally {
    await searcher.release();
  }
  for (const index of indexes) await driver.ask({ method: "DELETE", path: `/${index}` }, { ignore: [404] });
}

/** Forgets the raw form of events that were received before, and rejected. Answers how many. */
export async function forgetRaw(driver: Driver, alias: string, before: number, maxMs: number): Promise<number> {
  const answer = await driver.ask<unknown>(
    {
      method: "POST",
      path: `/${alias}/_update_by_query`,
      query: { conflicts: "proceed", refresh: true },
      body: {
        query: {
          bool: {
            filter: [{ term: { outcome: "rejected" } }, { range: { received_at: { lt: before } } }],
            must_not: [{ exists: { field: "raw_forgotten" } }],
          },
        },
        script: { lang: "painless", source: "ctx._source.raw = null; ctx._source.raw_forgotten = true" },
      },
    },
    { timeoutMs: maxMs },
  );
  return isObject(answer) && typeof answer["updated"] === "number" ? answer["updated"] : 0;
}
