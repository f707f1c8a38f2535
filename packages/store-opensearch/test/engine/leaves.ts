import type { StoredEvent } from "@millrace/core";
import { KIND_OBJECT } from "../../src/schema.ts";
import { eventDocument } from "../../src/write/document.ts";

/** A value of a field as the index has it. */
export type Term = string | number | boolean;

/** An event as an index sees it: its document, field by field. */
export interface Leaves {
  readonly source: object;
  /** None where it lacks the field. */
  terms(field: string): readonly Term[];
  numbers(field: string): readonly number[];
}

export function leavesOf(event: StoredEvent): Leaves {
  const source = eventDocument(event);
  const fields = new Map<string, readonly Term[]>();
  const objects: readonly string[] = Object.values(KIND_OBJECT);
  for (const [name, value] of Object.entries(source)) {
    if (!objects.includes(name)) fields.set(name, [value].flat() as Term[]);
    else for (const [leaf, each] of Object.entries(value as object)) fields.set(`${name}.${leaf}`, [each].flat());
  }
  const terms = (field: string) => fields.get(field) ?? [];
  return { source, terms, numbers: (field) => terms(field).map(Number) };
}
