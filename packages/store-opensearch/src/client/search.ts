import { MillraceError, isObject, type RunOptions, type TimeColumn, type TimeRange } from "@millrace/core";
import type { Driver } from "./driver.ts";
import { failureOf } from "./failure.ts";
import type { Request } from "./request.ts";

/** Asks questions of one snapshot or of the newest state, within one time limit for all requests of a query. */
export interface Searcher {
  /**
   * @param snapshot true: over the events as they were at the first such question, so that pages and further questions see the
   * same ones; false: over the newest state, which holds nothing open on the server, unless there is a snapshot already
   * @throws MillraceError; a partial answer is an error, never a shorter answer
   */
  search(body: object, snapshot: boolean): Promise<SearchAnswer>;
  /** Lets go of the snapshot. One that is still being made is let go as soon as it is there, without waiting for it here. */
  release(): Promise<void>;
}

export interface SearchAnswer {
  readonly hits: {
    readonly total?: { readonly value: number };
    readonly hits: readonly {
      readonly _source: unknown;
      readonly sort?: readonly unknown[];
      readonly fields?: Readonly<Record<string, readonly unknown[]>>;
    }[];
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

/** Where a query looks. */
export interface Target {
  /** Aliases or indexes, separated by commas. */
  readonly aliases: string;
  /** The times it asks for. Absent: of what has none, a snapshot is made of all that the aliases lead to. */
  readonly range?: TimeRange;
  /** What the range is about. Default: when events happened. */
  readonly time?: TimeColumn;
}

/** Keen's limit for a query. */
const DEFAULT_TIMEOUT_MS = 300_000;
/**
 * How long a snapshot outlives its last question. Each question renews it, and one that is being answered is not let go, so this is
 * what a process leaves behind that is stopped in the middle.
 */
const KEEP_ALIVE = "20s";
/** Making a snapshot takes milliseconds; one that nobody waits for any more is still waited for this long, to let go of it. */
const OPEN_MS = 10_000;
/** Letting go holds up an answer that is ready. */
const RELEASE_MS = 2_000;
/** A request line ends at 4,096 bytes. */
const MAX_PATH = 3_500;

export function createSearcher(
  driver: Driver,
  { aliases, range, time = "timestamp" }: Target,
  { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: RunOptions = {},
): Searcher {
  const until = performance.now() + timeoutMs;
  // The same copies of the shards for all questions: two copies may be a refresh apart.
  const preference = Math.random().toString(36).slice(2, 12);
  let snapshot: Promise<string | undefined> | undefined;
  let isMade = false;

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
      { ...request, body: { ...body, timeout: `${patienceOf(ms)}ms` } },
      run(ms),
    );
    checkWhole(answer, timeoutMs);
    return answer;
  };
  /**
   * The indexes that hold events of the range. The server knows the first and last time of each shard, so this is exact,
   * whatever the ids say, and opens nothing.
   */
  const indexesIn = async ({ start, end }: TimeRange): Promise<readonly string[]> => {
    const { indices } = await driver.ask<{ indices: readonly string[] }>(
      {
        method: "POST",
        path: `/${aliases}/_field_caps`,
        query: { fields: time, filter_path: "indices" },
        body: { index_filter: { range: { [time]: { gte: start, lt: end } } } },
      },
      run(left()),
    );
    return indices;
  };
  /** One context per shard, of which a node has few: never over partitions that cannot hold an event of the range. */
  const open = async (): Promise<string | undefined> => {
    const indexes = range ? await indexesIn(range) : [aliases];
    if (indexes.length === 0) return undefined;
    const path = indexes.join(",").length > MAX_PATH ? aliases : indexes.join(",");
    // Not with the caller's signal: an answer that nobody waits for names the snapshot that must be let go.
    const { pit_id } = await driver.ask<{ pit_id: string }>(
      {
        method: "POST",
        path: `/${path}/_search/point_in_time`,
        query: { keep_alive: KEEP_ALIVE, allow_partial_pit_creation: false, preference },
      },
      { timeoutMs: OPEN_MS },
    );
    return pit_id;
  };

  return {
    search: async (body, ofSnapshot) => {
      if (ofSnapshot || snapshot) {
        snapshot ??= open().finally(() => {
          isMade = true;
        });
        const id = await inTime(snapshot, left(), signal, () => tookTooLong(timeoutMs));
        if (id !== undefined) {
          const pit = { id, keep_alive: KEEP_ALIVE };
          return ask({ method: "POST", path: "/_search", query: WHOLE }, { ...body, pit });
        }
      }
      return ask({ method: "POST", path: `/${aliases}/_search`, query: { ...WHOLE, preference } }, body);
    },
    release: async () => {
      const letting = snapshot
        ?.then((id) => {
          if (id === undefined) return undefined;
          const request: Request = { method: "DELETE", path: "/_search/point_in_time", body: { pit_id: [id] } };
          return driver.send(request, { timeoutMs: RELEASE_MS });
        })
        // It ends by itself too; a failure here must not hide the query's own end.
        .catch(() => undefined);
      if (isMade) await letting;
    },
  };
}

/** A time limit that equal questions share: the server remembers answers by every byte of the question. This process ends on time itself. */
function patienceOf(ms: number): number {
  return Math.ceil(ms < PATIENCE_STEP_MS ? ms : Math.ceil(ms / PATIENCE_STEP_MS) * PATIENCE_STEP_MS);
}

const PATIENCE_STEP_MS = 10_000;

/** Shards that cannot hold an event of the time are left out before they take a place in the queue, however few there are. */
const WHOLE = { allow_partial_search_results: false, pre_filter_shard_size: 1 } as const;

/** The result of work that goes on by itself, unless the time or the caller's patience ends first. */
async function inTime<T>(
  work: Promise<T>,
  ms: number,
  signal: AbortSignal | undefined,
  late: () => MillraceError,
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), ms);
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

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
