import { canonicalJson, compareStrings, type Json } from "./json.ts";

/** What a property of one event can be in a query: a scalar, null, or a whole array. Missing counts as null in results. */
export type Value = string | number | boolean | null | Json[];

const RANK: Record<string, number> = { null: 0, boolean: 1, number: 2, string: 3, array: 4 };

/**
 * The one total order of group keys and list results: null, then booleans, numbers, strings (UTF-8 bytes), arrays (by
 * canonical JSON). Values of different types are never equal: 5 and "5" are two groups.
 */
export function compareValues(a: Value, b: Value): number {
  const typeA = typeOf(a);
  const typeB = typeOf(b);
  if (typeA !== typeB) return (RANK[typeA] ?? 9) - (RANK[typeB] ?? 9);
  if (typeA === "string") return compareStrings(a as string, b as string);
  if (typeA === "array") return compareStrings(canonicalJson(a as Json[]), canonicalJson(b as Json[]));
  return Number(a) - Number(b);
}

/** A string that is equal exactly when type and value are: the key of a group in a Map. */
export function valueKey(value: Value): string {
  return canonicalJson(value);
}

function typeOf(value: Value): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
