import { STANDARD_FIELDS, type FieldKind } from "@millrace/core";
import { savedObject, type SavedObject } from "./saved-object.ts";

type Type = "string" | "number" | "boolean" | "date";

interface Field {
  readonly name: string;
  readonly type: Type;
  readonly format?: object;
}

const TYPES: Readonly<Record<FieldKind, Type>> = {
  string: "string",
  strings: "string",
  number: "number",
  boolean: "boolean",
  datetime: "date",
};
const OPENSEARCH_TYPES: Readonly<Record<Type, string>> = {
  string: "keyword",
  number: "double",
  boolean: "boolean",
  date: "date",
};
const duration = (inputFormat: "milliseconds") => ({
  id: "duration",
  params: { inputFormat, outputFormat: "humanizePrecise", outputPrecision: 1 },
});
const BYTES = { id: "bytes" };

const EXECUTION_FIELDS: readonly Field[] = [
  { name: "started_at", type: "date" },
  { name: "function", type: "string" },
  { name: "status", type: "string" },
  { name: "duration_ms", type: "number", format: duration("milliseconds") },
  { name: "memory", type: "number", format: BYTES },
  { name: "cold", type: "boolean" },
  { name: "trigger", type: "string" },
  { name: "fingerprint", type: "string" },
  { name: "labels", type: "string" },
  { name: "weight", type: "number" },
];
const EXCEPTION_FIELDS: readonly Field[] = [
  { name: "received_at", type: "date" },
  ...["project", "collection", "outcome", "reason", "batch"].map((name) => ({ name, type: "string" }) as const),
  { name: "ordinal", type: "number" },
];
const EVENT_FIELDS: readonly Field[] = [
  { name: "project", type: "string" },
  ...STANDARD_FIELDS.map(({ column, kind }) => ({
    name: column,
    type: TYPES[kind],
    ...(column.endsWith("_ms") && { format: duration("milliseconds") }),
  })),
];

/** Index patterns over the aliases of a store, each with its time and with fields that are read as what they are. */
export function patterns(prefix: string) {
  return {
    events: pattern(`${prefix}-events`, "timestamp", EVENT_FIELDS),
    exceptions: pattern(`${prefix}-exceptions`, "received_at", EXCEPTION_FIELDS),
    executions: pattern(`${prefix}-executions-*`, "started_at", EXECUTION_FIELDS),
  };
}

function pattern(title: string, timeFieldName: string, fields: readonly Field[]): SavedObject {
  const described = fields.map(({ name, type }) => ({
    name,
    type,
    esTypes: [OPENSEARCH_TYPES[type]],
    count: 0,
    scripted: false,
    searchable: true,
    aggregatable: true,
    readFromDocValues: true,
  }));
  const formats = Object.fromEntries(fields.flatMap(({ name, format }) => (format ? [[name, format]] : [])));
  return savedObject("index-pattern", title.replaceAll("*", "all"), {
    title,
    timeFieldName,
    fields: JSON.stringify(described),
    fieldFormatMap: JSON.stringify(formats),
  });
}
