import {
  MillraceError,
  type Clock,
  type Json,
  type JsonObject,
  type RandomBytes,
  type Registry,
  type RegistryItem,
  type RegistryKey,
} from "@millrace/core";
import { hashKey } from "./keys.ts";
import type { Permission } from "./project.ts";

/** What an access key may be permitted, in Keen's words. */
export const ACCESS_PERMISSIONS = [
  "writes",
  "queries",
  "saved_queries",
  "cached_queries",
  "datasets",
  "schema",
] as const;
export type AccessPermission = (typeof ACCESS_PERMISSIONS)[number];

/** What each of them lets do. */
export const PERMITS: Readonly<Record<AccessPermission, Permission>> = {
  writes: "write",
  queries: "read",
  saved_queries: "saved_queries",
  cached_queries: "cached_queries",
  datasets: "datasets",
  schema: "schema",
};

/** Names that may be used; `blocked` beats `allowed`, no `allowed` is all, an empty one none. */
export interface NameRule {
  readonly allowed?: readonly string[] | undefined;
  readonly blocked?: readonly string[] | undefined;
}

/** What a key may do with cached datasets. */
export interface DatasetRule {
  /** Default: all of them. */
  readonly operations?: readonly ("read" | "list" | "retrieve")[] | undefined;
  /** By name; `index_by` lists the values of each index property that may be asked for. */
  readonly allowed?:
    Readonly<Record<string, { readonly index_by?: Readonly<Record<string, readonly Json[]>> | undefined }>> | undefined;
  readonly blocked?: readonly string[] | undefined;
}

/** Keen's options of an access key, as they travel. A group that is not there restricts nothing. */
export interface AccessOptions {
  /** Properties that every event recorded with the key gets, over its own. */
  readonly writes?: { readonly autofill?: JsonObject | undefined } | undefined;
  /** Filters that every question asked with the key gets. */
  readonly queries?: { readonly filters?: readonly Json[] | undefined } | undefined;
  readonly saved_queries?: (NameRule & { readonly filters?: readonly Json[] | undefined }) | undefined;
  readonly cached_queries?: NameRule | undefined;
  readonly datasets?: DatasetRule | undefined;
}

/** What its owner says of an access key. */
export interface AccessDefinition {
  readonly name: string;
  readonly active: boolean;
  readonly permitted: readonly AccessPermission[];
  readonly options: AccessOptions;
}

export interface AccessKey extends AccessDefinition {
  readonly kind: "access";
  /** The key itself: Keen's API shows it again (decision 0014). */
  readonly key: string;
  /** Milliseconds UTC. */
  readonly createdAt: number;
}

/** The access keys of projects: made, changed and switched off by whoever has the master key. */
export interface AccessKeys {
  create(projectId: string, definition: AccessDefinition): Promise<AccessKey>;
  find(projectId: string, key: string): Promise<AccessKey | undefined>;
  /** In the order of nothing that means anything, those after `after`, at most `limit`. */
  page(projectId: string, page: { readonly after?: string | undefined; readonly limit: number }): Promise<AccessKey[]>;
  /** Changes it. Other processes notice within a minute. @throws MillraceError `ResourceNotFoundError` */
  update(projectId: string, key: string, change: Partial<AccessDefinition>): Promise<AccessKey>;
  /** Ends it for good, likewise. @throws MillraceError `ResourceNotFoundError` */
  delete(projectId: string, key: string): Promise<void>;
}

const SECRET_BYTES = 24;
const FORM = /^[0-9a-f]{72}$/;
const PROJECT_CHARS = 24;

/** The project an access key says it is of: its own first characters. Undefined for any other text. */
export function projectOfAccessKey(key: string): string | undefined {
  return FORM.test(key) ? key.slice(0, PROJECT_CHARS) : undefined;
}

/** @param onChange called after every change, so that caches can forget */
export function createAccessKeys(deps: {
  registry: Registry;
  clock: Clock;
  random: RandomBytes;
  onChange: () => void;
}): AccessKeys {
  const { registry, clock, random, onChange } = deps;

  async function read(projectId: string, key: string): Promise<RegistryItem<AccessKey> | undefined> {
    if (projectOfAccessKey(key) !== projectId) return undefined;
    return registry.get<AccessKey>(recordKey(projectId, key));
  }

  return {
    async create(projectId, definition) {
      // The project first: a route without one in its path finds it there, and no second item can disagree.
      const key = projectId + Buffer.from(random(SECRET_BYTES)).toString("hex");
      const made: AccessKey = { kind: "access", key, createdAt: clock.now(), ...definition };
      const created = await registry.put(recordKey(projectId, key), made, { if: "absent" });
      if (!created) throw new MillraceError("InternalServerError", "The new key is taken. Try again.");
      onChange();
      return made;
    },
    find: async (projectId, key) => (await read(projectId, key))?.value,
    async page(projectId, { after, limit }) {
      const from = after === undefined ? "" : hashKey(after);
      const items = await registry.listFrom<AccessKey>(partitionOf(projectId), from, limit + 1);
      return items
        .filter(({ key }) => key.sort !== from)
        .map(({ value }) => value)
        .slice(0, limit);
    },
    async update(projectId, key, change) {
      for (;;) {
        const item = await read(projectId, key);
        if (!item) throw noSuchKey();
        const changed: AccessKey = { ...item.value, ...change };
        if (!(await registry.put(item.key, changed, { if: item.version }))) continue;
        onChange();
        return changed;
      }
    },
    async delete(projectId, key) {
      const item = await read(projectId, key);
      if (!item) throw noSuchKey();
      await registry.delete(item.key);
      onChange();
    },
  };
}

function noSuchKey(): MillraceError {
  return new MillraceError("ResourceNotFoundError", "Resource not found. There is no such access key.");
}

/** Apart from the other keys: who may make access keys must not be able to make a master key. */
function partitionOf(projectId: string): string {
  return `access-keys:${projectId}`;
}

function recordKey(projectId: string, key: string): RegistryKey {
  return { partition: partitionOf(projectId), sort: hashKey(key) };
}
