import { isObject, type Json, type JsonObject } from "./json.ts";

/** The value at a dotted path; undefined when the path is absent (a null that is there is null). */
export function valueAt(properties: JsonObject, path: string): Json | undefined {
  let value: Json = properties;
  for (const name of path.split(".")) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name] as Json;
  }
  return value;
}

/**
 * The properties with `addition` merged in at a dotted path: parents are made and objects that are there are merged into. What else
 * is there stays, and what would have taken its place is left out; only a null gives way. The original is left as it is.
 */
export function mergedAt(properties: JsonObject, path: string, addition: JsonObject): JsonObject {
  const addressed = path.split(".").reduceRight<JsonObject>((inner, name) => own([[name, inner]]), addition);
  return merge(properties, addressed);
}

/** True when something that is no object stands at a dotted path or on the way to it, so that nothing can be merged in there. */
export function isBlocked(properties: JsonObject, path: string): boolean {
  let value: Json = properties;
  for (const name of path.split(".")) {
    if (!isObject(value)) return value !== null;
    if (!Object.hasOwn(value, name)) return false;
    value = value[name] as Json;
  }
  return !isObject(value) && value !== null;
}

/** The properties without the value at a dotted path. The original is left as it is. */
export function withoutPath(properties: JsonObject, path: string): JsonObject {
  const [name = "", ...rest] = path.split(".");
  const value = Object.hasOwn(properties, name) ? properties[name] : undefined;
  const kept = Object.entries(properties).filter(([key]) => key !== name);
  if (rest.length === 0 || !isObject(value)) return own(rest.length === 0 ? kept : Object.entries(properties));
  return own([...kept, [name, withoutPath(value, rest.join("."))]]);
}

function merge(base: JsonObject, addition: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...base };
  for (const name of Object.keys(addition)) {
    const value = addition[name] as Json;
    const there = Object.hasOwn(merged, name) ? merged[name] : undefined;
    if (isObject(there) && isObject(value)) define(merged, name, merge(there, value));
    else if (there === undefined || there === null) define(merged, name, value);
  }
  return merged;
}

/** Assigning is many times as fast as making an object of entries, and sets a prototype where a name is that. */
function define(object: Record<string, Json>, name: string, value: Json): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** `fromEntries` defines members, so a name such as `__proto__` becomes a member like any other. */
function own(entries: [string, Json][]): JsonObject {
  return Object.fromEntries(entries);
}
