import type { DuckDBConnection } from "@duckdb/node-api";
import type { StoredExecution } from "@millrace/core";
import { literal } from "../statement.ts";
import { HOUR_MS } from "./hours.ts";
import { around, hashOf } from "./table.ts";

const DAY_MS = 24 * HOUR_MS;
/** How long after its end a day is over: what comes later is filed one by one, which is dearer and leaves the rows out of order. */
const LATE_MS = HOUR_MS;

/** What a search for a label asks for; a row for each label of each execution. */
const FACTS = `started_at, "function", duration_ms, duration_bucket, status, cold, "trigger", memory, fingerprint, weight`;

const filed = (from: string, idHash: string) => `SELECT ${hashOf("label")} AS label, ${FACTS}, id_hash FROM
  (SELECT unnest(list_distinct(labels)) AS label, ${FACTS}, ${idHash} AS id_hash FROM ${from})`;

/**
 * Makes the table of executions by label, day by day in the order of the labels: those of one label lie side by side, and a search of a
 * month reads a few thousand rows of each day where it would go through the labels of all executions.
 * @returns the time before which all are filed, milliseconds UTC
 */
export async function prepareLabelled(connection: DuckDBConnection): Promise<number> {
  await connection.run(`CREATE TABLE IF NOT EXISTS labelled AS ${filed("executions", "id_hash")} LIMIT 0`);
  const last = await time(connection, "SELECT max(started_at) FROM labelled");
  return last === undefined ? Number.NEGATIVE_INFINITY : dayAfter(last);
}

/**
 * Files the oldest day that is over and is not filed yet.
 * @param filedTo what is before is filed
 * @param newest the hour that goes on
 * @returns the time before which all are filed now; the same when no day is over
 */
export async function fileNextDay(connection: DuckDBConnection, filedTo: number, newest: number): Promise<number> {
  const first = await time(connection, `SELECT min(started_at) FROM executions WHERE ${since(filedTo)}`);
  if (first === undefined) return filedTo;
  const end = dayAfter(first);
  if (newest * HOUR_MS < end + LATE_MS) return filedTo;
  const day = `(FROM executions WHERE ${since(filedTo)} AND started_at < ${literal(end)})`;
  await connection.run(`INSERT INTO labelled ${filed(day, "id_hash")} ORDER BY label, started_at`);
  return end;
}

/**
 * Files anew what `put` has just put of days that are filed.
 * @param put has arrived, and is still in the table of what has
 */
export async function refile(
  connection: DuckDBConnection,
  put: readonly StoredExecution[],
  filedTo: number,
): Promise<void> {
  if (put.every(({ startedAt }) => startedAt >= filedTo + HOUR_MS)) return;
  await connection.run(
    `DELETE FROM labelled WHERE ${around(put)} AND id_hash IN (SELECT ${hashOf("id")} FROM arrived)`,
  );
  const late = `(FROM arrived WHERE started_at < ${literal(filedTo)})`;
  await connection.run(`INSERT INTO labelled ${filed(late, hashOf("id"))} ORDER BY label, started_at`);
}

/** The condition of what is not filed. */
function since(filedTo: number): string {
  return Number.isFinite(filedTo) ? `started_at >= ${literal(filedTo)}` : "true";
}

async function time(connection: DuckDBConnection, sql: string): Promise<number | undefined> {
  const [row] = (await connection.runAndReadAll(sql)).getRows();
  return row?.[0] === null || row?.[0] === undefined ? undefined : Number(row[0]);
}

function dayAfter(ms: number): number {
  return (Math.floor(ms / DAY_MS) + 1) * DAY_MS;
}
