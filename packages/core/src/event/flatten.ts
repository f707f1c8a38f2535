import { canonicalJson, isObject, type Json, type JsonObject } from "../values/json.ts";
import { emptyRecord } from "../values/record.ts";

/**
 * Custom properties in the five kinds, keyed by dotted path. A path has a value of at most one of string, number,
 * boolean and json; `elements` accompanies an array in `json`.
 */
export interface FlatProperties {
  strings: Record<string, string>;
  numbers: Record<string, number>;
  booleans: Record<string, boolean>;
  /** Canonical JSON of arrays, and `null` for an explicit null: grouping and presence. */
  json: Record<string, string>;
  /** Distinct scalar elements of an array as {@link elementToken typed tokens}: membership. */
  elements: Record<string, string[]>;
  /** `path=token` of scalars whose path the catalogue did not admit: equality only. See {@link overflowToken}. */
  overflow: string[];
}

/** What the catalogue tells apart: an explicit null is kept with the arrays, but is none. */
export type PropertyKind = "string" | "number" | "boolean" | "json" | "null";

export function emptyFlat(): FlatProperties {
  return {
    strings: emptyRecord(),
    numbers: emptyRecord(),
    booleans: emptyRecord(),
    json: emptyRecord(),
    elements: emptyRecord(),
    overflow: [],
  };
}

/**
 * Flattens nested objects into dotted paths. Property names cannot contain a dot (refused at ingest), so a path is unambiguous.
 * Objects themselves are not values; an empty object leaves no trace here (it is still given back on extraction).
 */
export function flatten(properties: JsonObject): FlatProperties {
  const flat = emptyFlat();
  walk(properties, "", flat);
  return flat;
}

function walk(object: JsonObject, prefix: string, flat: FlatProperties): void {
  for (const name of Object.keys(object)) put(flat, prefix + name, object[name] as Json);
}

function put(flat: FlatProperties, path: string, value: Json): void {
  if (typeof value === "string") flat.strings[path] = value;
  else if (typeof value === "number") flat.numbers[path] = value;
  else if (typeof value === "boolean") flat.booleans[path] = value;
  else if (value === null) flat.json[path] = "null";
  else if (Array.isArray(value)) {
    flat.json[path] = canonicalJson(value);
    flat.elements[path] = [...new Set(value.filter(isScalar).map(elementToken))];
  } else if (isObject(value)) walk(value, `${path}.`, flat);
}

function isScalar(value: Json): value is string | number | boolean | null {
  return value === null || typeof value !== "object";
}

/** A scalar with its type: canonical JSON does it (`"5"` and `5` differ, `null` is `null`). */
export function elementToken(value: string | number | boolean | null): string {
  return canonicalJson(value);
}

/** The token that keeps a property beyond the catalogue's quota filterable by equality; `json` holds canonical JSON. */
export function overflowToken(path: string, token: string): string {
  return `${path}=${token}`;
}

/** Every path of an event with its kind: what the catalogue is asked about. */
export function propertyKinds(flat: FlatProperties): [path: string, kind: PropertyKind][] {
  // Asked for every event that is stored, where a generator takes twice as long.
  const kinds: [string, PropertyKind][] = [];
  for (const path of Object.keys(flat.strings)) kinds.push([path, "string"]);
  for (const path of Object.keys(flat.numbers)) kinds.push([path, "number"]);
  for (const path of Object.keys(flat.booleans)) kinds.push([path, "boolean"]);
  for (const path of Object.keys(flat.json)) kinds.push([path, flat.json[path] === "null" ? "null" : "json"]);
  return kinds;
}

/** Moves every path that `admits` refuses into the overflow tokens. Returns the same object, changed. */
export function moveToOverflow(
  flat: FlatProperties,
  admits: (path: string, kind: PropertyKind) => boolean,
): FlatProperties {
  for (const [path, kind] of propertyKinds(flat)) {
    if (admits(path, kind)) continue;
    if (kind === "string") flat.overflow.push(overflowToken(path, elementToken(take(flat.strings, path))));
    else if (kind === "number") flat.overflow.push(overflowToken(path, elementToken(take(flat.numbers, path))));
    else if (kind === "boolean") flat.overflow.push(overflowToken(path, elementToken(take(flat.booleans, path))));
    else {
      flat.overflow.push(overflowToken(path, take(flat.json, path)));
      for (const token of flat.elements[path] ?? []) flat.overflow.push(overflowToken(path, token));
      delete flat.elements[path];
    }
  }
  return flat;
}

function take<T>(record: Record<string, T>, path: string): T {
  const value = record[path] as T;
  delete record[path];
  return value;
}
