// What is done on one connection: a statement, its rows, a transaction. Which connection, and when, is the driver's.
import {
  DuckDBListVector,
  DuckDBTypeId,
  JSDuckDBValueConverter,
  type DuckDBConnection,
  type DuckDBMaterializedResult,
  type DuckDBResultReader,
  type DuckDBVector,
} from "@duckdb/node-api";
import { atExpenseOf, inStints } from "@millrace/core";
import type { Statement } from "./statement.ts";

/** Rows as DuckDB gives them, cells in JavaScript's terms (BIGINT is a bigint, a list of hashes a BigUint64Array). */
export type Rows = readonly (readonly unknown[])[];

/** Runs one SELECT and reads all of it; an abort interrupts it. */
export async function readInterruptible(
  connection: DuckDBConnection,
  statement: Statement,
  signal: AbortSignal,
): Promise<Rows> {
  signal.throwIfAborted();
  // An interrupt that comes before the statement has started is lost, so it is repeated until the statement ends.
  let repeat: NodeJS.Timeout | undefined;
  const interrupt = () => {
    connection.interrupt();
    repeat = setInterval(() => connection.interrupt(), 20);
  };
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    return await rowsOf(connection, statement, signal);
  } finally {
    signal.removeEventListener("abort", interrupt);
    clearInterval(repeat);
  }
}

/** Piece by piece, in stints: what a hundred thousand rows become in JavaScript takes half a second. */
async function rowsOf(connection: DuckDBConnection, statement: Statement, signal: AbortSignal): Promise<Rows> {
  const result = await resultOf(connection, statement);
  const rows: unknown[][] = [];
  // Whether there is more is known: asking for a piece behind the last would be one more turn of the event loop for every statement.
  const isAtHand = result.rowCount <= AT_HAND;
  for (let at = 0; rows.length < result.rowCount; at++) {
    const piece = isAtHand ? result.getChunk(at) : await result.fetchChunk();
    signal.throwIfAborted();
    if (!piece || (piece.rowCount === 0 && !isAtHand)) break;
    const places = Array.from({ length: piece.rowCount }).keys();
    const vectors = Array.from({ length: piece.columnCount }, (_, i) => piece.getColumnVector(i));
    const read = (at: number): void => void rows.push(rowOf(vectors, at));
    // Paid for already: the slot is held until its rows are there.
    await atExpenseOf(NOBODY, () => inStints(places, read));
  }
  return rows;
}

/** As DuckDB's client has them, but for hashes: half a million of them are numbers side by side, not an object each. */
function rowOf(vectors: readonly DuckDBVector[], at: number): unknown[] {
  return vectors.map((vector) =>
    isHashes(vector)
      ? hashesOf(vector, at)
      : JSDuckDBValueConverter(vector.getItem(at), vector.type, JSDuckDBValueConverter),
  );
}

function isHashes(vector: DuckDBVector): vector is DuckDBListVector {
  return vector instanceof DuckDBListVector && vector.type.valueType.typeId === DuckDBTypeId.UBIGINT;
}

function hashesOf(lists: DuckDBListVector, at: number): BigUint64Array | null {
  const list = lists.getItemVector(at);
  if (!list) return null;
  // The client has them as they are, and shows them one by one.
  const items: unknown = Reflect.get(list, "items");
  return items instanceof BigUint64Array ? items : BigUint64Array.from(list.toArray() as bigint[]);
}

/** So many rows are taken at once, of which each piece may have a few: to fetch one takes turns of the event loop. */
const AT_HAND = 2_048;

const NOBODY = (): void => {};

/** The connection's own `run` takes the text apart into statements first. This one is one. */
async function resultOf(
  connection: DuckDBConnection,
  { sql, values, types }: Statement,
): Promise<DuckDBMaterializedResult> {
  if (values.length === 0) return connection.run(sql);
  const prepared = await connection.prepare(sql);
  try {
    prepared.bind([...values], [...types]);
    return await prepared.run();
  } finally {
    prepared.destroySync();
  }
}

/** Runs one statement with its bound values on a connection and reads all of it. */
export async function run(
  connection: DuckDBConnection,
  { sql, values, types }: Statement,
): Promise<DuckDBResultReader> {
  return values.length === 0
    ? await connection.runAndReadAll(sql)
    : await connection.runAndReadAll(sql, [...values], [...types]);
}

/** Runs `work` in one transaction: committed when it is done, undone when it throws. */
export async function transaction<T>(
  connection: DuckDBConnection,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  await connection.run("BEGIN TRANSACTION");
  try {
    const result = await work(connection);
    await connection.run("COMMIT");
    return result;
  } catch (thrown) {
    // A failed COMMIT has rolled back already; then this one fails, and the first error is the one that says why.
    await connection.run("ROLLBACK").catch(() => undefined);
    throw thrown;
  }
}
