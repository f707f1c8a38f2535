import type { StoredEvent } from "../event/event.ts";
import type { FieldColumn } from "../event/fields.ts";
import type { Field } from "../query/field.ts";
import { FARTHEST_BUCKET, gridEdge, isBins, type Bins, type GroupKey } from "../query/group.ts";
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

/** The value of one event that it is grouped by; null also for missing. */
export function groupValue(event: StoredEvent, key: GroupKey<Field>): Value {
  if (!isBins(key)) return fieldValue(event, key) ?? null;
  const value = fieldValue(event, key.field);
  return typeof value === "number" ? binOf(key, value) : null;
}

/** The bin a number lies in, looked for by its edges. */
function binOf(bins: Bins<Field>, value: number): number | null {
  if (bins.kind === "ranges") {
    const found = bins.ranges.findIndex(({ from = -Infinity, to = Infinity }) => value >= from && value < to);
    return found < 0 ? null : found;
  }
  let k = Math.floor((value - bins.grid.offset) / bins.grid.size);
  if (Math.abs(k) > FARTHEST_BUCKET) return null;
  while (value >= gridEdge(bins.grid, k + 1)) k += 1;
  while (value < gridEdge(bins.grid, k)) k -= 1;
  return k;
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
