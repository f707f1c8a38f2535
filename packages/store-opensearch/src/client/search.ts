import { MillraceError, isObject, type RunOptions } from "@millrace/core";
import type { Driver } from "./driver.ts";
import { failureOf } from "./failure.ts";
import type { Request } from "./request.ts";

/** Asks questions of one snapshot or of the newest state, within one time limit for all requests of a query. */
export interface Searcher {
  /**
   * @param snapshot true: over the events as they were at the first such question, so that pages and further questions see the
   * same ones; false: over the newest state, which spares two requests
   * @throws MillraceError; a partial answer is an error, never a shorter answer
   */
  search(body: object, snapshot: boolean): Promise<SearchAnswer>;
  /** Lets go of the snapshot. */
  release(): Promise<void>;
}

export interface SearchAnswer {
  readonly hits: {
    readonly total?: { readonly value: number };
    readonly hits: readonly { readonly _source: unknown; readonly sort?: readonly unknown[] }[];
  };
  readonly aggregations?: Readonly<Record<string, unknown>>;
}

/** One aggregation's part of an answer. */
export function aggregation<T>({ aggregations }: SearchAnswer, name: string): T {
  const found = aggregations?.[name];
  if (found === undefined)
    throw new MillraceError("ServiceUnavailable", "The store's answer lacks a part of the question.");
  return found as T;
}

/** Keen's limit for a query. */
const DEFAULT_TIMEOUT_MS = 300_000;
/** The snapshot outlives its query by this at most. */
const KEEP_ALIVE_SLACK_MS = 10_000;

export function createSearcher(
  driver: Driver,
  alias: string,
  { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: RunOptions = {},
): Searcher {
  const until = performance.now() + timeoutMs;
  let snapshot: Promise<string> | undefined;

  const left = (): number => {
    signal?.throwIfAborted();
    const ms = until - performance.now();
    if (ms <= 0) throw tookTooLong(timeoutMs);
    return ms;
  };
  const run = (ms: number): RunOptions => ({ timeoutMs: ms, ...(signal && { signal }) });
  const ask = async (request: Request, body: object): Promise<SearchAnswer> => {
    const ms = left();
    const answer = await driver.ask<SearchAnswer>(
      { ...request, body: { ...body, timeout: `${Math.ceil(ms)}ms` } },
      run(ms),
    );
    checkWhole(answer, timeoutMs);
    return answer;
  };
  const open = async (): Promise<string> => {
    const ms = left();
    const { pit_id } = await driver.ask<{ pit_id: string }>(
      {
        method: "POST",
        path: `/${alias}/_search/point_in_time`,
        query: { keep_alive: `${Math.ceil(ms + KEEP_ALIVE_SLACK_MS)}ms`, allow_partial_pit_creation: false },
      },
      run(ms),
    );
    return pit_id;
  };

  return {
    search: async (body, ofSnapshot) => {
      if (!ofSnapshot) return ask({ method: "POST", path: `/${alias}/_search`, query: WHOLE }, body);
      snapshot ??= open();
      const id = await snapshot;
      return ask({ method: "POST", path: "/_search", query: WHOLE }, { ...body, pit: { id } });
    },
    release: async () => {
      const id = await snapshot?.catch(() => undefined);
      if (id === undefined) return;
      // It ends by itself too; a failure here must not hide the query's own end.
      await driver
        .send({ method: "DELETE", path: "/_search/point_in_time", body: { pit_id: [id] } }, { timeoutMs: 5_000 })
        .catch(() => undefined);
    },
  };
}

const WHOLE = { allow_partial_search_results: false } as const;

/** A shard that failed or ran out of time leaves a smaller number with the same look. */
function checkWhole(answer: unknown, timeoutMs: number): void {
  if (!isObject(answer)) throw new MillraceError("ServiceUnavailable", "The store gave no readable answer.");
  if (answer["timed_out"] === true) throw tookTooLong(timeoutMs);
  const shards = answer["_shards"];
  if (isObject(shards) && shards["failed"] === 0) return;
  throw failureOf({ status: 503, body: answer });
}

function tookTooLong(timeoutMs: number): MillraceError {
  return new MillraceError("QueryTimeout", `The query took longer than ${Math.round(timeoutMs)} ms and was stopped.`);
}
