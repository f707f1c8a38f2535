import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { AcceptedRow } from "@millrace/core";
import { createClaim } from "./embedded-claim.ts";
import type { Call, DeadLetter, DeadLetterFilter, OperationName, Operations } from "./embedded-protocol.ts";

type Handlers = { [Name in OperationName]: (args: Operations[Name]["args"]) => Operations[Name]["result"] };

/**
 * Every operation of the queue on an open file, synchronous and without transactions of its own: the worker puts what waits
 * together into one.
 */
export function createOperations(database: DatabaseSync, maxReceiveCount: number): (call: Call) => unknown {
  const insertMessage = database.prepare(
    "INSERT INTO message (project, sent_at, visible_at, hour, events) VALUES (?, ?, ?, ?, ?)",
  );
  const insertBody = database.prepare("INSERT INTO body (seq, text) VALUES (?, ?)");
  const addAccepted = database.prepare(
    "INSERT INTO accepted (project, hour, events) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET events = events + excluded.events",
  );
  const LATEST = "seq = ? AND deliveries = ? AND dead_at IS NULL";
  const deleteMessage = database.prepare(`DELETE FROM message WHERE ${LATEST}`);
  const deleteBody = database.prepare("DELETE FROM body WHERE seq = ?");
  const setVisible = database.prepare(`UPDATE message SET visible_at = ? WHERE ${LATEST}`);
  const bury = database.prepare(`UPDATE message SET dead_at = ? WHERE ${LATEST}`);
  // Three small answers from indexes: one pass over the table would hold up every send behind a long backlog.
  const liveCounts = database.prepare(
    `SELECT count(*) FILTER (WHERE visible_at <= :now) AS visible, count(*) FILTER (WHERE visible_at > :now) AS in_flight
     FROM message INDEXED BY message_live WHERE dead_at IS NULL`,
  );
  const deadCount = database.prepare(
    "SELECT count(*) AS dead FROM message INDEXED BY message_dead WHERE dead_at IS NOT NULL",
  );
  const oldest = database.prepare("SELECT sent_at FROM message WHERE dead_at IS NULL ORDER BY seq LIMIT 1");
  const accepted = database.prepare(
    "SELECT hour, events AS count FROM accepted WHERE project = ? AND hour >= ? AND hour < ? ORDER BY hour",
  );
  const deadEvents = database.prepare(
    `SELECT hour, sum(events) AS count FROM message
     WHERE dead_at IS NOT NULL AND project = ? AND hour >= ? AND hour < ? GROUP BY hour ORDER BY hour`,
  );

  const handlers: Handlers = {
    send({ group, body, hour, events, now }) {
      const { lastInsertRowid } = insertMessage.run(group, now, now, hour, events);
      insertBody.run(lastInsertRowid, body);
      addAccepted.run(group, hour, events);
    },
    receive: createClaim(database, maxReceiveCount),
    ack({ receipts }) {
      for (const [seq, delivery] of receipts.map(parseReceipt)) {
        if (deleteMessage.run(seq, delivery).changes > 0) deleteBody.run(seq);
      }
    },
    setVisible({ receipts, visibleAt }) {
      for (const [seq, delivery] of receipts.map(parseReceipt)) setVisible.run(visibleAt, seq, delivery);
    },
    bury({ receipts, now }) {
      for (const [seq, delivery] of receipts.map(parseReceipt)) bury.run(now, seq, delivery);
    },
    stats({ now }) {
      const live = liveCounts.get({ now });
      const sentAt = oldest.get()?.["sent_at"];
      return {
        visible: Number(live?.["visible"]),
        inFlight: Number(live?.["in_flight"]),
        dead: Number(deadCount.get()?.["dead"]),
        oldestAgeMs: typeof sentAt === "number" ? Math.max(0, now - sentAt) : null,
      };
    },
    accepted: ({ group, from, to }) => accepted.all(group, from, to).map(toAcceptedRow),
    deadEvents: ({ group, from, to }) => deadEvents.all(group, from, to).map(toAcceptedRow),
    deadLetters(filter) {
      const { where, values } = deadWhere(filter);
      const rows = database
        .prepare(`SELECT * FROM message JOIN body USING (seq) WHERE ${where} ORDER BY seq LIMIT ?`)
        .all(...values, filter.limit ?? 100);
      return rows.map((row): DeadLetter => ({
        id: String(row["seq"]),
        group: String(row["project"]),
        body: String(row["text"]),
        events: Number(row["events"]),
        sentAt: Number(row["sent_at"]),
        deadAt: Number(row["dead_at"]),
        receiveCount: Number(row["receive_count"]),
      }));
    },
    redrive({ filter, now }) {
      const { where, values } = deadWhere(filter);
      const update = `UPDATE message SET dead_at = NULL, receive_count = 0, visible_at = ? WHERE ${where}`;
      return Number(database.prepare(update).run(now, ...values).changes);
    },
  };
  return (call) => dispatch(handlers, call);
}

function dispatch<Name extends OperationName>(handlers: Handlers, call: Call & { name: Name }): unknown {
  return handlers[call.name](call.args as Operations[Name]["args"]);
}

/** `<seq>.<delivery>`; anything else is a receipt of nothing: what is not a number is NULL in SQLite, which equals nothing. */
function parseReceipt(receipt: string): [seq: number, delivery: number] {
  const [, seq, delivery] = /^(\d{1,15})\.(\d{1,9})$/.exec(receipt) ?? [];
  return [Number(seq), Number(delivery)];
}

function deadWhere({ group, ids, afterId }: DeadLetterFilter): { where: string; values: SQLInputValue[] } {
  const conditions: [string, SQLInputValue][] = [];
  if (group !== undefined) conditions.push(["project = ?", group]);
  if (ids !== undefined)
    conditions.push(["seq IN (SELECT CAST(value AS INTEGER) FROM json_each(?))", JSON.stringify(ids)]);
  if (afterId !== undefined) conditions.push(["seq > ?", Number(afterId)]);
  return {
    where: ["dead_at IS NOT NULL", ...conditions.map(([condition]) => condition)].join(" AND "),
    values: conditions.map(([, value]) => value),
  };
}

function toAcceptedRow(row: Record<string, unknown>): AcceptedRow {
  return { hour: Number(row["hour"]), count: Number(row["count"]) };
}
