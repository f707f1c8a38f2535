import type { Json } from "@millrace/core";
import type { Answer } from "./answers.ts";
import type { CallOptions, PageOptions, SendWith } from "./call.ts";
import type { Question } from "./parameters.ts";

/** What is saved under a name. */
export interface SavedQueryDefinition {
  readonly query: Question;
  /** Seconds an answer may be old: 0 (default), or 14,400 to 172,800. */
  readonly refresh_rate?: number;
  readonly metadata?: Json;
}

/** A saved query as it is shown. */
export interface SavedQueryAnswer {
  readonly query_name: string;
  readonly created_date: string;
  readonly last_modified_date: string;
  readonly refresh_rate: number;
  /** As it was saved; what it does not say is null. */
  readonly query: { readonly analysis_type: string } & { readonly [parameter: string]: Json };
  readonly metadata: Json;
  readonly urls: { readonly cached_query_url: string; readonly cached_query_results_url: string };
}

/** Saved queries by name. All but `result` need the master key. */
export interface SavedQueriesClient {
  /** Saves it, or replaces one of this name. */
  put(name: string, definition: SavedQueryDefinition, options?: CallOptions): Promise<SavedQueryAnswer>;
  get(name: string, options?: CallOptions): Promise<SavedQueryAnswer>;
  list(options?: PageOptions): Promise<SavedQueryAnswer[]>;
  delete(name: string, options?: CallOptions): Promise<void>;
  /** Its answer, beside its definition. The shape of the result is that of its analysis. */
  result(name: string, options?: CallOptions): Promise<SavedQueryAnswer & Answer<Json>>;
}

export function savedQueries(send: SendWith): SavedQueriesClient {
  const pathOf = (name: string) => `/queries/saved/${encodeURIComponent(name)}`;
  return {
    put: async (name, body, options) => (await send("PUT", pathOf(name), { ...options, body })) as SavedQueryAnswer,
    get: async (name, options) => (await send("GET", pathOf(name), options)) as SavedQueryAnswer,
    async list({ limit, after, ...options } = {}) {
      const query = new URLSearchParams();
      if (limit !== undefined) query.set("limit", String(limit));
      if (after !== undefined) query.set("after_name", after);
      return (await send("GET", `/queries/saved?${query.toString()}`, options)) as SavedQueryAnswer[];
    },
    async delete(name, options) {
      await send("DELETE", pathOf(name), options);
    },
    result: async (name, options) =>
      (await send("GET", `${pathOf(name)}/result`, { ...options, key: "read" })) as SavedQueryAnswer & Answer<Json>,
  };
}
