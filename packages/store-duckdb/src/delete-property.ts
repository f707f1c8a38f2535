import { BIGINT, LIST, VARCHAR, listValue, type DuckDBConnection } from "@duckdb/node-api";
import {
  flatten,
  isObject,
  moveToOverflow,
  rawWithout,
  takeProperty,
  type Exception,
  type JsonObject,
  type PropertyDeletion,
} from "@millrace/core";
import { run } from "./connection.ts";
import { compileRejected, type Rejected } from "./rewrite-rejected.ts";
import { identifier } from "./schema.ts";
import { createBinder, literal, type Binder, type Statement } from "./statement.ts";
import { eventTables } from "./tables.ts";

/** Events of one transaction: appends wait no longer than for one of their own groups. */
const SLICE_EVENTS = 10_000;

/** Events by their identity time: from the first on, before the second. */
export type Slice = readonly [from: number, to: number];

/**
 * Where the events lie that may have the property, in pieces of {@link SLICE_EVENTS}. By identity times, because they are what never
 * changes: a row's place does, as soon as rows are rewritten.
 */
export function compileSlices(where: PropertyDeletion): Statement {
  const binder = createBinder();
  return binder.statement(
    `SELECT min("id_time"), max("id_time") + 1 FROM (
      SELECT "id_time", (row_number() OVER (ORDER BY "id_time") - 1) // ${literal(SLICE_EVENTS)} AS slice
      FROM events WHERE ${mayHave(binder, where)}) GROUP BY slice ORDER BY 1`,
  );
}

/** Slices that do not overlap: of events of one instant all are in the first of those that hold some. */
export function decodeSlices(rows: readonly (readonly unknown[])[]): Slice[] {
  const ends = rows.map(([from, to]) => [Number(from), Number(to)] as const);
  return ends.flatMap(([from, to], i) => {
    const start = Math.max(from, ends[i - 1]?.[1] ?? from);
    return start < to ? [[start, to] as const] : [];
  });
}

/** Takes the property out of the events of a slice, inside the caller's transaction. Answers of how many. */
export async function deletePropertyIn(
  connection: DuckDBConnection,
  where: PropertyDeletion,
  slice: Slice,
): Promise<number> {
  let events = 0;
  for (const table of await eventTables(connection)) {
    const changed = await changedRows(connection, table, where, slice);
    if (changed.length === 0) continue;
    const gone = createBinder();
    const maps = ["strings", "numbers", "booleans", "json", "elements"].map(
      (name) => `"${name}" = ${withoutKeys(gone, name, where.property)}`,
    );
    const { sql, values, types } = gone.statement(maps.join(", "));
    const at = values.length;
    const lists = [changed.map(({ row }) => row), changed.map(({ properties }) => properties)].map(listValue);
    await run(connection, {
      sql: `UPDATE ${identifier(table)} SET "properties" = "new"."text", "overflow" = "new"."tokens", ${sql}
        FROM (SELECT unnest($${at + 1}) AS "row", unnest($${at + 2}) AS "text", unnest($${at + 3}) AS "tokens") AS "new"
        WHERE ${identifier(table)}.rowid = "new"."row"`,
      values: [...values, ...lists, listValue(changed.map(({ overflow }) => listValue(overflow)))],
      types: [...types, LIST(BIGINT), LIST(VARCHAR), LIST(LIST(VARCHAR))],
    });
    events += changed.length;
  }
  return events;
}

/** Where the rejected events lie that may have the property. */
export function compileRejectedWith(where: PropertyDeletion): Statement {
  return compileRejected(where, (binder) => holdsNames(binder, "raw", where.property));
}

/** A rejected event without the property; nothing where it has none. */
export function rejectedWithout(rejected: Rejected, where: PropertyDeletion): Exception | undefined {
  const raw = rawWithout(rejected.raw, rejected, where);
  return raw === undefined ? undefined : { ...rejected, raw };
}

interface Changed {
  readonly row: bigint;
  /** As JSON text, as an append writes it. */
  readonly properties: string;
  readonly overflow: readonly string[];
}

async function changedRows(
  connection: DuckDBConnection,
  table: string,
  where: PropertyDeletion,
  [from, to]: Slice,
): Promise<Changed[]> {
  const binder = createBinder();
  const rows = await run(
    connection,
    binder.statement(
      `SELECT rowid, "properties", "overflow" FROM ${identifier(table)} WHERE ${mayHave(binder, where)}
        AND "id_time" >= ${literal(from)} AND "id_time" < ${literal(to)}`,
    ),
  );
  return rows.getRowsJS().flatMap((each) => {
    const [row, text, overflow] = each as [bigint, string, string[]];
    const properties: unknown = JSON.parse(text);
    const parted = isObject(properties) ? takeProperty(properties, where.property) : undefined;
    if (!parted) return [];
    const gone = overflow.length > 0 ? tokensOf(parted.taken) : NONE;
    return [{ row, properties: JSON.stringify(parted.left), overflow: overflow.filter((token) => !gone.has(token)) }];
  });
}

const NONE: ReadonlySet<string> = new Set();

/** What the properties would be in the overflow as. */
function tokensOf(properties: JsonObject): ReadonlySet<string> {
  return new Set(moveToOverflow(flatten(properties), () => false).overflow);
}

/** A map without a path and what lies below it. */
function withoutKeys(binder: Binder, name: string, path: string): string {
  const [own, below] = [binder.text(path), binder.text(`${path}.`)];
  return `map_from_entries(list_filter(map_entries("${name}"),
    lambda entry: entry.key != ${own} AND NOT starts_with(entry.key, ${below})))`;
}

function mayHave(binder: Binder, where: PropertyDeletion): string {
  const { project, collection, property, receivedBefore } = where;
  return [
    `"project" = ${binder.text(project)}`,
    `"collection" = ${binder.text(collection)}`,
    `"received_at" < ${literal(receivedBefore)}`,
    holdsNames(binder, "properties", property),
  ].join(" AND ");
}

/** True for JSON with each name of the path somewhere in it: few of the others have to be read. */
function holdsNames(binder: Binder, column: string, path: string): string {
  const names = [...new Set(path.split("."))];
  return names.map((name) => `contains("${column}", ${binder.text(`${JSON.stringify(name)}:`)})`).join(" AND ");
}
