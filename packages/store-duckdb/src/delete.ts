import type { DuckDBConnection } from "@duckdb/node-api";
import { deletableOf, deletionReason, isDeleted, type DeleteWhere, type Exception } from "@millrace/core";
import { run } from "./connection.ts";
import type { Rejected } from "./rewrite-rejected.ts";
import { identifier } from "./schema.ts";
import { createBinder, literal, type Binder, type Statement } from "./statement.ts";
import { eventTables } from "./tables.ts";

const DETAIL = "It was deleted.";

export function compileCountWhere(where: DeleteWhere): Statement {
  const binder = createBinder();
  return binder.statement(`SELECT count(*) FROM events WHERE ${conditionOf(binder, where)}`);
}

/**
 * Deletes inside the caller's transaction: first the exceptions that take the events' places, then the events, so that a commit
 * moves each from one end to the other. The caller makes sure that no table is being sorted away meanwhile. Answers how many.
 */
export async function deleteEvents(connection: DuckDBConnection, where: DeleteWhere): Promise<number> {
  await execute(
    connection,
    (binder) =>
      `DELETE FROM exceptions WHERE ("batch", "ordinal") IN
        (SELECT "batch", "ordinal" FROM events WHERE ${conditionOf(binder, where)})`,
  );
  await execute(
    connection,
    (binder) =>
      `INSERT INTO exceptions ("batch", "ordinal", "project", "collection", "received_at", "outcome", "reason", "detail", "raw")
        SELECT "batch", "ordinal", "project", "collection", "received_at",
          'deleted', ${binder.text(deletionReason(where))}, ${binder.text(DETAIL)}, NULL
        FROM events WHERE ${conditionOf(binder, where)}`,
  );
  let events = 0;
  for (const table of await eventTables(connection)) {
    events += await execute(
      connection,
      (binder) => `DELETE FROM ${identifier(table)} WHERE ${conditionOf(binder, where)}`,
    );
  }
  return events;
}

/** The exception that takes the place of a rejected event's, where the deletion takes that event. Its raw form has no columns. */
export function forgottenOf({ raw, ...rejected }: Rejected, where: DeleteWhere): Exception | undefined {
  if (!isDeleted(deletableOf(JSON.parse(raw), rejected), [where])) return undefined;
  return { ...rejected, outcome: "deleted", reason: deletionReason(where), detail: DETAIL, raw: null };
}

function conditionOf(
  binder: Binder,
  { project, ids, visitor, collection, from, to, receivedBefore }: DeleteWhere,
): string {
  const conditions = [`"project" = ${binder.text(project)}`, `"received_at" < ${literal(receivedBefore)}`];
  if (ids) conditions.push(ids.length === 0 ? "false" : `"id" IN (${ids.map((id) => binder.text(id)).join(", ")})`);
  if (visitor !== undefined) conditions.push(`"visitor" = ${binder.text(visitor)}`);
  if (collection !== undefined) conditions.push(`"collection" = ${binder.text(collection)}`);
  if (from !== undefined) conditions.push(`"timestamp" >= ${literal(from)}`);
  if (to !== undefined) conditions.push(`"timestamp" < ${literal(to)}`);
  return conditions.join(" AND ");
}

/** Runs one changing statement. Answers how many rows it changed. */
async function execute(connection: DuckDBConnection, sql: (binder: Binder) => string): Promise<number> {
  const binder = createBinder();
  const text = sql(binder);
  const reader = await run(connection, binder.statement(text));
  return Number(reader.getRowsJS()[0]?.[0] ?? 0);
}
