import { canonicalJson, emptyRecord, type Exception, type FlatProperties, type StoredEvent } from "@millrace/core";
import { leafName } from "../leaf.ts";
import { CONTEXT_KINDS, KIND_OBJECT, MAX_INSTANT, MAX_INT, wholeList, type LeafKind } from "../schema.ts";
import { clipTerm, equalityTerm } from "../term.ts";

/**
 * An event as its document. Of the properties: typed leaves for queries, and the whole as sent for extraction. Making it and its
 * JSON is the largest part of what a collector does for an event, so the shape of the objects matters; see `bench/collector`.
 */
export function eventDocument(event: StoredEvent): object {
  const { flat, context, properties } = event;
  const document: Record<string, unknown> = {
    project: event.project,
    id: event.id,
    collection: event.collection,
    timestamp: event.timestamp,
    received_at: event.receivedAt,
    batch: event.batch,
    ordinal: event.ordinal,
    instance: event.instance,
    sequence: event.sequence,
    accepted: event.accepted,
  };
  for (const column of Object.keys(context)) {
    const kind = CONTEXT_KINDS.get(column);
    const value = context[column as keyof typeof context];
    if (kind === undefined || value === undefined || value === null) continue;
    document[column] = value;
    if (kind === "strings") document[wholeList(column)] = equalityTerm(canonicalJson(value as string[]));
  }
  putLeaves(document, "string", flat.strings, asIs);
  putLeaves(document, "number", flat.numbers, withoutNegativeZero);
  putLeaves(document, "boolean", flat.booleans, asIs);
  putJson(document, flat);
  if (flat.overflow.length > 0) document["overflow"] = flat.overflow.map(equalityTerm);
  if (Object.keys(properties).length > 0) document["properties"] = properties;
  return document;
}

function putLeaves<T>(
  document: Record<string, unknown>,
  kind: LeafKind,
  values: Readonly<Record<string, T>>,
  termOf: (value: T) => unknown,
): void {
  const paths = Object.keys(values);
  if (paths.length === 0) return;
  const leaves = emptyRecord<unknown>();
  for (const path of paths) leaves[leafName(path)] = termOf(values[path] as T);
  document[KIND_OBJECT[kind]] = leaves;
}

/** An explicit null is a name in a list, so that it needs no field of its own. */
function putJson(document: Record<string, unknown>, { json, elements }: FlatProperties): void {
  const paths = Object.keys(json);
  if (paths.length === 0) return;
  const whole = emptyRecord<string>();
  const nulls: string[] = [];
  for (const path of paths) {
    const text = json[path] as string;
    if (text === "null") nulls.push(equalityTerm(path));
    else whole[path] = text;
  }
  if (nulls.length > 0) document["nulls"] = nulls;
  putLeaves(document, "json", whole, equalityTerm);
  putLeaves(document, "elements", elements, (tokens) => tokens.map(equalityTerm));
}

function asIs<T>(value: T): T {
  return value;
}

/** -0 and 0 are one value, and grouping must not see two. */
function withoutNegativeZero(value: number): number {
  return value === 0 ? 0 : value;
}

/**
 * An exception as its document; its id is its provenance. What no mapping could hold is cut: what is wrong with an event must not
 * keep its exception out, or its message would come back for ever.
 */
export function exceptionDocument({ receivedAt, ...rest }: Exception): Record<string, unknown> {
  return {
    ...rest,
    project: clipTerm(rest.project),
    collection: clipTerm(rest.collection),
    batch: clipTerm(rest.batch),
    ordinal: within(Math.trunc(rest.ordinal), -MAX_INT, MAX_INT),
    received_at: within(Math.trunc(receivedAt), -MAX_INSTANT, MAX_INSTANT),
  };
}

/** An exception without what is long or free: written where the store refuses the whole one. */
export function minimalExceptionDocument(exception: Exception, problem: string): Record<string, unknown> {
  const detail = `${exception.detail.slice(0, 1_000)} (The rest could not be kept: ${problem.slice(0, 1_000)})`;
  return exceptionDocument({ ...exception, collection: exception.collection.slice(0, 100), detail, raw: null });
}

/** The nearest number in a range; of what is no number, the lowest of 0 and up. */
function within(value: number, lowest: number, highest: number): number {
  return Number.isNaN(value) ? Math.max(0, lowest) : Math.min(highest, Math.max(lowest, value));
}

/** The document id of an event. An event id has no colon in it, so two pairs never make one id. */
export function documentId(project: string, id: string): string {
  return `${project}:${id}`;
}
