import type { Clock, Json, JsonObject, Registry, RegistryKey } from "@millrace/core";
import { isName } from "./names.ts";

/** What is to be answered, as its owner wrote it. */
export interface SavedDefinition {
  /** The analysis, such as `count`. */
  readonly analysis: string;
  /** Its parameters, without `analysis_type`. */
  readonly parameters: JsonObject;
  /** Seconds an answer may be old. 0: answered anew each time. */
  readonly refreshRate: number;
  /** Free-form: what a dashboard keeps beside it. */
  readonly metadata?: Json;
}

export interface SavedQuery extends SavedDefinition {
  readonly name: string;
  /** Milliseconds UTC. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** The saved queries of projects, each by its name. */
export interface SavedQueries {
  get(project: string, name: string): Promise<SavedQuery | undefined>;
  /** In the order of their names, those after `after`, at most `limit`. */
  page(project: string, page: { readonly after?: string | undefined; readonly limit: number }): Promise<SavedQuery[]>;
  /** Creates it, or replaces all of it but the time of its creation. */
  put(project: string, name: string, definition: SavedDefinition): Promise<{ saved: SavedQuery; created: boolean }>;
  /** Creates it where there is none of this name; undefined where there is. */
  create(
    project: string,
    name: string,
    saved: SavedDefinition & { createdAt?: number },
  ): Promise<SavedQuery | undefined>;
  /** False when there was none. */
  delete(project: string, name: string): Promise<boolean>;
}

/** In the registry, so that they are there while the store is down: one item each, all of a project in one partition. */
export function createSavedQueries({ registry, clock }: { registry: Registry; clock: Clock }): SavedQueries {
  const find = (project: string, name: string) => registry.get<SavedQuery>(keyOf(project, name));
  return {
    get: async (project, name) => (isName(name) ? (await find(project, name))?.value : undefined),
    async page(project, { after, limit }) {
      // The one named is in the list, if it is still there.
      const items = await registry.listFrom<SavedQuery>(partitionOf(project), after ?? "", limit + 1);
      return items
        .map((item) => item.value)
        .filter(({ name }) => name !== after)
        .slice(0, limit);
    },
    async put(project, name, definition) {
      for (;;) {
        const before = await find(project, name);
        const now = clock.now();
        const saved: SavedQuery = { ...definition, name, createdAt: before?.value.createdAt ?? now, modifiedAt: now };
        if (await registry.put(keyOf(project, name), saved, { if: before?.version ?? "absent" })) {
          return { saved, created: before === undefined };
        }
      }
    },
    async create(project, name, definition) {
      const now = clock.now();
      const saved: SavedQuery = { createdAt: now, ...definition, name, modifiedAt: now };
      return (await registry.put(keyOf(project, name), saved, { if: "absent" })) ? saved : undefined;
    },
    async delete(project, name) {
      if (!isName(name) || (await find(project, name)) === undefined) return false;
      await registry.delete(keyOf(project, name));
      return true;
    },
  };
}

function partitionOf(project: string): string {
  return `saved:${project}`;
}

function keyOf(project: string, name: string): RegistryKey {
  return { partition: partitionOf(project), sort: name };
}
