import { compareStrings, isObject, type Json, type JsonObject } from "../values/json.ts";

/** Nested rows as a table: one column for each leaf, by its dotted path. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: number;
}

export interface Column {
  readonly name: string;
  /** One for each row; undefined where the row has no such leaf. Arrays are leaves. */
  readonly values: readonly (Json | undefined)[];
}

/** What every event has comes first. */
const FIRST = ["keen.timestamp", "keen.id", "keen.created_at"];

/**
 * The same columns in the same order for the same events, in whatever order they came: those that every event has, then by name; with
 * names, in their order, and what lies inside an object behind its name. A name that no event has is a column all the same, so that
 * a program finds what it asked for.
 */
export function tableOf(rows: readonly JsonObject[], names?: readonly string[]): Table {
  const columns = new Map<string, (Json | undefined)[]>();
  const column = (path: string): (Json | undefined)[] => {
    const known = columns.get(path);
    if (known) return known;
    const made = Array.from<Json | undefined>({ length: rows.length });
    columns.set(path, made);
    return made;
  };
  for (const [i, row] of rows.entries()) {
    eachLeaf(row, "", (path, value) => {
      column(path)[i] = value;
    });
  }
  const order = names ? orderOf(names, [...columns.keys()]) : sorted([...columns.keys()]);
  return { columns: order.map((name) => ({ name, values: column(name) })), rows: rows.length };
}

function eachLeaf(object: JsonObject, prefix: string, visit: (path: string, value: Json) => void): void {
  for (const [name, value] of Object.entries(object)) {
    if (isObject(value)) eachLeaf(value, `${prefix}${name}.`, visit);
    else visit(prefix + name, value);
  }
}

function sorted(paths: readonly string[]): string[] {
  const rank = (path: string) => (FIRST.includes(path) ? FIRST.indexOf(path) : FIRST.length);
  return paths.toSorted((a, b) => rank(a) - rank(b) || compareStrings(a, b));
}

function orderOf(names: readonly string[], paths: readonly string[]): string[] {
  const order = names.flatMap((name) => {
    const inside = sorted(paths.filter((path) => path === name || path.startsWith(`${name}.`)));
    return inside.length > 0 ? inside : [name];
  });
  return [...new Set(order)];
}
