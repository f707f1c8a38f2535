import type { Json, JsonObject } from "@millrace/core";
import type { CallOptions, SendWith } from "./call.ts";
import type { Filter } from "./common-parameters.ts";

/** Names that may be used; `blocked` beats `allowed`, no `allowed` is all, an empty one none. */
export interface NameRule {
  readonly allowed?: readonly string[] | null;
  readonly blocked?: readonly string[] | null;
}

/** What an access key may do, and how. An option group that is absent or null restricts nothing. */
export interface AccessKeyDefinition {
  readonly name: string;
  /** Default true. */
  readonly is_active?: boolean;
  readonly permitted: readonly ("writes" | "queries" | "saved_queries" | "cached_queries" | "datasets" | "schema")[];
  readonly options?: {
    /** Properties put over each event recorded with the key. */
    readonly writes?: { readonly autofill?: JsonObject | null } | null;
    /** Filters added to each question asked with the key. */
    readonly queries?: { readonly filters?: readonly Filter[] | null } | null;
    readonly saved_queries?: (NameRule & { readonly filters?: readonly Filter[] | null }) | null;
    readonly cached_queries?: NameRule | null;
    readonly datasets?: {
      readonly operations?: readonly ("read" | "list" | "retrieve")[] | null;
      readonly allowed?: Readonly<
        Record<string, { readonly index_by?: Readonly<Record<string, readonly Json[]>> | null } | null>
      > | null;
      readonly blocked?: readonly string[] | null;
    } | null;
  };
}

/** An access key as it is shown. */
export interface AccessKeyAnswer extends Required<AccessKeyDefinition> {
  readonly key: string;
  readonly project_id: string;
}

export interface KeyPageOptions extends CallOptions {
  /** At most so many, 1 to 1,000. Default: all. */
  readonly limit?: number;
  /** Those that come after this key. */
  readonly after?: string;
}

/** Access keys. All of it needs the master key. */
export interface AccessKeysClient {
  create(definition: AccessKeyDefinition, options?: CallOptions): Promise<AccessKeyAnswer>;
  list(options?: KeyPageOptions): Promise<AccessKeyAnswer[]>;
  get(key: string, options?: CallOptions): Promise<AccessKeyAnswer>;
  /** Replaces all of it: what is not given is empty then. */
  replace(key: string, definition: AccessKeyDefinition, options?: CallOptions): Promise<AccessKeyAnswer>;
  /** Switches it off. In every process within a minute. */
  revoke(key: string, options?: CallOptions): Promise<AccessKeyAnswer>;
  unrevoke(key: string, options?: CallOptions): Promise<AccessKeyAnswer>;
  /** Ends it for good. */
  delete(key: string, options?: CallOptions): Promise<void>;
}

export function accessKeys(send: SendWith): AccessKeysClient {
  const shown = (method: "GET" | "POST", path: string, options?: Parameters<SendWith>[2]) =>
    send(method, `/keys${path}`, options) as Promise<AccessKeyAnswer>;
  const pathOf = (key: string) => `/${encodeURIComponent(key)}`;
  return {
    create: (body, options) => shown("POST", "", { ...options, body }),
    async list({ limit, after, ...options } = {}) {
      const query = new URLSearchParams();
      if (limit !== undefined) query.set("limit", String(limit));
      if (after !== undefined) query.set("after_key", after);
      return (await send("GET", `/keys?${query.toString()}`, options)) as AccessKeyAnswer[];
    },
    get: (key, options) => shown("GET", pathOf(key), options),
    replace: (key, body, options) => shown("POST", pathOf(key), { ...options, body }),
    revoke: (key, options) => shown("POST", `${pathOf(key)}/revoke`, options),
    unrevoke: (key, options) => shown("POST", `${pathOf(key)}/unrevoke`, options),
    async delete(key, options) {
      await send("DELETE", `/keys${pathOf(key)}`, options);
    },
  };
}
