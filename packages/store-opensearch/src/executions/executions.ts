import {
  MillraceError,
  monthEnd,
  mostCertain,
  type DurationCount,
  type ExecutionOrder,
  type Executions,
  type FoundExecution,
  type GroupCount,
  type StoredExecution,
} from "@millrace/core";
import { openConnection, type ConnectionOptions } from "../client/connection.ts";
import { createDriver, type Driver } from "../client/driver.ts";
import { inBulks } from "../write/bulk.ts";
import {
  EXECUTION_MAPPING,
  executionFilter,
  executionLines,
  executionNames,
  type ExecutionNames,
} from "./documents.ts";

export interface OpenSearchExecutionsOptions {
  readonly connection: ConnectionOptions;
  /** Begins the names of all indexes. */
  readonly prefix: string;
  /** Copies of each index. Default: one where the cluster has a second node. */
  readonly replicas?: number;
  /** Most bytes of one bulk request. Default 2 MB. */
  readonly bulkBytes?: number;
  /** Finds what was written at once, for tests. Default false: after a second. */
  readonly visibleAtOnce?: boolean;
}

export interface OpenSearchExecutions extends Executions {
  /** Makes the template from which each month's index is made by its first line. Safe to repeat. */
  prepare(): Promise<void>;
}

const BULK = { count: 1_000, bytes: 2_000_000 };
/** More than there are steps of a twentieth between a microsecond and a day. */
const MAX_BUCKETS = 500;
const TIMEOUT = { timeoutMs: 20_000 };

const ORDERS: Readonly<Record<ExecutionOrder, object>> = {
  newest: { started_at: "desc" },
  slowest: { duration_ms: "desc" },
  largest: { memory: { order: "desc", missing: "_last" } },
};

/** Sums of what the executions of a bucket stand for. */
const COUNTS = {
  count: { sum: { field: "weight" } },
  failed: {
    filter: { bool: { must_not: [{ term: { status: "ok" } }] } },
    aggs: { count: { sum: { field: "weight" } } },
  },
  cold: { filter: { term: { cold: true } }, aggs: { count: { sum: { field: "weight" } } } },
  maxMemory: { max: { field: "memory" } },
  lastAt: { max: { field: "started_at" } },
};

interface Value {
  readonly value: number | null;
}

interface Counted {
  readonly key: string | number;
  readonly count: Value;
  readonly failed: { readonly count: Value };
  readonly cold: { readonly count: Value };
  readonly maxMemory: Value;
  readonly lastAt: Value;
}

/** Executions in OpenSearch, an index for each month: what is too old is dropped with its month. */
export function createOpenSearchExecutions(options: OpenSearchExecutionsOptions): OpenSearchExecutions {
  const driver = createDriver(openConnection(options.connection));
  const names = executionNames(options.prefix);
  const { bulkBytes = BULK.bytes, visibleAtOnce = false } = options;
  const search = <T>(body: object): Promise<T> =>
    driver.ask<T>(
      { method: "POST", path: `/${names.all}/_search`, query: { ignore_unavailable: true }, body },
      TIMEOUT,
    );
  const hits = async <Kept extends FoundExecution>(body: object): Promise<Kept[]> => {
    const answer = await search<{ hits: { hits: { _source: { execution: Kept } }[] } }>({
      _source: ["execution"],
      ...body,
      track_total_hits: false,
    });
    return answer.hits.hits.map((hit) => hit._source.execution);
  };
  /** Empty where there is no index yet: then the answer has no aggregations. */
  const buckets = async <T>(body: object): Promise<readonly T[]> => {
    const answer = await search<{ aggregations?: { by: { buckets: readonly T[] } } }>({ ...body, size: 0 });
    return answer.aggregations?.by.buckets ?? [];
  };

  return {
    async prepare() {
      await driver.ask({ method: "PUT", path: `/_index_template/${names.template}`, body: template(names, options) });
    },
    async put(executions) {
      const byIndex = Map.groupBy(mostCertain(executions), ({ startedAt }) => names.of(startedAt));
      for (const [index, those] of byIndex) {
        const lines = those.map(executionLines);
        for (const bulk of inBulks(lines, (line) => Buffer.byteLength(line), { count: BULK.count, bytes: bulkBytes }))
          await write(driver, index, bulk.join(""), visibleAtOnce);
      }
    },
    async get(id) {
      const [found] = await hits<StoredExecution>({ size: 1, query: { ids: { values: [id] } } });
      return found;
    },
    find: (which, order, limit) =>
      hits<FoundExecution>({
        size: limit,
        query: executionFilter(which),
        sort: [ORDERS[order], { started_at: "desc" }],
        _source: { includes: ["execution"], excludes: ["execution.line"] },
      }),
    async durations(which, edges) {
      const ranges = edges.slice(1).map((to, span) => ({ key: String(span), from: edges[span], to }));
      const spans = await buckets<{ key: string; byDuration: { buckets: Counted[] } }>({
        query: executionFilter(which),
        aggs: {
          by: {
            range: { field: "started_at", ranges },
            aggs: { byDuration: { terms: { field: "duration_bucket", size: MAX_BUCKETS }, aggs: COUNTS } },
          },
        },
      });
      return spans.flatMap(({ key, byDuration }) =>
        byDuration.buckets.map((counted): DurationCount => ({
          span: Number(key),
          bucket: Number(counted.key),
          count: counted.count.value ?? 0,
          failed: counted.failed.count.value ?? 0,
          cold: counted.cold.count.value ?? 0,
          maxMemory: counted.maxMemory.value ?? 0,
        })),
      );
    },
    async groups(which, by, limit) {
      const order = [{ count: "desc" }, { _key: "asc" }];
      const found = await buckets<Counted>({
        query: executionFilter(which),
        aggs: { by: { terms: { field: by, size: limit, order }, aggs: COUNTS } },
      });
      return found.map(({ key, count, failed, lastAt }): GroupCount => ({
        value: String(key),
        count: count.value ?? 0,
        failed: failed.count.value ?? 0,
        lastAt: lastAt.value ?? 0,
      }));
    },
    expire: (limits) => expire(driver, names, limits),
    close: () => driver.close(),
  };
}

function template(names: ExecutionNames, { replicas }: OpenSearchExecutionsOptions): object {
  return {
    index_patterns: [names.all],
    priority: 202,
    template: {
      settings: {
        ...(replicas === undefined
          ? { "index.auto_expand_replicas": "0-1" }
          : { "index.number_of_replicas": replicas }),
        "index.number_of_shards": 1,
        "index.codec": "best_compression",
        "index.refresh_interval": "1s",
        // The log is the record: a second that a crash takes is read from it again.
        "index.translog.durability": "async",
      },
      mappings: EXECUTION_MAPPING,
    },
  };
}

interface BulkAnswer {
  readonly items: readonly {
    readonly index?: { readonly status: number; readonly error?: { readonly reason?: string } };
  }[];
}

/**
 * The index is in the path, where a role can be held to it.
 * @throws MillraceError `ServiceUnavailable` when one was not written: all of them may be sent again
 */
async function write(driver: Driver, index: string, lines: string, refresh: boolean): Promise<void> {
  const request = { method: "POST", path: `/${index}/_bulk`, query: { refresh }, lines } as const;
  const { items } = await driver.ask<BulkAnswer>(request, TIMEOUT);
  const failed = items.find(({ index }) => index !== undefined && index.status >= 300 && index.status !== CONFLICT);
  if (!failed) return;
  throw new MillraceError("ServiceUnavailable", "The store did not take all executions. Send them again.", {
    context: { opensearch: failed.index?.error?.reason?.slice(0, 500) },
  });
}

/** A more certain line is there. */
const CONFLICT = 409;

async function expire(
  driver: Driver,
  names: ExecutionNames,
  { before, maxBytes }: { readonly before: number; readonly maxBytes: number },
): Promise<void> {
  const { indices } = await driver.ask<{
    indices: Record<string, { primaries: { store: { size_in_bytes: number } } }>;
  }>({ method: "GET", path: `/${names.all}/_stats/store`, query: { ignore_unavailable: true } }, TIMEOUT);
  let bytes = 0;
  const newestFirst = Object.keys(indices).toSorted().reverse();
  for (const [place, index] of newestFirst.entries()) {
    bytes += indices[index]?.primaries.store.size_in_bytes ?? 0;
    const isOver = monthEnd(index.slice(-6)) <= before;
    if (isOver || (place > 0 && bytes > maxBytes))
      await driver.ask({ method: "DELETE", path: `/${index}` }, { ...TIMEOUT, ignore: [404] });
  }
}
