import {
  createPartitions,
  groupsWith,
  hullOf,
  ownGroup,
  span,
  STORE_PREFIX,
  tableOfStore,
  type Clock,
  type EventStore,
  type EventsPlan,
  type Registry,
  type RunOptions,
  type TimeRange,
} from "@millrace/core";
import { appendEvents, type AppendParts } from "./write/append.ts";
import { createBreakers } from "./write/breakers.ts";
import { openConnection, type ConnectionOptions } from "./client/connection.ts";
import { countWhere, deleteWhere } from "./keep/delete.ts";
import { deleteProperty } from "./keep/delete-property.ts";
import { createDriver } from "./client/driver.ts";
import { runFunnel } from "./query/actors/funnel.ts";
import { runOrderedFunnel } from "./query/actors/ordered-funnel.ts";
import { runPaths } from "./query/actors/paths.ts";
import { runRetention } from "./query/actors/retention.ts";
import type { Allowance } from "./query/actors/stream.ts";
import { settleDeeds, settleMetric } from "./query/deeds.ts";
import { runExtraction } from "./query/extract.ts";
import { forgetRaw, withdraw } from "./keep/exceptions.ts";
import { readArrivals, readOutcomes, writeExceptions } from "./keep/ledger.ts";
import { readRejectedEvents, readRejectedGroups } from "./keep/rejected.ts";
import { createLock } from "./keep/lock.ts";
import { expire, healthOf, type Expired, type StoreHealth } from "./keep/maintain.ts";
import { fullestShard, listIndexes, type ShardFill } from "./keep/state.ts";
import { createMappings } from "./write/mapping.ts";
import { MAX_INSTANT } from "./schema.ts";
import { answerMetric } from "./query/top.ts";
import { migrate, migrateStep, type Migrated, type MigrationStep } from "./keep/migrate.ts";
import { indexNames } from "./names.ts";
import { prepareIndexes } from "./keep/prepare.ts";
import { SHARD_EVENTS } from "./keep/sizes.ts";
import { createSearcher, type Searcher, type Target } from "./client/search.ts";
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
  /** Groups of projects that a month has at least; each is an index of its own in each period. Default 1; grows by itself. */
  readonly groups?: number;
  /** Most events that a shard should get: months are cut into weeks or days by it. Default a billion. */
  readonly shardEvents?: number;
  /** How soon what was written can be found. Default `1s`. */
  readonly refreshInterval?: string;
  /** Most leaves of properties that one index maps; the catalogue's budget must stay below half of it. Default 25,000. */
  readonly maxFields?: number;
  /** Bulk requests of one append that are under way at the same time. Default 2. */
  readonly senders?: number;
  /** Distinct values of one percentile up to which it is exact; reading them takes seconds. Default 500,000. */
  readonly exactValues?: number;
  /** Different values up to which `count_unique` counts them one by one, in all cells of an answer together. Default 50,000. */
  readonly exactUnique?: number;
  /** Actors, or moments of actors, that one funnel, retention or path question may read. Default two million: about 30 pages. */
  readonly actorRows?: number;
  /** How many of them are in memory together; each has some hundred bytes. Default 400,000. */
  readonly actorRowsAtOnce?: number;
  /** Most bytes of one bulk request. Default 5 MB; small nodes of Amazon's take 10 MB in all. */
  readonly bulkBytes?: number;
}

export interface OpenSearchStore extends EventStore {
  /** Makes everything that was written findable now, for tests. */
  refresh(): Promise<void>;
  /**
   * See {@link prepareIndexes}.
   * @param options.remake makes missing indexes of months that have begun as well: for a cluster that was lost and is empty. Where
   * only one index is missing for a while, what it holds would be stored a second time.
   */
  prepare(options?: { readonly remake?: boolean }): Promise<void>;
  /** See {@link expire}. */
  expire(before: number, deadline?: number): Promise<Expired>;
  /**
   * Gives a project a group of its own in every month that lies wholly in the future: `prepare` makes them. For a large project, or
   * one that uses up what it shares with others. @throws Error for what is no project's id
   */
  giveOwnGroup(project: string): Promise<void>;
  /** See {@link migrate}. `prepare` first: it brings the template of the mapping. */
  migrate(version?: number): Promise<Migrated[]>;
  /** See {@link migrateStep}. */
  migrateStep(until: number, version?: number): Promise<MigrationStep>;
  health(): Promise<StoreHealth>;
  /** The fullest shard that there is: a period that has begun is cut no smaller. Undefined where there is no index. */
  fullestShard(): Promise<ShardFill | undefined>;
}

const BULK_BYTES = 5_000_000;
const EXACT_VALUES = 500_000;
/** Reading as many takes half a second of the cluster, and a page of a dashboard asks ten times. What is more is estimated in a tenth of that. */
const EXACT_UNIQUE = 50_000;
const ACTOR_ROWS = 2_000_000;
const ACTOR_ROWS_AT_ONCE = 400_000;
const MAX_FIELDS = 25_000;
const ALWAYS: TimeRange = { start: -MAX_INSTANT, end: MAX_INSTANT };
/** How long an append tries when its caller names no deadline. */
const PATIENCE_MS = 30_000;

/** The event store of production: OpenSearch 3, by its core modules alone. Nothing is asked of the server before the first call. */
export function createOpenSearchStore(options: OpenSearchStoreOptions): OpenSearchStore {
  const { clock, registry, prefix = STORE_PREFIX, random = Math.random } = options;
  const names = indexNames(prefix);
  const driver = createDriver(openConnection(options.connection));
  const bulkBytes = options.bulkBytes ?? BULK_BYTES;
  const partitions = createPartitions(registry, tableOfStore(prefix), clock);
  const parts: AppendParts = {
    driver,
    clock,
    random,
    names,
    partitions,
    mappings: createMappings(driver, clock),
    breakers: createBreakers(clock),
    senders: options.senders ?? 2,
    bulkBytes,
  };
  const settings = {
    ...(options.replicas !== undefined && { replicas: options.replicas }),
    shards: options.shards ?? 1,
    groups: options.groups ?? 1,
    shardEvents: options.shardEvents ?? SHARD_EVENTS,
    refreshInterval: options.refreshInterval ?? "1s",
    maxFields: options.maxFields ?? MAX_FIELDS,
  };
  const { shardEvents } = settings;
  const limits = { unique: options.exactUnique ?? EXACT_UNIQUE, values: options.exactValues ?? EXACT_VALUES };
  const maintenance = { driver, names, partitions, clock, random, bulkBytes, shardEvents };
  const migration = {
    ...maintenance,
    lock: createLock(registry, { partition: tableOfStore(prefix), sort: "migration" }, "A migration", {
      clock,
      random,
    }),
    wait: (ms: number) => delay(ms),
  };
  const patience = (): number => clock.now() + PATIENCE_MS;

  /** Where a project's events can be: of all partitions, those of its groups; and of which time these sets are. */
  const targetOf = async (project: string, sets: readonly EventsPlan[] = []): Promise<Target> => {
    const table = await partitions.known();
    const aliases = table?.aliased ? groupsWith(project, table).map(names.group).join(",") : names.events;
    const time = sets[0]?.time ?? "timestamp";
    const range = sets.every((set) => set.time === time) ? hullOf(sets.map((set) => set.range)) : undefined;
    return range ? { aliases, range, time } : { aliases, range: ALWAYS };
  };

  /** Asks a question about actors, all of it of one snapshot. */
  const askActors = <R>(
    name: string,
    plan: { readonly project: string },
    parts: readonly EventsPlan[],
    run: RunOptions | undefined,
    answer: (searcher: Searcher, allowance: Allowance) => Promise<R>,
  ): Promise<R> =>
    span(name, { project: plan.project }, async () => {
      const searcher = createSearcher(driver, await targetOf(plan.project, parts), run);
      const most = options.actorRows ?? ACTOR_ROWS;
      try {
        return await answer(searcher, { left: most, most, atOnce: options.actorRowsAtOnce ?? ACTOR_ROWS_AT_ONCE });
      } finally {
        await searcher.release();
      }
    });

  return {
    prepare: ({ remake = false } = {}) => prepareIndexes({ driver, names, partitions, clock }, settings, remake),
    append: async (events, { deadline = patience() } = {}) => {
      if (events.length === 0) return [];
      return span("opensearch.append", { events: events.length }, () => appendEvents(parts, events, deadline));
    },
    recordExceptions: async (exceptions, { deadline = patience() } = {}) => {
      if (exceptions.length === 0) return;
      await span("opensearch.exceptions", { exceptions: exceptions.length }, () =>
        writeExceptions(parts, exceptions, deadline),
      );
    },
    withdrawExceptions: async (stored, { deadline = patience() } = {}) => {
      if (stored.length === 0) return;
      await span("opensearch.withdraw", { events: stored.length }, () => withdraw(parts, stored, deadline));
    },
    forgetRaw: (before, { deadline = patience() } = {}) =>
      span("opensearch.forget", undefined, () =>
        forgetRaw(driver, names.exceptions, before, Math.max(1, Math.min(PATIENCE_MS, deadline - clock.now()))),
      ),
    metric: (plan, run) =>
      span("opensearch.metric", { project: plan.project }, async () => {
        const searcher = createSearcher(driver, await targetOf(plan.project, [plan]), run);
        try {
          const settled = await settleMetric(searcher, plan);
          return await answerMetric(searcher, settled, limits);
        } finally {
          await searcher.release();
        }
      }),
    extract: (plan, run) =>
      span("opensearch.extract", { project: plan.project }, async () => {
        const searcher = createSearcher(driver, await targetOf(plan.project, [plan]), run);
        try {
          return { events: await runExtraction(searcher, await settleDeeds(searcher, plan)) };
        } finally {
          await searcher.release();
        }
      }),
    funnel: (plan, run) =>
      askActors("opensearch.funnel", plan, plan.steps, run, async (searcher, allowance) => {
        const steps = await Promise.all(plan.steps.map((step) => settleDeeds(searcher, step)));
        return runFunnel(searcher, { ...plan, steps }, allowance);
      }),
    orderedFunnel: (plan, run) =>
      askActors("opensearch.ordered-funnel", plan, plan.steps, run, async (searcher, allowance) => {
        const steps = await Promise.all(plan.steps.map((step) => settleDeeds(searcher, step)));
        return runOrderedFunnel(searcher, { ...plan, steps }, allowance);
      }),
    retention: (plan, run) =>
      askActors("opensearch.retention", plan, [plan.first, plan.returning], run, async (searcher, allowance) => {
        const first = await settleDeeds(searcher, plan.first);
        const returning = await settleDeeds(searcher, plan.returning);
        return runRetention(searcher, { ...plan, first, returning }, allowance);
      }),
    paths: (plan, run) =>
      askActors("opensearch.paths", plan, [plan], run, async (searcher, allowance) =>
        runPaths(searcher, await settleDeeds(searcher, plan), allowance),
      ),
    outcomes: (query, run) =>
      span("opensearch.outcomes", { project: query.project }, async () => {
        const events = createSearcher(driver, await targetOf(query.project), run);
        const exceptions = createSearcher(driver, { aliases: names.exceptions }, run);
        try {
          return await readOutcomes(events, exceptions, query);
        } finally {
          await events.release();
          await exceptions.release();
        }
      }),
    arrivals: (query, run) =>
      span("opensearch.arrivals", { project: query.project }, async () => {
        const events = createSearcher(driver, await targetOf(query.project), run);
        try {
          return await readArrivals(events, query);
        } finally {
          await events.release();
        }
      }),
    rejectedGroups: (query, run) =>
      span("opensearch.rejected", { project: query.project }, async () => {
        const searcher = createSearcher(driver, { aliases: names.exceptions }, run);
        try {
          return await readRejectedGroups(searcher, query);
        } finally {
          await searcher.release();
        }
      }),
    rejectedEvents: (query, page, run) =>
      span("opensearch.rejected", { project: query.project }, () =>
        readRejectedEvents(createSearcher(driver, { aliases: names.exceptions }, run), query, page),
      ),
    refresh: async () => {
      await driver.ask({ method: "POST", path: `/${names.events},${names.exceptions}/_refresh` });
    },
    expire: (before, deadline) => span("opensearch.expire", undefined, () => expire(maintenance, before, deadline)),
    giveOwnGroup: async (project) => {
      ownGroup(project);
      await partitions.update(({ own = [], ...table }) => ({ ...table, own: [...new Set([...own, project])].sort() }));
    },
    countWhere: (where) => span("opensearch.count", { project: where.project }, () => countWhere(maintenance, where)),
    deleteWhere: (where, deletion) =>
      span("opensearch.delete", { project: where.project }, () => deleteWhere(maintenance, where, deletion)),
    deleteProperty: (where, deletion) =>
      span("opensearch.delete-property", { project: where.project }, () =>
        deleteProperty(maintenance, where, deletion),
      ),
    migrate: (version) => span("opensearch.migrate", undefined, () => migrate(migration, version)),
    migrateStep: (until, version) =>
      span("opensearch.migrate", undefined, () => migrateStep(migration, until, version)),
    health: () => span("opensearch.health", undefined, () => healthOf(maintenance)),
    fullestShard: () =>
      span("opensearch.shards", undefined, async () =>
        fullestShard(await listIndexes(driver, names), maintenance.shardEvents),
      ),
    close: () => driver.close(),
  };
}
