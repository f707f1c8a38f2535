import { DuckDBDataChunk, type DuckDBConnection } from "@duckdb/node-api";
import {
  identityTime,
  inStints,
  isEventId,
  type AppendOutcome,
  type Provenance,
  type StoredEvent,
} from "@millrace/core";
import { run } from "./connection.ts";
import { identityTimes } from "./identity-ranges.ts";
import { piecesOf, type Piece } from "./pieces.ts";
import { COLUMNS, COLUMN_TYPES } from "./schema.ts";
import { createBinder, literal, type Statement } from "./statement.ts";

/**
 * What one data chunk holds: so many ordinary events, or fewer large ones, which is some two milliseconds of this thread. DuckDB puts
 * chunks together to its vectors of 2,048 by itself.
 */
const CHUNK_WEIGHT = 64;

/**
 * Decides and writes one group of appends inside the caller's transaction. Uniqueness rests on three things: one writer (the
 * lane), the look-up and the insert in one transaction, and identity times that never change on a retry.
 * @param calls the events of each append call, in the order the calls came
 * @returns the outcomes per call, and how many events were written
 */
export async function appendCalls(
  connection: DuckDBConnection,
  calls: readonly (readonly StoredEvent[])[],
  table: string,
): Promise<{ outcomes: AppendOutcome[][]; stored: number }> {
  const known = await storedProvenances(connection, calls.flat().filter(isStorable));
  const fresh: StoredEvent[] = [];
  const decide = (event: StoredEvent): AppendOutcome => {
    const problem = unstorable(event);
    if (problem !== undefined) return { kind: "rejected", reason: "unstorable", detail: problem };
    const key = keyOf(event.project, event.id);
    const holder = known.get(key);
    if (holder === undefined) {
      known.set(key, event);
      fresh.push(event);
      return { kind: "stored" };
    }
    const same = holder.batch === event.batch && holder.ordinal === event.ordinal;
    return { kind: same ? "own-retry" : "duplicate" };
  };
  const outcomes = calls.map((events) => events.map(decide));
  if (fresh.length > 0) await insert(connection, table, fresh);
  return { outcomes, stored: fresh.length };
}

/** Who holds the ids already: by project and id, the provenance stored with them. */
async function storedProvenances(
  connection: DuckDBConnection,
  events: readonly StoredEvent[],
): Promise<Map<string, Provenance>> {
  const known = new Map<string, Provenance>();
  if (events.length === 0) return known;
  const reader = await run(connection, lookUp(events));
  const rows = reader.getRowsJS() as [project: string, id: string, batch: string, ordinal: number][];
  for (const [project, id, batch, ordinal] of rows) known.set(keyOf(project, id), { batch, ordinal });
  return known;
}

/** The ids of an append among the stored ones, looked for only where their identity times can be. */
export function lookUp(events: readonly Pick<StoredEvent, "id">[]): Statement {
  const binder = createBinder();
  const ids = binder.texts([...new Set(events.map(({ id }) => id))]);
  const { ranges, strays } = identityTimes(events.map(({ id }) => identityTime(id)));
  const places = ranges.map(([from, to]) => `BETWEEN ${literal(from)} AND ${literal(to)}`);
  // A list, not a join: DuckDB skips the row groups that can hold none of its values.
  if (strays.length > 0) places.push(`IN (${strays.map((time) => literal(time)).join(", ")})`);
  const neighbours = places.map(
    (place) => `SELECT "project", "id", "batch", "ordinal" FROM events WHERE "id_time" ${place}`,
  );
  return binder.statement(`SELECT * FROM (${neighbours.join(" UNION ALL ")}) WHERE "id" IN (SELECT unnest(${ids}))`);
}

async function insert(connection: DuckDBConnection, table: string, events: readonly StoredEvent[]): Promise<void> {
  const appender = await connection.createAppender(table);
  try {
    // With turns for requests between the chunks: the transaction is this lane's alone, whatever else the thread does meanwhile.
    const append = (piece: Piece | undefined): void => {
      if (!piece) return appender.flushSync();
      const { events: rows } = piece;
      const chunk = DuckDBDataChunk.create(COLUMN_TYPES, rows.length);
      chunk.setColumns(COLUMNS.map((column) => rows.map((event) => column.of(event))));
      appender.appendDataChunk(chunk);
    };
    await inStints([...piecesOf(events, CHUNK_WEIGHT), undefined], append, { isAwaited: true });
  } finally {
    appender.closeSync();
  }
}

function isStorable(event: StoredEvent): boolean {
  return unstorable(event) === undefined;
}

/** Why the columns cannot hold this event; it must not take its batch with it. */
function unstorable(event: StoredEvent): string | undefined {
  if (!isEventId(event.id)) return "The id is not an event id.";
  const whole = {
    timestamp: event.timestamp,
    receivedAt: event.receivedAt,
    sequence: event.sequence,
    accepted: event.accepted,
  };
  for (const [name, value] of Object.entries(whole)) {
    if (!Number.isSafeInteger(value)) return `${name} is not a whole number.`;
  }
  if (!Number.isInteger(event.ordinal) || event.ordinal < 0 || event.ordinal > 0x7fff_ffff) {
    return "ordinal is not a place in a request.";
  }
  return undefined;
}

/** An id has no space in it, so the key is unambiguous whatever the project's name is. */
function keyOf(project: string, id: string): string {
  return `${id} ${project}`;
}
