import { DuckDBInstance } from "@duckdb/node-api";

/**
 * Makes a store's file of one run several: that run again and again, each time as a run of its own, as the store would have sorted it
 * away. Loading ten million events through the store takes an hour of which nothing is measured.
 * @param replaced SQL for the columns that differ in the k-th of them, by name; `timestamp` among them
 */
export async function multiply(
  path: string,
  times: number,
  replaced: (k: number) => Readonly<Record<string, string>>,
): Promise<void> {
  const instance = await DuckDBInstance.create(path, { memory_limit: "1GB" });
  const connection = await instance.connect();
  await connection.run(`ALTER TABLE ${runOf(1)} RENAME TO source`);
  for (let k = 0; k < times; k++) {
    const columns = Object.entries(replaced(k)).map(([name, sql]) => `${sql} AS ${name}`);
    await connection.run(`
      CREATE TABLE ${runOf(k + 1)} AS SELECT * REPLACE (${columns.join(", ")}) FROM source ORDER BY project, timestamp, id`);
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
