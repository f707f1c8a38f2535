import type { DuckDBConnection } from "@duckdb/node-api";
import { COLUMNS, COLUMN_LIST, eventTable, EXCEPTIONS_COUNT, EXCEPTIONS_TABLE, identifier } from "./schema.ts";

/**
 * Where events lie. Appends go to the *hot* table, in the order of arrival. A hot table of about a million rows is set aside
 * (*full*), sorted by (project, timestamp) into a *run* and dropped: a tenant's query then touches that tenant's row groups, not
 * everybody's. `events` is the view over all of them. Each step is one transaction: killed anywhere, the next start finds either
 * the full table or its run, never both or neither.
 */
export const HOT = "events_hot";
const FULL = "events_full";
const RUN = /^events_run_(\d+)$/;

/** Rows of a run. Row groups hold 122,880 rows, so a run needs many of them before tenants lie apart. */
export const RUN_ROWS = 1_000_000;

/** Creates what is missing, and brings tables of an older version to the columns of this one. */
export async function prepareTables(connection: DuckDBConnection): Promise<void> {
  await connection.run("DROP VIEW IF EXISTS events");
  await connection.run(EXCEPTIONS_TABLE);
  await connection.run(EXCEPTIONS_COUNT);
  const old = await eventTables(connection);
  if (old.includes(HOT) && !(await isCurrent(connection, HOT))) await retireHot(connection, old.includes(FULL));
  for (const table of await eventTables(connection)) await addMissingColumns(connection, table);
  await connection.run(eventTable(HOT));
  await defineView(connection);
}

/** Rows in the hot table. */
export async function hotRows(connection: DuckDBConnection): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT count(*) FROM ${HOT}`);
  return Number(reader.getRowsJS()[0]?.[0]);
}

/** True when a full table waits to be sorted: an earlier process was stopped before it could. */
export async function hasFullTable(connection: DuckDBConnection): Promise<boolean> {
  return (await eventTables(connection)).includes(FULL);
}

/** Sets the hot table aside and starts an empty one. Milliseconds, whatever its size. */
export async function setHotAside(connection: DuckDBConnection): Promise<void> {
  // A view depends on its tables by name; without it the rename is free of dependants.
  await connection.run("DROP VIEW events");
  await connection.run(`ALTER TABLE ${HOT} RENAME TO ${FULL}`);
  await connection.run(eventTable(HOT));
  await defineView(connection);
}

/** Replaces the full table by a sorted run. */
export async function sortFullTable(connection: DuckDBConnection): Promise<void> {
  const runs = (await eventTables(connection)).flatMap((name) => Number(RUN.exec(name)?.[1] ?? []));
  const next = `events_run_${String(Math.max(0, ...runs) + 1).padStart(6, "0")}`;
  await connection.run(
    `CREATE TABLE ${identifier(next)} AS SELECT ${COLUMN_LIST} FROM ${FULL} ORDER BY "project", "timestamp", "id"`,
  );
  await connection.run("DROP VIEW events");
  await connection.run(`DROP TABLE ${FULL}`);
  await defineView(connection);
}

async function defineView(connection: DuckDBConnection): Promise<void> {
  const parts = (await eventTables(connection)).map((name) => `SELECT ${COLUMN_LIST} FROM ${identifier(name)}`);
  await connection.run(`CREATE OR REPLACE VIEW events AS ${parts.join(" UNION ALL ")}`);
}

/** The tables that hold events now. */
export async function eventTables(connection: DuckDBConnection): Promise<string[]> {
  const reader = await connection.runAndReadAll("SELECT table_name FROM duckdb_tables() ORDER BY table_name");
  return reader
    .getRowsJS()
    .map(([name]) => name as string)
    .filter((name) => name === HOT || name === FULL || RUN.test(name));
}

/** Data chunks go in by position, so the hot table must have exactly the columns of this version, in its order. */
async function isCurrent(connection: DuckDBConnection, table: string): Promise<boolean> {
  const present = await columnNames(connection, table);
  return present.length === COLUMNS.length && COLUMNS.every(({ name }, i) => name === present[i]);
}

/** Makes an outdated hot table (part of) the full one. */
async function retireHot(connection: DuckDBConnection, fullExists: boolean): Promise<void> {
  if (!fullExists) {
    await connection.run(`ALTER TABLE ${HOT} RENAME TO ${FULL}`);
    return;
  }
  for (const table of [HOT, FULL]) await addMissingColumns(connection, table);
  await connection.run(`INSERT INTO ${FULL} BY NAME SELECT ${COLUMN_LIST} FROM ${HOT}`);
  await connection.run(`DROP TABLE ${HOT}`);
}

async function columnNames(connection: DuckDBConnection, table: string): Promise<string[]> {
  const reader = await connection.runAndReadAll(
    "SELECT column_name FROM duckdb_columns() WHERE table_name = $1 ORDER BY column_index",
    [table],
  );
  return reader.getRowsJS().map(([name]) => name as string);
}

async function addMissingColumns(connection: DuckDBConnection, table: string): Promise<void> {
  const present = new Set(await columnNames(connection, table));
  for (const column of COLUMNS) {
    if (present.has(column.name)) continue;
    await connection.run(
      `ALTER TABLE ${identifier(table)} ADD COLUMN ${identifier(column.name)} ${column.type.toString()}`,
    );
  }
}
