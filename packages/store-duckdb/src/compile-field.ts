import type { Field } from "@millrace/core";
import { identifier } from "./schema.ts";
import type { Binder } from "./statement.ts";

/** The SQL of a field, by the kinds its value can have. Each expression is NULL where the value is of another kind or missing. */
export interface FieldSql {
  readonly string?: string;
  readonly number?: string;
  /** Milliseconds in a BIGINT column. */
  readonly instant?: string;
  readonly boolean?: string;
  /** Canonical JSON of an array, and `null` for an explicit null. */
  readonly json?: string;
  /** Typed tokens of an array's scalar elements. */
  readonly elements?: string;
  /** A list of strings (standard fields only). */
  readonly strings?: string;
  /** Of a property with values beyond the quota: the equality tokens of all such properties, and the path to look for. */
  readonly overflow?: { readonly list: string; readonly path: string };
}

export function fieldSql(field: Field, binder: Binder): FieldSql {
  if (field.kind === "standard") return standardSql(identifier(field.column), field.type);
  const path = binder.text(field.path);
  return {
    string: `"strings"[${path}]`,
    number: `"numbers"[${path}]`,
    boolean: `"booleans"[${path}]`,
    json: `"json"[${path}]`,
    elements: `"elements"[${path}]`,
    ...(field.storage === "split" && { overflow: { list: '"overflow"', path: field.path } }),
  };
}

/** Every expression of which one is not NULL exactly when the field is present. */
export function presence(sql: FieldSql): string[] {
  return [sql.string, sql.number, sql.instant, sql.boolean, sql.json, sql.strings].filter((e) => e !== undefined);
}

function standardSql(column: string, type: Extract<Field, { kind: "standard" }>["type"]): FieldSql {
  switch (type) {
    case "string":
      return { string: column };
    case "number":
      return { number: column };
    case "boolean":
      return { boolean: column };
    case "datetime":
      return { instant: column };
    case "strings":
      return { strings: column };
  }
}
