import { STANDARD_FIELDS, type ContextColumn } from "../event/fields.ts";
import { isoUtc } from "../time/instant.ts";
import { isObject, type Json, type JsonObject } from "../values/json.ts";
import type { ExtractionQuery } from "./query.ts";
import type { ExtractedEvent } from "./result.ts";

const CONTEXT_PATHS = STANDARD_FIELDS.filter(({ name }) => name.startsWith("$") && name !== "$collection").map(
  ({ name, column, kind }) => [column as ContextColumn, name.split("."), kind === "datetime"] as const,
);

/**
 * The `result` of an extraction: nested events as they were sent, with `keen: { id, timestamp, created_at, … }`: what can be recorded
 * again. With `standardFields` also the standard fields that are known, nested the same way (`$page: { path }`). With
 * `propertyNames` each event holds only those paths; a path that an event lacks is left out, and `keen` is only there when it is
 * asked for.
 */
export function shapeExtraction(query: ExtractionQuery, events: readonly ExtractedEvent[]): JsonObject[] {
  if (query.propertyNames === undefined) return events.map(query.standardFields ? wholeEvent : sentEvent);
  const paths = outermost(query.propertyNames).map((name) => name.split("."));
  return events.map((event) => pick(wholeEvent(event), paths));
}

function sentEvent(event: ExtractedEvent): JsonObject {
  const sent: JsonObject = { ...event.properties };
  const keen = isObject(event.properties["keen"]) ? event.properties["keen"] : {};
  sent["keen"] = {
    ...keen,
    id: event.id,
    timestamp: isoUtc(event.timestamp),
    created_at: isoUtc(event.receivedAt),
  };
  return sent;
}

function wholeEvent(event: ExtractedEvent): JsonObject {
  const whole = sentEvent(event);
  whole["$collection"] = event.collection;
  for (const [column, path, isTime] of CONTEXT_PATHS) {
    const value = event.context[column];
    if (value === undefined || value === null) continue;
    place(whole, path, isTime && typeof value === "number" ? isoUtc(value) : value);
  }
  return whole;
}

/** Without the names that lie inside another one of the list: `keen.id` beside `keen` adds nothing. */
function outermost(names: readonly string[]): string[] {
  const distinct = new Set(names);
  return [...distinct].filter((name) => !prefixes(name).some((prefix) => distinct.has(prefix)));
}

function prefixes(name: string): string[] {
  const parts = name.split(".");
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("."));
}

function pick(event: JsonObject, paths: readonly (readonly string[])[]): JsonObject {
  const picked: JsonObject = {};
  for (const path of paths) {
    const value = at(event, path);
    if (value !== undefined) place(picked, path, value);
  }
  return picked;
}

/** Only own properties count: a path such as `constructor` finds nothing. */
function at(event: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = event;
  for (const name of path) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

function place(target: JsonObject, path: readonly string[], value: Json): void {
  let object = target;
  for (const name of path.slice(0, -1)) {
    if (!Object.hasOwn(object, name)) own(object, name, {});
    object = object[name] as JsonObject;
  }
  own(object, path.at(-1) ?? "", value);
}

/** Plain assignment to `__proto__` would change the object's prototype instead. */
function own(object: JsonObject, name: string, value: Json): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
