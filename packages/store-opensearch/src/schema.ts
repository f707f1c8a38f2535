import { STANDARD_FIELDS, emptyRecord, isObject, type FieldKind, type PropertyKind } from "@millrace/core";
import { leafName } from "./leaf.ts";

/**
 * Raise it with every change of the static mapping that is more than an addition; see keep/migrate.ts. Indexes of older versions are
 * written and read as they are, so a migration is for what the change is worth. 2: `received_at` has an index.
 */
export const MAPPING_VERSION = 2;

/** The kinds of leaves: those of properties (an explicit null needs none), and the elements that accompany an array's `json`. */
export type LeafKind = Exclude<PropertyKind, "null"> | "elements";

/** The sub-object of each kind of leaf. */
export const KIND_OBJECT = { string: "p_s", number: "p_n", boolean: "p_b", json: "p_j", elements: "p_e" } as const;

type Mapping = Readonly<Record<string, unknown>>;

const KEYWORD: Mapping = { type: "keyword" };
const NUMBER: Mapping = { type: "double" };
const BOOLEAN: Mapping = { type: "boolean" };
const INSTANT: Mapping = { type: "date", format: "epoch_millis" };

/** What a date may be in JavaScript, and far inside what OpenSearch's date arithmetic survives. */
export const MAX_INSTANT = 8.64e15;
/** The largest `integer`. */
export const MAX_INT = 0x7fff_ffff;

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
    // The ledger asks for hours of it, again and again: two or three bytes an event, for which whole shards are skipped.
    received_at: INSTANT,
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
    raw_forgotten: BOOLEAN,
  },
} as const;

/** The standard fields that an event may lack. */
export const CONTEXT_FIELDS = STANDARD_FIELDS.filter(
  ({ column }) => !["id", "collection", "timestamp", "received_at"].includes(column),
);

/** Their kinds by column. */
export const CONTEXT_KINDS: ReadonlyMap<string, FieldKind> = new Map(
  CONTEXT_FIELDS.map(({ column, kind }) => [column, kind]),
);

const LEAF: Record<LeafKind, Mapping> = {
  string: KEYWORD,
  number: NUMBER,
  boolean: BOOLEAN,
  json: KEYWORD,
  elements: { type: "keyword", doc_values: false },
};

/** How many leaves of properties the only index of a `_mapping` answer has. */
export function leafCount(answer: unknown): number {
  const [index] = Object.values(isObject(answer) ? answer : {});
  const properties = child(child(index, "mappings"), "properties");
  const leaves = Object.values(KIND_OBJECT).map((object) => child(child(properties, object), "properties"));
  return leaves.reduce((sum, each) => sum + Object.keys(each).length, 0);
}

/** A part of an answer that is an object; an empty one where it is missing. */
export function child(value: unknown, name: string): Record<string, unknown> {
  const found = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return isObject(found) ? found : {};
}

/** What a property needs of the mapping: its path, in one kind. */
export interface LeafField {
  readonly kind: LeafKind;
  readonly path: string;
}

/** The body of a `PUT _mapping` that adds these fields. */
export function leafMapping(fields: readonly LeafField[]): Mapping {
  const objects: Record<string, { properties: Record<string, Mapping> }> = {};
  for (const { kind, path } of fields) {
    const object = (objects[KIND_OBJECT[kind]] ??= { properties: emptyRecord<Mapping>() });
    object.properties[leafName(path)] = LEAF[kind];
  }
  return { properties: objects };
}
