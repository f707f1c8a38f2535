import { INTEGER, LIST, VARCHAR, listValue, type DuckDBConnection } from "@duckdb/node-api";
import {
  HOUR_MS,
  type ArrivalsRow,
  type Exception,
  type LedgerOutcome,
  type OutcomesQuery,
  type OutcomesRow,
  type Provenance,
} from "@millrace/core";
import { run } from "./connection.ts";
import { createBinder, literal, type Binder, type Statement } from "./statement.ts";

/** Writes exceptions inside the caller's transaction; one with the same provenance is replaced. */
export async function replaceExceptions(connection: DuckDBConnection, exceptions: readonly Exception[]): Promise<void> {
  // The last of one provenance wins, also within a call.
  const latest = [...new Map(exceptions.map((e) => [`${e.ordinal} ${e.batch}`, e])).values()];
  await run(connection, {
    sql: `DELETE FROM exceptions WHERE ("batch", "ordinal") IN (SELECT unnest($1), unnest($2))`,
    values: [listValue(latest.map((e) => e.batch)), listValue(latest.map((e) => e.ordinal))],
    types: [LIST(VARCHAR), LIST(INTEGER)],
  });
  const appender = await connection.createAppender("exceptions");
  try {
    for (const e of latest) {
      appender.appendVarchar(e.batch);
      appender.appendInteger(e.ordinal);
      appender.appendVarchar(e.project);
      appender.appendVarchar(e.collection);
      appender.appendBigInt(BigInt(e.receivedAt));
      for (const text of [e.outcome, e.reason, e.detail]) appender.appendVarchar(text);
      if (e.raw === null) appender.appendNull();
      else appender.appendVarchar(e.raw);
      appender.appendInteger(e.count ?? 1);
      appender.endRow();
    }
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
}

/** Takes back what an earlier delivery has recorded, inside the caller's transaction; see the port. */
export async function withdrawExceptions(connection: DuckDBConnection, stored: readonly Provenance[]): Promise<void> {
  await run(connection, {
    sql: `DELETE FROM exceptions WHERE "outcome" IN ('rejected', 'duplicate')
      AND ("batch", "ordinal") IN (SELECT unnest($1), unnest($2))`,
    values: [listValue(stored.map((e) => e.batch)), listValue(stored.map((e) => e.ordinal))],
    types: [LIST(VARCHAR), LIST(INTEGER)],
  });
}

/** Forgets the raw form of events rejected long ago. Answers how many. */
export async function forgetRaw(connection: DuckDBConnection, before: number): Promise<number> {
  const reader = await connection.runAndReadAll(
    `UPDATE exceptions SET "raw" = NULL
      WHERE "outcome" = 'rejected' AND "raw" IS NOT NULL AND "received_at" < ${literal(before)}`,
  );
  return Number(reader.getRowsJS()[0]?.[0] ?? 0);
}

const RECEIPT_HOUR = `("received_at" // ${literal(HOUR_MS)}) * ${literal(HOUR_MS)}`;

function received({ text }: Pick<Binder, "text">, { project, from, to }: OutcomesQuery): string {
  return `"project" = ${text(project)} AND "received_at" >= ${literal(from)} AND "received_at" < ${literal(to)}`;
}

/** The newest running total by hour of receipt and ingest instance. */
export function compileArrivals(query: OutcomesQuery): Statement {
  const binder = createBinder();
  return binder.statement(
    `SELECT ${RECEIPT_HOUR}, "instance", max("accepted") FROM events WHERE ${received(binder, query)} GROUP BY 1, 2 ORDER BY 1, 2`,
  );
}

export function decodeArrivals(rows: readonly (readonly unknown[])[]): ArrivalsRow[] {
  return rows.map(([hour, instance, accepted]) => ({
    hour: Number(hour),
    instance: instance as string,
    accepted: Number(accepted),
  }));
}

/** Counts by hour of receipt: of the events themselves, and of the exceptions by outcome and reason. */
export function compileOutcomes(query: OutcomesQuery): Statement {
  const binder = createBinder();
  const where = received(binder, query);
  return binder.statement(
    `SELECT ${RECEIPT_HOUR}, 'stored', NULL, count(*) FROM events WHERE ${where} GROUP BY 1 ` +
      `UNION ALL SELECT ${RECEIPT_HOUR}, "outcome", "reason", sum("count") FROM exceptions WHERE ${where} GROUP BY 1, 2, 3 ` +
      "ORDER BY 1, 2, 3",
  );
}

export function decodeOutcomes(rows: readonly (readonly unknown[])[]): OutcomesRow[] {
  return rows.map(([hour, outcome, reason, count]) => ({
    hour: Number(hour),
    outcome: outcome as "stored" | LedgerOutcome,
    reason: reason as string | null,
    count: Number(count),
  }));
}
