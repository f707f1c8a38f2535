import type { Json } from "@millrace/core";
import type { Bucket } from "./answers.ts";
import type { CallOptions, PageOptions, SendWith } from "./call.ts";
import type { TimeframeParameter } from "./common-parameters.ts";
import type { Question } from "./parameters.ts";

/** A question with an interval, asked for one value of its index at a time. */
export interface DatasetDefinition {
  readonly display_name?: string;
  /** With a relative timeframe and an interval; of one value, or a multi_analysis. */
  readonly query: Question;
  /** One property or several. */
  readonly index_by: string | readonly string[];
}

/** A dataset as it is shown. */
export interface DatasetAnswer {
  readonly dataset_name: string;
  readonly display_name: string;
  readonly query: { readonly analysis_type: string } & { readonly [parameter: string]: Json };
  readonly index_by: readonly string[];
  readonly milliseconds_behind: number;
}

export interface DatasetPage {
  readonly datasets: readonly DatasetAnswer[];
  /** Null at the end. */
  readonly next_page_url: string | null;
  readonly count: number;
}

/** Datasets by name. To make and to delete them needs the master key. */
export interface DatasetsClient {
  /** @throws MillraceClientError when the name is taken: a dataset is not changed */
  create(name: string, definition: DatasetDefinition, options?: CallOptions): Promise<DatasetAnswer>;
  get(name: string, options?: CallOptions): Promise<DatasetAnswer>;
  /** At most 100 at a time, by default 10. */
  list(options?: PageOptions): Promise<DatasetPage>;
  /** By interval, those that lie in `timeframe`; default: all. */
  results(
    name: string,
    index: Readonly<Record<string, string | number | boolean | null>>,
    options?: CallOptions & { readonly timeframe?: TimeframeParameter },
  ): Promise<{ readonly result: readonly Bucket<Json>[] }>;
  delete(name: string, options?: CallOptions): Promise<void>;
}

export function datasets(send: SendWith): DatasetsClient {
  const pathOf = (name: string) => `/datasets/${encodeURIComponent(name)}`;
  return {
    create: async (name, body, options) => (await send("PUT", pathOf(name), { ...options, body })) as DatasetAnswer,
    get: async (name, options) => (await send("GET", pathOf(name), { ...options, key: "read" })) as DatasetAnswer,
    async list({ limit, after, ...options } = {}) {
      const query = new URLSearchParams();
      if (limit !== undefined) query.set("limit", String(limit));
      if (after !== undefined) query.set("after_name", after);
      return (await send("GET", `/datasets?${query.toString()}`, { ...options, key: "read" })) as DatasetPage;
    },
    async results(name, index, { timeframe, ...options } = {}) {
      const query = new URLSearchParams({ index_by: JSON.stringify(index) });
      if (timeframe !== undefined) query.set("timeframe", JSON.stringify(timeframe));
      const path = `${pathOf(name)}/results?${query.toString()}`;
      return (await send("GET", path, { ...options, key: "read" })) as { result: Bucket<Json>[] };
    },
    async delete(name, options) {
      await send("DELETE", pathOf(name), options);
    },
  };
}
