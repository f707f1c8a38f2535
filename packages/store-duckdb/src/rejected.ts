import type { RejectedEvent, RejectedGroup, RejectedPage, RejectedQuery } from "@millrace/core";
import type { Compiled } from "./compile.ts";
import { createBinder, literal, type Binder } from "./statement.ts";

/** Counts by reason and collection, the most frequent first. */
export function compileRejectedGroups(query: RejectedQuery): Compiled<RejectedGroup[]> {
  const binder = createBinder();
  return {
    statement: binder.statement(
      `SELECT "reason", "collection", count(*), min("received_at"), max("received_at") FROM exceptions
        WHERE ${conditionOf(binder, query)} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
    ),
    decode: (rows) =>
      rows.map(([reason, collection, count, firstAt, lastAt]) => ({
        reason: reason as string,
        collection: collection as string,
        count: Number(count),
        firstAt: Number(firstAt),
        lastAt: Number(lastAt),
      })),
  };
}

/** A page of them with their raw form. */
export function compileRejectedEvents(query: RejectedQuery, { limit, after }: RejectedPage): Compiled<RejectedEvent[]> {
  const binder = createBinder();
  const further =
    after &&
    ` AND ("received_at", "batch", "ordinal") < (${literal(after.receivedAt)}, ${binder.text(after.batch)}, ${literal(after.ordinal)})`;
  return {
    statement: binder.statement(
      `SELECT "batch", "ordinal", "received_at", "collection", "reason", "detail", "raw" FROM exceptions
        WHERE ${conditionOf(binder, query)}${further ?? ""}
        ORDER BY "received_at" DESC, "batch" DESC, "ordinal" DESC LIMIT ${literal(limit)}`,
    ),
    decode: (rows) =>
      rows.map(([batch, ordinal, receivedAt, collection, reason, detail, raw]) => ({
        batch: batch as string,
        ordinal: Number(ordinal),
        receivedAt: Number(receivedAt),
        collection: collection as string,
        reason: reason as string,
        detail: detail as string,
        raw: raw as string | null,
      })),
  };
}

function conditionOf(binder: Binder, { project, from, to, reason, collection }: RejectedQuery): string {
  const conditions = [
    `"outcome" = 'rejected'`,
    `"project" = ${binder.text(project)}`,
    `"received_at" >= ${literal(from)}`,
    `"received_at" < ${literal(to)}`,
  ];
  if (reason !== undefined) conditions.push(`"reason" = ${binder.text(reason)}`);
  if (collection !== undefined) conditions.push(`"collection" = ${binder.text(collection)}`);
  return conditions.join(" AND ");
}
