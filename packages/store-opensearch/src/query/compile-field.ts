import type { Field } from "@millrace/core";
import { leafName } from "../leaf.ts";
import { KIND_OBJECT, wholeList } from "../schema.ts";
import { equalityTerm } from "../term.ts";

/** The index fields of a field, by the kinds its value can have. */
export interface FieldDsl {
  readonly string?: string;
  readonly number?: string;
  readonly instant?: string;
  readonly boolean?: string;
  /** Canonical JSON of an array. */
  readonly json?: string;
  /** Elements of an array: the field, and how an element is written there. */
  readonly elements?: { readonly field: string; readonly of: "tokens" | "strings" };
  /** The term of this path in the list of explicit nulls. */
  readonly nullTerm?: string;
  /** Of a property with values beyond the quota: its path, before the `=` of their equality tokens. */
  readonly overflowPath?: string;
}

export function fieldDsl(field: Field): FieldDsl {
  if (field.kind === "standard") return standardDsl(field.column, field.type);
  const leaf = leafName(field.path);
  return {
    string: `${KIND_OBJECT.string}.${leaf}`,
    number: `${KIND_OBJECT.number}.${leaf}`,
    boolean: `${KIND_OBJECT.boolean}.${leaf}`,
    json: `${KIND_OBJECT.json}.${leaf}`,
    elements: { field: `${KIND_OBJECT.elements}.${leaf}`, of: "tokens" },
    nullTerm: equalityTerm(field.path),
    ...(field.storage === "split" && { overflowPath: field.path }),
  };
}

/** Every index field of which one has a value exactly when the field's value is not null. */
export function valueFields(dsl: FieldDsl): string[] {
  return [dsl.string, dsl.number, dsl.instant, dsl.boolean, dsl.json].filter((name) => name !== undefined);
}

function standardDsl(column: string, type: Extract<Field, { kind: "standard" }>["type"]): FieldDsl {
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
      return { json: wholeList(column), elements: { field: column, of: "strings" } };
  }
}
