import { isObject, type FlatProperties, type StoredEvent } from "@millrace/core";
import type { Driver } from "./driver.ts";
import { failureOf } from "./failure.ts";
import { pathOfLeaf } from "./leaf.ts";
import { KIND_OBJECT, leafMapping, type LeafField, type LeafKind } from "./schema.ts";

/** What this process knows of the mappings of the partitions it writes to. */
export interface Mappings {
  /**
   * Makes sure that a partition's mapping has every property of these events: one request when they bring new names, none
   * otherwise. Answers the events that cannot be stored, each with a path that cannot be mapped.
   */
  ensure(alias: string, events: readonly StoredEvent[]): Promise<ReadonlyMap<StoredEvent, string>>;
  /** Forgets a partition: its index turned out to be another one than thought. */
  forget(alias: string): void;
}

/** Names refused by the server are not asked for again and again; room in the mapping comes only with a new partition. */
const MAX_REFUSED = 10_000;

/** Paths by kind. Sets of plain paths: this is looked at for every property of every event. */
type Paths = Readonly<Record<LeafKind, Set<string>>>;

interface Known {
  readonly mapped: Paths;
  readonly refused: Paths;
}

export function createMappings(driver: Driver): Mappings {
  const partitions = new Map<string, Promise<Known>>();

  const knownOf = (alias: string): Promise<Known> => {
    const present = partitions.get(alias);
    if (present) return present;
    const loading = load(driver, alias);
    partitions.set(alias, loading);
    loading.catch(() => partitions.delete(alias));
    return loading;
  };

  return {
    ensure: async (alias, events) => {
      const { mapped, refused } = await knownOf(alias);
      const missing = noPaths();
      let complete = true;
      for (const { flat } of events) {
        eachUnmapped(flat, mapped, (kind, path) => {
          if (refused[kind].has(path)) complete = false;
          else missing[kind].add(path);
        });
      }
      for (const { kind, path } of await putLeaves(driver, alias, fieldsOf(missing))) {
        complete = false;
        missing[kind].delete(path);
        if (refused[kind].size < MAX_REFUSED) refused[kind].add(path);
      }
      for (const { kind, path } of fieldsOf(missing)) mapped[kind].add(path);
      return complete ? new Map() : lacking(events, mapped);
    },
    forget: (alias) => {
      partitions.delete(alias);
    },
  };
}

/** The events with a property that is not mapped, and its path. */
function lacking(events: readonly StoredEvent[], mapped: Paths): Map<StoredEvent, string> {
  const found = new Map<StoredEvent, string>();
  for (const event of events) eachUnmapped(event.flat, mapped, (_, path) => found.set(event, path));
  return found;
}

/** Visits the fields that an event needs and the mapping lacks. An explicit null needs none. */
function eachUnmapped(flat: FlatProperties, mapped: Paths, visit: (kind: LeafKind, path: string) => void): void {
  const { strings, numbers, booleans, json, elements } = flat;
  for (const path of Object.keys(strings)) if (!mapped.string.has(path)) visit("string", path);
  for (const path of Object.keys(numbers)) if (!mapped.number.has(path)) visit("number", path);
  for (const path of Object.keys(booleans)) if (!mapped.boolean.has(path)) visit("boolean", path);
  for (const path of Object.keys(json)) if (!mapped.json.has(path) && json[path] !== "null") visit("json", path);
  for (const path of Object.keys(elements)) if (!mapped.elements.has(path)) visit("elements", path);
}

function noPaths(): Paths {
  return { string: new Set(), number: new Set(), boolean: new Set(), json: new Set(), elements: new Set() };
}

const LEAF_KINDS = Object.keys(KIND_OBJECT) as LeafKind[];

function fieldsOf(paths: Paths): LeafField[] {
  return LEAF_KINDS.flatMap((kind) => Array.from(paths[kind], (path) => ({ kind, path })));
}

async function load(driver: Driver, alias: string): Promise<Known> {
  const answer = await driver.ask<Record<string, unknown>>({ method: "GET", path: `/${alias}/_mapping` });
  const mapped = noPaths();
  for (const index of Object.values(answer)) {
    const properties = child(child(index, "mappings"), "properties");
    for (const kind of LEAF_KINDS) {
      const leaves = child(child(properties, KIND_OBJECT[kind]), "properties");
      for (const leaf of Object.keys(leaves)) mapped[kind].add(pathOfLeaf(leaf));
    }
  }
  return { mapped, refused: noPaths() };
}

function child(value: unknown, name: string): Record<string, unknown> {
  const found = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return isObject(found) ? found : {};
}

/**
 * Adds leaves to a mapping. When the server refuses them together they are tried in halves, so that a name it cannot take does
 * not keep its neighbours out. Answers those that were refused.
 */
async function putLeaves(driver: Driver, alias: string, fields: readonly LeafField[]): Promise<readonly LeafField[]> {
  if (fields.length === 0) return [];
  const request = { method: "PUT", path: `/${alias}/_mapping`, body: leafMapping(fields) } as const;
  const answer = await driver.send(request);
  if (answer.status < 300) return [];
  if (answer.status !== 400) throw failureOf(answer);
  if (fields.length === 1) return fields;
  const middle = fields.length >> 1;
  const first = await putLeaves(driver, alias, fields.slice(0, middle));
  return [...first, ...(await putLeaves(driver, alias, fields.slice(middle)))];
}
