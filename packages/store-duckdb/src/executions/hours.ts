import type { DuckDBConnection } from "@duckdb/node-api";
import { literal } from "../statement.ts";

export const HOUR_MS = 3_600_000;

/** The hour of a start, counted from 1970. */
export const HOUR = `started_at // ${HOUR_MS}`;

/** `runs` are the rows, `weight` what they stand for. */
const SUMS = `SELECT ${HOUR} AS hour, "function", status, cold, "trigger", fingerprint, duration_bucket, sum(weight)::BIGINT AS weight,
  max(memory) AS memory, max(started_at) AS last_at, count(*) AS runs FROM executions`;

/**
 * Makes the table of sums of whole hours, from which counts over a month are made: a twentieth of the rows. Every hour before the newest
 * that has executions is summed up, also of a file from before there were sums.
 * @returns the newest hour, 0 where there is none; the sums hold for all before it
 */
export async function prepareHours(connection: DuckDBConnection): Promise<number> {
  // From before there were `runs`: made anew from the executions, as another table.
  await connection.run("DROP TABLE IF EXISTS hours");
  await connection.run(`CREATE TABLE IF NOT EXISTS hour_sums AS ${SUMS} GROUP BY ALL LIMIT 0`);
  const [row] = (await connection.runAndReadAll(`SELECT coalesce(max(${HOUR}), 0) FROM executions`)).getRows();
  const newest = Number(row?.[0]);
  await connection.run(`INSERT INTO hour_sums ${SUMS} WHERE ${HOUR} < ${literal(newest)}
    AND ${HOUR} NOT IN (SELECT DISTINCT hour FROM hour_sums) GROUP BY ALL`);
  return newest;
}

/** Sums these hours anew, those before the newest. In the transaction that touched them: a search sees both or neither. */
export async function renewHours(
  connection: DuckDBConnection,
  hours: ReadonlySet<number>,
  newest: number,
): Promise<void> {
  for (const hour of hours) {
    if (hour >= newest) continue;
    const [from, to] = [hour * HOUR_MS, (hour + 1) * HOUR_MS].map(literal);
    await connection.run(`DELETE FROM hour_sums WHERE hour = ${literal(hour)}`);
    await connection.run(
      `INSERT INTO hour_sums ${SUMS} WHERE started_at >= ${from} AND started_at < ${to} GROUP BY ALL`,
    );
  }
}
