import {
  LIMITS,
  STANDARD_FIELDS,
  canonicalJson,
  isEventId,
  type Exception,
  type FieldKind,
  type FlatProperties,
  type PropertyKind,
  type StoredEvent,
} from "@millrace/core";
import { leafName } from "./leaf.ts";
import { equalityTerm, fitsTerm } from "./term.ts";

/** Raise it with every change of the static mapping that is more than an addition; see migrate.ts. */
export const MAPPING_VERSION = 1;

/** The sub-object of each kind of property; `elements` accompanies `json`. */
export const KIND_OBJECT = { string: "p_s", number: "p_n", boolean: "p_b", json: "p_j", elements: "p_e" } as const;

type Mapping = Readonly<Record<string, unknown>>;

const KEYWORD: Mapping = { type: "keyword" };
const NUMBER: Mapping = { type: "double" };
const BOOLEAN: Mapping = { type: "boolean" };
const INSTANT: Mapping = { type: "date", format: "epoch_millis" };

/** Of a list of strings: the canonical JSON of the whole, for grouping and presence. */
export function wholeList(column: string): string {
  return `${column}_json`;
}

const STANDARD: Record<FieldKind, (column: string) => Record<string, Mapping>> = {
  string: (column) => ({ [column]: KEYWORD }),
  number: (column) => ({ [column]: NUMBER }),
  boolean: (column) => ({ [column]: BOOLEAN }),
  datetime: (column) => ({ [column]: INSTANT }),
  strings: (column) => ({ [column]: KEYWORD, [wholeList(column)]: KEYWORD }),
};

/**
 * The static part of the mapping. Nothing is ever added by OpenSearch itself (`strict`): names of properties come with one
 * `PUT _mapping` before the bulk that brings them, because an update per unknown name stalls every writer.
 */
export const EVENT_MAPPING = {
  dynamic: "strict",
  date_detection: false,
  numeric_detection: false,
  properties: {
    ...Object.assign({}, ...STANDARD_FIELDS.map(({ kind, column }) => STANDARD[kind](column))),
    project: KEYWORD,
    // Sorted by, and compared now and then; look-ups of single events go by `_id`.
    id: { type: "keyword", index: false },
    // Asked for when one execution is looked into: doc values answer that, and an index would be 6 % of an event.
    execution_ingest: { type: "keyword", index: false },
    execution_collector: { type: "keyword", index: false },
    received_at: { ...INSTANT, index: false },
    // Provenance: read from the source of single documents, by `_id`.
    batch: { type: "keyword", index: false, doc_values: false },
    ordinal: { type: "integer", index: false, doc_values: false },
    // Counted over: which messages of an ingest instance have arrived.
    instance: { type: "keyword", index: false },
    sequence: { type: "long", index: false },
    accepted: { type: "long", index: false },
    p_s: { type: "object" },
    p_n: { type: "object" },
    p_b: { type: "object" },
    p_j: { type: "object" },
    p_e: { type: "object" },
    /** Paths whose value is an explicit null: a list, so that a null needs no field of its own. */
    nulls: { type: "keyword", doc_values: false },
    overflow: { type: "keyword", doc_values: false },
    /** As sent; extraction gives it back. */
    properties: { type: "object", enabled: false },
  },
} as const;

export const EXCEPTION_MAPPING = {
  dynamic: "strict",
  properties: {
    project: KEYWORD,
    collection: KEYWORD,
    received_at: INSTANT,
    batch: KEYWORD,
    ordinal: { type: "integer" },
    outcome: KEYWORD,
    reason: KEYWORD,
    /** Of a document that stands for many events of one hour: how many. */
    count: { type: "long", index: false },
    detail: { type: "keyword", index: false, doc_values: false },
    raw: { type: "keyword", index: false, doc_values: false },
  },
} as const;

const LEAF: Record<PropertyKind | "elements", Mapping> = {
  string: KEYWORD,
  number: NUMBER,
  boolean: BOOLEAN,
  json: KEYWORD,
  elements: { type: "keyword", doc_values: false },
};

/** A field of the mapping that a property needs, such as `p_s` and `price`. */
export interface LeafField {
  readonly kind: PropertyKind | "elements";
  readonly leaf: string;
}

/** The body of a `PUT _mapping` that adds these fields. */
export function leafMapping(fields: readonly LeafField[]): Mapping {
  const objects: Record<string, { properties: Record<string, Mapping> }> = {};
  for (const { kind, leaf } of fields) {
    const object = (objects[KIND_OBJECT[kind]] ??= { properties: Object.create(null) as Record<string, Mapping> });
    object.properties[leaf] = LEAF[kind];
  }
  return { properties: objects };
}

/** An event as its document. Of the properties: typed leaves for queries, and the whole as sent for extraction. */
export function toDocument(event: StoredEvent): Record<string, unknown> {
  const { flat, context } = event;
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
  for (const { column, kind } of CONTEXT_FIELDS) {
    const value = context[column as keyof typeof context];
    if (value === undefined || value === null) continue;
    document[column] = value;
    if (kind === "strings") document[wholeList(column)] = equalityTerm(canonicalJson(value as string[]));
  }
  put(document, "p_s", flat.strings, (value) => value);
  put(document, "p_n", flat.numbers, withoutNegativeZero);
  put(document, "p_b", flat.booleans, (value) => value);
  putJson(document, flat);
  if (flat.overflow.length > 0) document["overflow"] = flat.overflow.map(equalityTerm);
  if (Object.keys(event.properties).length > 0) document["properties"] = event.properties;
  return document;
}

/** The standard fields that an event may lack. */
export const CONTEXT_FIELDS = STANDARD_FIELDS.filter(
  ({ column }) => !["id", "collection", "timestamp", "received_at"].includes(column),
);

function put<T>(
  document: Record<string, unknown>,
  object: string,
  values: Readonly<Record<string, T>>,
  of: (value: T) => T,
): void {
  const paths = Object.keys(values);
  if (paths.length === 0) return;
  const leaves = Object.create(null) as Record<string, T>;
  for (const path of paths) leaves[leafName(path)] = of(values[path] as T);
  document[object] = leaves;
}

function putJson(document: Record<string, unknown>, { json, elements }: FlatProperties): void {
  const whole = Object.create(null) as Record<string, string>;
  const nulls: string[] = [];
  for (const path of Object.keys(json)) {
    const text = json[path] as string;
    if (text === "null") nulls.push(equalityTerm(path));
    else whole[path] = equalityTerm(text);
  }
  if (nulls.length > 0) document["nulls"] = nulls;
  put(document, "p_j", whole, (value) => value);
  put(document, "p_e", elements, (tokens) => tokens.map(equalityTerm));
}

/** -0 and 0 are one value; grouping must not see two. */
function withoutNegativeZero(value: number): number {
  return value === 0 ? 0 : value;
}

/** The fields of the mapping that an event's properties need. An explicit null needs none. */
export function* leafFields({ strings, numbers, booleans, json, elements }: FlatProperties): Generator<LeafField> {
  for (const path of Object.keys(strings)) yield { kind: "string", leaf: leafName(path) };
  for (const path of Object.keys(numbers)) yield { kind: "number", leaf: leafName(path) };
  for (const path of Object.keys(booleans)) yield { kind: "boolean", leaf: leafName(path) };
  for (const path of Object.keys(json)) if (json[path] !== "null") yield { kind: "json", leaf: leafName(path) };
  for (const path of Object.keys(elements)) yield { kind: "elements", leaf: leafName(path) };
}

/** An exception as its document; its id is its provenance. */
export function exceptionDocument({ receivedAt, ...rest }: Exception): Record<string, unknown> {
  return { ...rest, received_at: receivedAt };
}

/** The document id of an event. An event id has no colon in it, so two pairs never make one id. */
export function documentId(project: string, id: string): string {
  return `${project}:${id}`;
}

/** Bytes of a document id that OpenSearch accepts; one above fails the whole bulk, not only its document. */
const MAX_ID_BYTES = 512;
/** What a date may be in JavaScript, and far inside what OpenSearch's date arithmetic survives. */
const MAX_INSTANT = 8.64e15;
const MAX_INT = 0x7fff_ffff;

/** Why the mapping cannot hold this event, checked here because some of it would take the whole bulk down. */
export function unstorable(event: StoredEvent): string | undefined {
  if (!isEventId(event.id)) return "The id is not an event id.";
  if (Buffer.byteLength(documentId(event.project, event.id)) > MAX_ID_BYTES) return "The id is too long.";
  for (const name of ["timestamp", "receivedAt", "sequence", "accepted"] as const) {
    if (!Number.isSafeInteger(event[name])) return `${name} is not a whole number.`;
    if (Math.abs(event[name]) > MAX_INSTANT) return `${name} is out of range.`;
  }
  if (!Number.isInteger(event.ordinal) || event.ordinal < 0 || event.ordinal > MAX_INT) {
    return "ordinal is not a place in a request.";
  }
  for (const { column, kind } of CONTEXT_FIELDS) {
    const problem = unstorableValue(kind, event.context[column as keyof StoredEvent["context"]] ?? null);
    if (problem !== undefined) return `${column} ${problem}`;
  }
  for (const path of Object.keys(event.flat.strings)) {
    if (!fitsTerm(event.flat.strings[path] as string))
      return `A string has more than ${LIMITS.stringChars} characters.`;
  }
  if (!fitsTerm(event.collection)) return "The collection's name is too long.";
  return undefined;
}

function unstorableValue(kind: FieldKind, value: unknown): string | undefined {
  if (value === null) return undefined;
  switch (kind) {
    case "string":
      return typeof value === "string" && fitsTerm(value) ? undefined : "is not a string that can be stored.";
    case "number":
    case "datetime":
      return Number.isFinite(value) ? undefined : "is not a number.";
    case "boolean":
      return typeof value === "boolean" ? undefined : "is not true or false.";
    case "strings":
      return Array.isArray(value) && value.every((each) => typeof each === "string" && fitsTerm(each))
        ? undefined
        : "is not a list of strings.";
  }
}
