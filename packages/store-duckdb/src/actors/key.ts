import type { Field, Json, Value } from "@millrace/core";
import { fieldSql, type FieldSql } from "../compile-field.ts";
import type { Binder } from "../statement.ts";

/** One expression for the values of some fields, NULL where there is none, and the way back. Equal exactly where the values are. */
export interface Key {
  /** One for each field, in order. */
  readonly sql: readonly string[];
  /** Expressions over such a value whose order, one after the other, is core's order of values. */
  readonly order: (key: string) => readonly string[];
  /** A value that such a key can be compared with. */
  readonly literal: (value: string | number | boolean) => string;
  readonly decode: (cell: unknown) => Value;
}

/** The kinds that a value which is compared by equality can have, with the letter that tells them apart as text. */
const TAGS = { string: "s", number: "n", boolean: "b", json: "j" } as const;
type Kind = keyof typeof TAGS;
const KINDS = Object.keys(TAGS) as Kind[];

/**
 * Values of several kinds in one column: where only one kind is possible that value itself, else a text that begins with the kind,
 * so that 5 and "5" stay two. A double's text is its shortest, so equal texts are equal numbers.
 */
export function compileKey(fields: readonly Field[], binder: Binder): Key {
  const each = fields.map((field) => fieldSql(field, binder));
  const kinds = KINDS.filter((kind) => each.some((sql) => sql[kind] !== undefined));
  const [only, ...others] = kinds;
  if (only === undefined)
    return { sql: fields.map(() => "NULL::VARCHAR"), order: (key) => [key], literal: () => "NULL", decode: () => null };
  if (others.length === 0) {
    return {
      sql: each.map((sql) => sql[only] ?? "NULL"),
      order: (key) => [key],
      literal: (value) => (typeof value === only ? bind(value, binder) : "NULL"),
      decode: (cell) => cell as Value,
    };
  }
  return {
    sql: each.map(tagged),
    order: taggedOrder,
    literal: (value) => `'${TAGS[typeof value as Kind]}' || ${bind(value, binder)}`,
    decode: (cell) => (cell === null ? null : untag(cell as string)),
  };
}

function bind(value: string | number | boolean, binder: Binder): string {
  if (typeof value === "string") return binder.text(value);
  return typeof value === "number" ? binder.number(value) : binder.boolean(value);
}

/** NULL for a missing value and for an explicit null, which names nobody. */
function tagged(sql: FieldSql): string {
  const of = (kind: Kind): string[] => {
    const expression = kind === "json" && sql.json !== undefined ? `nullif(${sql.json}, 'null')` : sql[kind];
    return expression === undefined ? [] : [`'${TAGS[kind]}' || ${expression}`];
  };
  return `coalesce(${KINDS.flatMap(of).join(", ")})`;
}

/** By kind, numbers as numbers, and all else as the text it is. */
function taggedOrder(key: string): string[] {
  const number = `CASE WHEN ${key}[1] = '${TAGS.number}' THEN ${key}[2:]::DOUBLE END`;
  return [`instr('${TAGS.boolean}${TAGS.number}${TAGS.string}${TAGS.json}', ${key}[1])`, number, key];
}

function untag(text: string): Value {
  const value = text.slice(1);
  switch (text.charAt(0)) {
    case TAGS.string:
      return value;
    case TAGS.number:
      return Number(value);
    case TAGS.boolean:
      return value === "true";
    default:
      return JSON.parse(value) as Json[];
  }
}
