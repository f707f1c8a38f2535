import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  INTEGER,
  LIST,
  SMALLINT,
  TINYINT,
  UBIGINT,
  VARCHAR,
  listValue,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import {
  durationBucket,
  inStints,
  type Certainty,
  type ExecutionStatus,
  type FoundExecution,
  type StoredExecution,
} from "@millrace/core";
import { literal } from "../statement.ts";
import { HOUR, HOUR_MS } from "./hours.ts";

/** One column: how an execution is written to it. In the order of the table. */
interface Column {
  readonly name: string;
  readonly type: DuckDBType;
  readonly of: (execution: StoredExecution) => DuckDBValue;
}

/** By the hour of the day they come in the order of their start, so that a search of some hours reads only these. No index: an id is found by 64 bits of its hash. */
const COLUMNS: readonly Column[] = [
  { name: "started_at", type: BIGINT, of: ({ startedAt }) => BigInt(Math.trunc(startedAt)) },
  { name: "id", type: VARCHAR, of: ({ id }) => id },
  { name: "function", type: VARCHAR, of: (each) => each.function },
  { name: "duration_ms", type: DOUBLE, of: ({ durationMs }) => durationMs },
  { name: "duration_bucket", type: SMALLINT, of: ({ durationMs }) => durationBucket(durationMs) },
  { name: "status", type: VARCHAR, of: ({ status }) => status },
  { name: "cold", type: BOOLEAN, of: ({ cold }) => cold },
  { name: "trigger", type: VARCHAR, of: ({ trigger }) => trigger },
  { name: "memory", type: BIGINT, of: ({ memory }) => (memory === null ? null : BigInt(Math.trunc(memory))) },
  { name: "fingerprint", type: VARCHAR, of: ({ fingerprint }) => fingerprint },
  { name: "error", type: VARCHAR, of: ({ error }) => error },
  { name: "labels", type: LIST(VARCHAR), of: ({ labels }) => listValue([...labels]) },
  { name: "weight", type: INTEGER, of: ({ weight }) => weight },
  { name: "certainty", type: TINYINT, of: ({ certainty }) => certainty },
  { name: "bytes", type: INTEGER, of: ({ line }) => Buffer.byteLength(line) },
  { name: "line", type: VARCHAR, of: ({ line }) => line },
];

/** What {@link foundOf} reads; the line comes last where it is asked for. */
export const SELECTED =
  'id, "function", started_at, duration_ms, status, cold, trigger, memory, fingerprint, error, labels, weight, certainty';

/** 64 bits of an id: a column of eight bytes is gone through ten times as fast as one of 36 characters. */
export const hashOf = (id: string) => `md5_number_lower(${id})`;

export async function prepareExecutions(connection: DuckDBConnection): Promise<void> {
  const columns = COLUMNS.map(({ name, type }) => `"${name}" ${type.toString()}`).join(", ");
  await connection.run(`CREATE TABLE IF NOT EXISTS executions (${columns}, id_hash ${UBIGINT.toString()})`);
  await connection.run(`CREATE TEMP TABLE IF NOT EXISTS arrived AS SELECT * EXCLUDE (id_hash) FROM executions LIMIT 0`);
}

/**
 * Two lines about one run tell starts that are milliseconds apart (the platform's is computed). Looked for among the runs of all time,
 * what a put costs would grow with them.
 */
const APART_MS = HOUR_MS;

/** The condition of rows that may be about the same runs as these. */
export function around(executions: readonly StoredExecution[]): string {
  const [first, last] = executions.reduce(
    ([least, most], { startedAt }) => [Math.min(least, startedAt), Math.max(most, startedAt)],
    [Infinity, -Infinity],
  );
  return `started_at >= ${literal(Math.trunc(first) - APART_MS)} AND started_at <= ${literal(Math.trunc(last) + APART_MS)}`;
}

/**
 * Puts executions with different ids, in one transaction: what is there and not more certain is replaced.
 * @returns the hours that have other executions than before
 */
export async function putExecutions(
  connection: DuckDBConnection,
  executions: readonly StoredExecution[],
): Promise<Set<number>> {
  await connection.run("DELETE FROM arrived");
  const appender = await connection.createAppender("arrived", undefined, "temp");
  const append = (execution: StoredExecution): void => {
    for (const { type, of } of COLUMNS) appender.appendValue(of(execution), type);
    appender.endRow();
  };
  try {
    await inStints(executions, append);
  } finally {
    appender.closeSync();
  }
  const near = around(executions);
  await connection.run(`DELETE FROM arrived WHERE EXISTS (FROM (FROM executions WHERE ${near}) e
    WHERE e.id_hash = ${hashOf("arrived.id")} AND e.id = arrived.id AND e.certainty > arrived.certainty)`);
  const replaced = await connection.runAndReadAll(`DELETE FROM executions WHERE ${near}
    AND id_hash IN (SELECT ${hashOf("id")} FROM arrived) AND id IN (SELECT id FROM arrived) RETURNING ${HOUR}`);
  const put = await connection.runAndReadAll(`SELECT DISTINCT ${HOUR} FROM arrived`);
  await connection.run(`INSERT INTO executions SELECT *, ${hashOf("id")} FROM arrived`);
  return new Set([...replaced.getRows(), ...put.getRows()].map(([hour]) => Number(hour)));
}

export function rowOf(row: readonly unknown[]): StoredExecution {
  return { ...foundOf(row), line: String(row.at(-1)) };
}

export function foundOf(row: readonly unknown[]): FoundExecution {
  const [
    id,
    name,
    startedAt,
    durationMs,
    status,
    cold,
    trigger,
    memory,
    fingerprint,
    error,
    labels,
    weight,
    certainty,
  ] = row;
  return {
    id: String(id),
    function: String(name),
    startedAt: Number(startedAt),
    durationMs: Number(durationMs),
    status: status as ExecutionStatus,
    cold: cold === true,
    trigger: String(trigger),
    memory: memory === null ? null : Number(memory),
    fingerprint: fingerprint as string | null,
    error: error as string | null,
    labels: labels as string[],
    weight: Number(weight),
    certainty: Number(certainty) as Certainty,
  };
}
