import type { Column, Json, Table } from "@millrace/core";

type ColumnType = "STRING" | "DOUBLE" | "BOOLEAN" | "TIMESTAMP";

/** The times that every event has; those of properties are text, as they were sent. */
const TIMES: ReadonlySet<string> = new Set(["keen.timestamp", "keen.created_at"]);

/**
 * A table as Apache Parquet, compressed with Snappy. A column is of numbers (doubles), booleans or text; with values of several types,
 * or with arrays, it is text, and what is no text is its JSON. Missing and null are null. The library is loaded with the first file.
 */
export async function parquetOf({ columns }: Table): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  return new Uint8Array(parquetWriteBuffer({ columnData: columns.map(columnData), createdBy: "millrace" }));
}

function columnData(column: Column) {
  const type = typeOf(column);
  return {
    name: column.name,
    type,
    nullable: true,
    data: column.values.map((value) => converted(type, value ?? null)),
  };
}

function typeOf({ name, values }: Column): ColumnType {
  if (TIMES.has(name)) return "TIMESTAMP";
  const kinds = new Set(values.filter((value) => value !== undefined && value !== null).map((value) => typeof value));
  const [kind, ...others] = kinds;
  if (others.length > 0) return "STRING";
  if (kind === "number") return "DOUBLE";
  return kind === "boolean" ? "BOOLEAN" : "STRING";
}

function converted(type: ColumnType, value: Json): string | number | boolean | Date | null {
  if (value === null) return null;
  if (type === "TIMESTAMP") return typeof value === "string" ? new Date(value) : null;
  if (type !== "STRING") return value as number | boolean;
  return typeof value === "string" ? value : JSON.stringify(value);
}
