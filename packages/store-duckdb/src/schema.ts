import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  INTEGER,
  LIST,
  MAP,
  VARCHAR,
  listValue,
  mapValue,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import { STANDARD_FIELDS, identityTime, type FieldKind, type StandardField, type StoredEvent } from "@millrace/core";

/**
 * The one table of columns: the DDL, the data chunks of an append and the union view are all made from it. No primary key: an
 * index would double the file and turn a 20 ms delete into a minute; uniqueness is the append lane's work (append.ts).
 */
export interface Column {
  readonly name: string;
  readonly type: DuckDBType;
  readonly of: (event: StoredEvent) => DuckDBValue;
}

const TYPES: Record<FieldKind, DuckDBType> = {
  string: VARCHAR,
  number: DOUBLE,
  boolean: BOOLEAN,
  datetime: BIGINT,
  strings: LIST(VARCHAR),
};

const column = (name: string, type: DuckDBType, of: Column["of"]): Column => ({ name, type, of });

export const COLUMNS: readonly Column[] = [
  column("project", VARCHAR, (event) => event.project),
  ...STANDARD_FIELDS.map((field) => column(field.column, TYPES[field.kind], standardValue(field))),
  // The identity time as a number: what an append's look-up prunes by (append.ts).
  column("id_time", BIGINT, (event) => BigInt(identityTime(event.id))),
  column("batch", VARCHAR, (event) => event.batch),
  column("ordinal", INTEGER, (event) => event.ordinal),
  column("instance", VARCHAR, (event) => event.instance),
  column("sequence", BIGINT, (event) => BigInt(event.sequence)),
  column("accepted", BIGINT, (event) => BigInt(event.accepted)),
  // As sent: extraction gives it back. The maps below are for queries.
  column("properties", VARCHAR, (event) => JSON.stringify(event.properties)),
  column("strings", MAP(VARCHAR, VARCHAR), (event) => toMap(event.flat.strings, (value) => value)),
  column("numbers", MAP(VARCHAR, DOUBLE), (event) => toMap(event.flat.numbers, withoutNegativeZero)),
  column("booleans", MAP(VARCHAR, BOOLEAN), (event) => toMap(event.flat.booleans, (value) => value)),
  column("json", MAP(VARCHAR, VARCHAR), (event) => toMap(event.flat.json, (value) => value)),
  column("elements", MAP(VARCHAR, LIST(VARCHAR)), (event) => toMap(event.flat.elements, listValue)),
  column("overflow", LIST(VARCHAR), (event) => listValue(event.flat.overflow)),
];

export const COLUMN_TYPES: readonly DuckDBType[] = COLUMNS.map(({ type }) => type);

/** Every column, quoted, in the order of {@link COLUMNS}. Tables may hold them in another order after an upgrade. */
export const COLUMN_LIST = COLUMNS.map(({ name }) => identifier(name)).join(", ");

/** A quoted SQL identifier. Only for names of this schema; text from outside is always bound. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `CREATE TABLE` of an event table. */
export function eventTable(name: string): string {
  const columns = COLUMNS.map((each) => `${identifier(each.name)} ${each.type.toString()}`).join(", ");
  return `CREATE TABLE IF NOT EXISTS ${identifier(name)} (${columns})`;
}

/** One row per event that was not stored, or for the duplicates of a batch; see recordExceptions. */
export const EXCEPTIONS_TABLE = `CREATE TABLE IF NOT EXISTS exceptions (
  batch VARCHAR NOT NULL, ordinal INTEGER NOT NULL, project VARCHAR NOT NULL, collection VARCHAR NOT NULL,
  received_at BIGINT NOT NULL, outcome VARCHAR NOT NULL, reason VARCHAR NOT NULL, detail VARCHAR NOT NULL, raw VARCHAR)`;

/** Events that a row stands for. Rows of older versions stand for one each. */
export const EXCEPTIONS_COUNT = "ALTER TABLE exceptions ADD COLUMN IF NOT EXISTS count INTEGER DEFAULT 1";

function standardValue(field: StandardField): Column["of"] {
  switch (field.column) {
    case "id":
      return (event) => event.id;
    case "collection":
      return (event) => event.collection;
    case "timestamp":
      return (event) => BigInt(event.timestamp);
    case "received_at":
      return (event) => BigInt(event.receivedAt);
  }
  const read = (event: StoredEvent) => event.context[field.column as keyof StoredEvent["context"]] ?? null;
  switch (field.kind) {
    case "number":
      return (event) => withoutNegativeZero(read(event) as number | null);
    case "datetime":
      return (event) => toBigInt(read(event) as number | null);
    case "strings":
      return (event) => toList(read(event) as string[] | null);
    case "string":
    case "boolean":
      return (event) => read(event) as string | boolean | null;
  }
}

function toMap<T>(record: Readonly<Record<string, T>>, value: (value: T) => DuckDBValue): DuckDBValue {
  return mapValue(Object.keys(record).map((key) => ({ key, value: value(record[key] as T) })));
}

/** -0 and 0 are one value; grouping and distinct must not see two. */
function withoutNegativeZero(value: number | null): number | null {
  return value === 0 ? 0 : value;
}

function toBigInt(value: number | null): bigint | null {
  return value === null ? null : BigInt(value);
}

function toList(value: readonly string[] | null): DuckDBValue {
  return value === null ? null : listValue(value);
}
