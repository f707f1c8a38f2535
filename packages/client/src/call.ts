/** What every call takes. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface PageOptions extends CallOptions {
  /** At most so many, 1 to 1,000. Default: all. */
  readonly limit?: number;
  /** Those whose names come after it. */
  readonly after?: string;
}

/** Sends one call under the project's address; the answer is undefined where there is none (204). */
export type SendWith = (
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  options?: CallOptions & { readonly body?: unknown; readonly key?: "master" | "read" },
) => Promise<unknown>;
