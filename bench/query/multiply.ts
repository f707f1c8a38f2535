import { DuckDBInstance } from "@duckdb/node-api";
import { DAY, DAYS, START } from "./events.ts";

/**
 * Makes a store's file of a million events one of several million: that million squeezed into a part of the days, again and again, each
 * time as a run of its own, as the store would have sorted it away. Visitors are as many times as many and come back in every part;
 * visits stay as long as they were. Loading ten million events through the store takes an hour of which nothing is measured.
 */
export async function multiply(path: string, times: number): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const part = (DAYS * DAY) / times;
  await connection.run(`ALTER TABLE ${runOf(1)} RENAME TO source`);
  for (let k = 0; k < times; k++) {
    await connection.run(`
      CREATE TABLE ${runOf(k + 1)} AS SELECT * REPLACE (
        (${START + k * part} + (timestamp - ${START}) // ${times})::BIGINT AS timestamp,
        visitor || '-' || (ordinal % ${times}) AS visitor,
        's' || visitor || '-' || (ordinal % ${times}) || '-' || ${Math.floor((k * 4) / times)} AS visit_id)
      FROM source ORDER BY project, timestamp, id`);
  }
  await connection.run("DROP TABLE source");
  await connection.run("CHECKPOINT");
  connection.closeSync();
  instance.closeSync();
}

/** A sorted run's table, as the store calls it. */
function runOf(number: number): string {
  return `events_run_${String(number).padStart(6, "0")}`;
}
