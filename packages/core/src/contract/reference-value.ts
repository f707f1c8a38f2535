import type { StoredEvent } from "../event/event.ts";
import type { FieldColumn } from "../event/fields.ts";
import type { Field } from "../query/field.ts";
import { isObject, type Json } from "../values/json.ts";
import type { Value } from "../values/value.ts";

/**
 * The value of a field in one event; undefined when it is missing. A standard field that is null counts as missing, and so does a
 * property's value that came beyond the quota: only equality finds it, see {@link sentValue}.
 */
export function fieldValue(event: StoredEvent, field: Field): Value | undefined {
  if (field.kind === "property" && field.storage === "split" && !isTyped(event, field.path)) return undefined;
  return sentValue(event, field);
}

/** The value of a field in one event, wherever the store keeps it. */
export function sentValue(event: StoredEvent, field: Field): Value | undefined {
  if (field.kind === "property") return propertyAt(event.properties, field.path);
  const own: Partial<Record<FieldColumn, Value>> = {
    id: event.id,
    collection: event.collection,
    timestamp: event.timestamp,
    received_at: event.receivedAt,
  };
  const columns: Partial<Record<FieldColumn, Value | null>> = { ...event.context, ...own };
  return columns[field.column] ?? undefined;
}

/** Walks a dotted path through objects. An object is not a value, and a path does not go through an array. */
function propertyAt(properties: Json, path: string): Value | undefined {
  let at: Json = properties;
  for (const name of path.split(".")) {
    if (!isObject(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name] as Json;
  }
  if (isObject(at)) return undefined;
  return Object.is(at, -0) ? 0 : at;
}

function isTyped({ flat }: StoredEvent, path: string): boolean {
  return [flat.strings, flat.numbers, flat.booleans, flat.json].some((values) => Object.hasOwn(values, path));
}
