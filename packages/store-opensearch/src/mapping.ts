import { isObject, type StoredEvent } from "@millrace/core";
import type { Driver } from "./driver.ts";
import { failureOf } from "./failure.ts";
import { KIND_OBJECT, leafFields, leafMapping, type LeafField } from "./schema.ts";

/** What this process knows of the mappings of the partitions it writes to. */
export interface Mappings {
  /**
   * Makes sure that a partition's mapping has every property of these events: one request when they bring new names, none
   * otherwise. Answers the names that cannot be mapped, as keys of {@link fieldKey}: events that have one cannot be stored.
   */
  ensure(alias: string, events: readonly StoredEvent[]): Promise<ReadonlySet<string>>;
  /** Forgets a partition: its index turned out to be another one than thought. */
  forget(alias: string): void;
}

/** Names refused by the server are not asked for again and again; room in the mapping comes only with a new partition. */
const MAX_REFUSED = 10_000;

interface Known {
  readonly fields: Set<string>;
  readonly refused: Set<string>;
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
      const known = await knownOf(alias);
      const missing = new Map<string, LeafField>();
      const refused = new Set<string>();
      for (const event of events) {
        for (const field of leafFields(event.flat)) {
          const key = fieldKey(field);
          if (known.refused.has(key)) refused.add(key);
          else if (!known.fields.has(key)) missing.set(key, field);
        }
      }
      if (missing.size === 0) return refused;
      for (const key of await putLeaves(driver, alias, [...missing.values()])) {
        missing.delete(key);
        refused.add(key);
        if (known.refused.size < MAX_REFUSED) known.refused.add(key);
      }
      for (const key of missing.keys()) known.fields.add(key);
      return refused;
    },
    forget: (alias) => {
      partitions.delete(alias);
    },
  };
}

/** The key of a mapped leaf: kind and leaf name. */
export function fieldKey({ kind, leaf }: LeafField): string {
  return `${KIND_OBJECT[kind]}.${leaf}`;
}

async function load(driver: Driver, alias: string): Promise<Known> {
  const answer = await driver.ask<Record<string, unknown>>({ method: "GET", path: `/${alias}/_mapping` });
  const fields = new Set<string>();
  for (const index of Object.values(answer)) {
    const properties = child(child(index, "mappings"), "properties");
    for (const object of Object.values(KIND_OBJECT)) {
      for (const leaf of Object.keys(child(child(properties, object), "properties"))) fields.add(`${object}.${leaf}`);
    }
  }
  return { fields, refused: new Set() };
}

function child(value: unknown, name: string): Record<string, unknown> {
  const found = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return isObject(found) ? found : {};
}

/**
 * Adds leaves to a mapping. When the server refuses them together they are tried in halves, so that a name it cannot take does
 * not keep its neighbours out. Answers the keys that were refused.
 */
async function putLeaves(driver: Driver, alias: string, fields: readonly LeafField[]): Promise<string[]> {
  const request = { method: "PUT", path: `/${alias}/_mapping`, body: leafMapping(fields) } as const;
  const answer = await driver.send(request);
  if (answer.status < 300) return [];
  if (answer.status !== 400) throw failureOf(answer);
  if (fields.length === 1) return fields.map(fieldKey);
  const middle = fields.length >> 1;
  const first = await putLeaves(driver, alias, fields.slice(0, middle));
  return [...first, ...(await putLeaves(driver, alias, fields.slice(middle)))];
}
