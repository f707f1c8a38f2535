import { span, type Clock, type EventStore, type Registry } from "@millrace/core";
import { appendEvents, type AppendParts } from "./write/append.ts";
import { openConnection, type ConnectionOptions } from "./client/connection.ts";
import { countWhere, deleteWhere } from "./keep/delete.ts";
import { createDriver } from "./client/driver.ts";
import { runExtraction } from "./query/extract.ts";
import { readOutcomes, writeExceptions } from "./keep/ledger.ts";
import { createLock } from "./keep/lock.ts";
import { expire, healthOf, type StoreHealth } from "./keep/maintain.ts";
import { createMappings } from "./write/mapping.ts";
import { runMetric } from "./query/metric.ts";
import { migrate, type Migrated } from "./keep/migrate.ts";
import { DEFAULT_PREFIX, indexNames } from "./names.ts";
import { createPartitions } from "./partitions.ts";
import { prepareIndexes } from "./keep/prepare.ts";
import { createSearcher } from "./client/search.ts";
import { setTimeout as delay } from "node:timers/promises";

export interface OpenSearchStoreOptions {
  /** Address and credentials. */
  readonly connection: ConnectionOptions;
  /** Keeps the table of partitions: what every process of one store must agree on. */
  readonly registry: Registry;
  readonly clock: Clock;
  /** Begins the names of all indexes. Default `millrace`. */
  readonly prefix?: string;
  /** From 0 to 1, for back-off. Default `Math.random`. */
  readonly random?: () => number;
  /** Primaries of each month that is made from now on. Default 1; AWS advises 10 to 50 GB in each. */
  readonly shards?: number;
  /** Copies of each index. Default: one where the cluster has a second node. */
  readonly replicas?: number;
  /** How soon what was written can be found. Default `1s`. */
  readonly refreshInterval?: string;
  /** Most leaves of properties that one index maps; the catalogue's budget must stay below half of it. Default 25,000. */
  readonly maxFields?: number;
  /** Bulk requests of one append that are under way at the same time. Default 2. */
  readonly senders?: number;
  /** Distinct values of one measure up to which it is exact; reading them takes seconds. Default 500,000. */
  readonly exactValues?: number;
  /** Most bytes of one bulk request. Default 5 MB; small nodes of Amazon's take 10 MB in all. */
  readonly bulkBytes?: number;
}

export interface OpenSearchStore extends EventStore {
  /** Makes everything that was written findable now, for tests. */
  refresh(): Promise<void>;
  /** See {@link expire}. */
  expire(before: number): Promise<{ months: string[]; events: number }>;
  /** See {@link migrate}. `prepare` first: it brings the template of the mapping. */
  migrate(version?: number): Promise<Migrated[]>;
  health(): Promise<StoreHealth>;
}

const BULK_BYTES = 5_000_000;
const EXACT_VALUES = 500_000;
const MAX_FIELDS = 25_000;
/** How long an append tries when its caller names no deadline. */
const PATIENCE_MS = 30_000;

/** The event store of production: OpenSearch 3, by its core modules alone. Nothing is asked of the server before the first call. */
export function createOpenSearchStore(options: OpenSearchStoreOptions): OpenSearchStore {
  const { clock, registry, prefix = DEFAULT_PREFIX, random = Math.random } = options;
  const names = indexNames(prefix);
  const driver = createDriver(openConnection(options.connection));
  const bulkBytes = options.bulkBytes ?? BULK_BYTES;
  const partitions = createPartitions(registry, `store:${prefix}`, clock);
  const parts: AppendParts = {
    driver,
    clock,
    random,
    names,
    partitions,
    mappings: createMappings(driver, clock),
    senders: options.senders ?? 2,
    bulkBytes,
  };
  const settings = {
    ...(options.replicas !== undefined && { replicas: options.replicas }),
    shards: options.shards ?? 1,
    refreshInterval: options.refreshInterval ?? "1s",
    maxFields: options.maxFields ?? MAX_FIELDS,
  };
  const maintenance = { driver, names, partitions, clock, random, bulkBytes };
  const migration = {
    ...maintenance,
    lock: createLock(registry, { partition: `store:${prefix}`, sort: "migration" }, "A migration", { clock, random }),
    wait: (ms: number) => delay(ms),
  };
  const patience = (): number => clock.now() + PATIENCE_MS;

  return {
    prepare: () => prepareIndexes(driver, names, partitions, settings, clock),
    append: async (events, { deadline = patience() } = {}) => {
      if (events.length === 0) return [];
      return span("opensearch.append", { events: events.length }, () => appendEvents(parts, events, deadline));
    },
    recordExceptions: async (exceptions, { deadline = patience() } = {}) => {
      if (exceptions.length === 0) return;
      await span("opensearch.exceptions", { exceptions: exceptions.length }, () =>
        writeExceptions(parts, names.exceptions, exceptions, deadline),
      );
    },
    metric: (plan, run) =>
      span("opensearch.metric", { project: plan.project }, async () => {
        const searcher = createSearcher(driver, names.events, run);
        try {
          return await runMetric(searcher, plan, options.exactValues ?? EXACT_VALUES);
        } finally {
          await searcher.release();
        }
      }),
    extract: (plan, run) =>
      span("opensearch.extract", { project: plan.project }, async () => {
        const searcher = createSearcher(driver, names.events, run);
        try {
          return { events: await runExtraction(searcher, plan) };
        } finally {
          await searcher.release();
        }
      }),
    outcomes: (query) =>
      span("opensearch.outcomes", { project: query.project }, async () => {
        const events = createSearcher(driver, names.events);
        const exceptions = createSearcher(driver, names.exceptions);
        try {
          return await readOutcomes(events, exceptions, query);
        } finally {
          await events.release();
          await exceptions.release();
        }
      }),
    refresh: async () => {
      await driver.ask({ method: "POST", path: `/${names.events},${names.exceptions}/_refresh` });
    },
    expire: (before) => span("opensearch.expire", undefined, () => expire(maintenance, before)),
    countWhere: (where) => span("opensearch.count", { project: where.project }, () => countWhere(maintenance, where)),
    deleteWhere: (where, deletion) =>
      span("opensearch.delete", { project: where.project }, () => deleteWhere(maintenance, where, deletion)),
    migrate: (version) => span("opensearch.migrate", undefined, () => migrate(migration, version)),
    health: () => span("opensearch.health", undefined, () => healthOf(maintenance)),
    close: () => driver.close(),
  };
}
