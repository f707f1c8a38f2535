import type { JsonObject } from "@millrace/core";
import type { CallOptions, SendWith } from "./call.ts";

/** What a project's people define for each other: boards of questions, goals, segments (filters under a name), and annotations (notes on a day or hour). */
export type DefinitionKind = "boards" | "goals" | "segments" | "annotations";

/** What is defined. The content is the dashboard's own: the API keeps it as it is. */
export interface DefinitionContent {
  readonly title: string;
  readonly content: JsonObject;
  /** The one that was read, 0 for none: the change is refused when somebody else was quicker. Default: whatever is there. */
  readonly version?: number;
}

export interface DefinitionAnswer extends Required<DefinitionContent> {
  readonly name: string;
  /** ISO 8601. */
  readonly created_date: string;
  readonly last_modified_date: string;
}

/** Definitions by kind and name. To change them needs the master key, or a session that may define. */
export interface DefinitionsClient {
  list(kind: DefinitionKind, options?: CallOptions): Promise<DefinitionAnswer[]>;
  get(kind: DefinitionKind, name: string, options?: CallOptions): Promise<DefinitionAnswer>;
  put(
    kind: DefinitionKind,
    name: string,
    definition: DefinitionContent,
    options?: CallOptions,
  ): Promise<DefinitionAnswer>;
  delete(kind: DefinitionKind, name: string, options?: CallOptions): Promise<void>;
}

export function definitions(send: SendWith): DefinitionsClient {
  const pathOf = (kind: DefinitionKind, name: string) => `/definitions/${kind}/${encodeURIComponent(name)}`;
  return {
    list: async (kind, options) =>
      (await send("GET", `/definitions/${kind}`, { ...options, key: "read" })) as DefinitionAnswer[],
    get: async (kind, name, options) =>
      (await send("GET", pathOf(kind, name), { ...options, key: "read" })) as DefinitionAnswer,
    put: async (kind, name, body, options) =>
      (await send("PUT", pathOf(kind, name), { ...options, body })) as DefinitionAnswer,
    async delete(kind, name, options) {
      await send("DELETE", pathOf(kind, name), options);
    },
  };
}
