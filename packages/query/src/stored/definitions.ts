import type { Clock, JsonObject, Registry, RegistryItem, RegistryKey } from "@millrace/core";
import { isName } from "./names.ts";

/** What a project's people define for each other: boards of questions, goals, segments (filters under a name), and annotations (notes on a day or hour). */
export const DEFINITION_KINDS = ["boards", "goals", "segments", "annotations"] as const;
export type DefinitionKind = (typeof DEFINITION_KINDS)[number];

interface Definition {
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  /** What it says, in the words of whoever shows it: this package only keeps it. */
  readonly content: JsonObject;
  /** Milliseconds UTC. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** A definition, and how often it was written: whoever changes what they read says so by it. */
export interface Versioned extends Definition {
  readonly version: number;
}

/** The definitions of projects, each by its kind and name. */
export interface Definitions {
  get(project: string, kind: DefinitionKind, name: string): Promise<Versioned | undefined>;
  /** In the order of their names, those after `after`, at most `limit`. */
  page(
    project: string,
    kind: DefinitionKind,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<Versioned[]>;
  /**
   * Creates it, or replaces all of it but the time of its creation.
   * @param version what it must be at, 0 for none; absent: whatever is there
   * @returns undefined when it is at another version
   */
  put(
    project: string,
    kind: DefinitionKind,
    definition: Pick<Definition, "name" | "title" | "content">,
    version?: number,
  ): Promise<Versioned | undefined>;
  /** False when there was none. */
  delete(project: string, kind: DefinitionKind, name: string): Promise<boolean>;
}

/** In the registry, as saved queries are: one item each, those of a project and kind in one partition. */
export function createDefinitions({ registry, clock }: { registry: Registry; clock: Clock }): Definitions {
  const get: Definitions["get"] = async (project, kind, name) => {
    const item = isName(name) ? await registry.get<Definition>(keyOf(project, kind, name)) : undefined;
    return item && versioned(item);
  };
  return {
    get,
    async page(project, kind, { after, limit }) {
      // The one named is in the list, if it is still there.
      const items = await registry.listFrom<Definition>(partitionOf(project, kind), after ?? "", limit + 1);
      return items
        .map(versioned)
        .filter(({ name }) => name !== after)
        .slice(0, limit);
    },
    async put(project, kind, { name, title, content }, version) {
      for (;;) {
        const before = await get(project, kind, name);
        if (version !== undefined && version !== (before?.version ?? 0)) return undefined;
        const now = clock.now();
        const made: Definition = { name, title, content, createdAt: before?.createdAt ?? now, modifiedAt: now };
        if (await registry.put(keyOf(project, kind, name), made, { if: before?.version ?? "absent" })) {
          return { ...made, version: (before?.version ?? 0) + 1 };
        }
      }
    },
    async delete(project, kind, name) {
      if ((await get(project, kind, name)) === undefined) return false;
      await registry.delete(keyOf(project, kind, name));
      return true;
    },
  };
}

function versioned({ value, version }: RegistryItem<Definition>): Versioned {
  return { ...value, version };
}

function partitionOf(project: string, kind: DefinitionKind): string {
  return `definition:${kind}:${project}`;
}

function keyOf(project: string, kind: DefinitionKind, name: string): RegistryKey {
  return { partition: partitionOf(project, kind), sort: name };
}
