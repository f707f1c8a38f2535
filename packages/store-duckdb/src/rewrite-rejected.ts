import { INTEGER, LIST, VARCHAR, listValue, type DuckDBConnection } from "@duckdb/node-api";
import type { DeleteWhere, Exception, Provenance } from "@millrace/core";
import { run } from "./connection.ts";
import { replaceExceptions } from "./ledger.ts";
import { createBinder, literal, type Binder, type Statement } from "./statement.ts";

/** Raw forms in memory at a time. Each may be 900 KB, and a stranger's mistakes may be millions. */
const PAGE_CHARS = 8_000_000;

/** Where the rejected events lie that were received before a time and whose raw form is not forgotten, and how long that is. */
export function compileRejected(
  { project, receivedBefore }: Pick<DeleteWhere, "project" | "receivedBefore">,
  also: (binder: Binder) => string = () => "true",
): Statement {
  const binder = createBinder();
  return binder.statement(
    `SELECT "batch", "ordinal", length("raw") FROM exceptions
      WHERE "project" = ${binder.text(project)} AND "outcome" = 'rejected' AND "raw" IS NOT NULL
        AND "received_at" < ${literal(receivedBefore)} AND ${also(binder)}`,
  );
}

/** Those of {@link compileRejected} in pages that can be read whole. */
export function rejectedPages(rows: readonly (readonly unknown[])[]): Provenance[][] {
  const pages: Provenance[][] = [];
  let chars = Infinity;
  for (const [batch, ordinal, length] of rows) {
    chars += Number(length);
    if (chars > PAGE_CHARS) {
      pages.push([]);
      chars = Number(length);
    }
    pages.at(-1)?.push({ batch: batch as string, ordinal: Number(ordinal) });
  }
  return pages;
}

/** A rejected event with its raw form. */
export type Rejected = Exception & { readonly raw: string };

/**
 * Replaces the exceptions of a page, inside the caller's transaction, where `replace` has another for them; what is rejected no longer
 * has had a later end meanwhile. Answers how many were replaced.
 */
export async function rewriteRejected(
  connection: DuckDBConnection,
  project: string,
  page: readonly Provenance[],
  replace: (rejected: Rejected) => Exception | undefined,
): Promise<number> {
  const reader = await run(connection, {
    sql: `SELECT "batch", "ordinal", "collection", "received_at", "reason", "detail", "raw" FROM exceptions
      WHERE "project" = $1 AND "outcome" = 'rejected' AND "raw" IS NOT NULL
        AND ("batch", "ordinal") IN (SELECT unnest($2), unnest($3))`,
    values: [project, listValue(page.map(({ batch }) => batch)), listValue(page.map(({ ordinal }) => ordinal))],
    types: [VARCHAR, LIST(VARCHAR), LIST(INTEGER)],
  });
  const others = reader.getRowsJS().flatMap((row) => {
    const [batch, ordinal, collection, received, reason, detail, raw] = row as Row;
    const receivedAt = Number(received);
    return replace({ project, batch, ordinal, collection, receivedAt, outcome: "rejected", reason, detail, raw }) ?? [];
  });
  if (others.length > 0) await replaceExceptions(connection, others);
  return others.length;
}

type Row = [
  batch: string,
  ordinal: number,
  collection: string,
  received: bigint,
  reason: string,
  detail: string,
  raw: string,
];
