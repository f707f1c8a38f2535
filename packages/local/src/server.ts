import { getConnInfo } from "@hono/node-server/conninfo";
import type { Hono } from "hono";
import {
  appOf,
  createAccess,
  createCatalogue,
  createClaims,
  createDeletions,
  createEmbeds,
  createRegistryVisitTable,
  createSalts,
  createSqliteRefusals,
  createSqliteRegistry,
  createTombstones,
  createCollecting,
  createMemoryShares,
  createMemoryVersions,
  createProjectAdministration,
  createMonthlyEvents,
  createRates,
  createVisits,
  hashKey,
  systemClock,
  systemRandom,
  versioned,
} from "@millrace/access";
import { consoleRoutes, createOpenId, signedIn } from "@millrace/access/console";
import { createCollector, createDeaths, createEnricher, openGeoDatabase } from "@millrace/collector";
import { createRests, createTimeShares, MALFORMED, watchHeadroom } from "@millrace/core";
import { checkProperties, COLLECT_ROUTES, createIngestRoutes } from "@millrace/ingest";
import type { ExecutionRecord } from "@millrace/monitor";
import { createAdmit, createSending, OPERATIONS_ROUTES, operationsRoutes } from "@millrace/ops";
import { createSmtpMailer } from "@millrace/ops/mail/smtp";
import { mcpRoutes } from "@millrace/mcp";
import { createAnswers, createQueryApp, createStored, readEmbedClaims, readForcedFilters } from "@millrace/query";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Assets } from "./assets.ts";
import type { LocalConfig } from "./config.ts";
import { ensureDemo, scriptTag, type Demo } from "./demo.ts";
import { serveDemoSite } from "./demo-site/pages.ts";
import { demoRoutes } from "./demo-site/routes.ts";
import { createTraffic } from "./demo-site/traffic.ts";
import { inExecution } from "./executions/in-execution.ts";
import { openLocalExecutions } from "./executions/open.ts";
import { openWatch } from "./health.ts";
import { listen, senderOf } from "./http.ts";
import { lockFolder } from "./lock.ts";
import { makeFolder } from "./make-folder.ts";
import { openingRoute } from "./opening.ts";
import { openQueue } from "./open-queue.ts";
import { openLedger } from "./open-ledger.ts";
import { openStore } from "./open-store.ts";
import { createLinks } from "./console/links.ts";
import { linkRoutes, linkTo } from "./console/routes.ts";
import { homePage, serveAssets } from "./static-files.ts";
import { keepSalts, startUpkeep } from "./upkeep.ts";
import { startWork } from "./work.ts";

/** The whole product in this process. */
export interface LocalServer {
  readonly demo: Demo;
  /** A new address of the dashboard that works once, in one browser; the one before it works no longer. */
  link(): string;
  /** Names of the parts in use, for the first lines on the terminal. */
  readonly parts: { readonly store: string; readonly queue: string; readonly geo: string | undefined };
  /** Finishes what runs, then closes everything. What is still queued waits on the disk for the next start. */
  close(): Promise<void>;
}

export interface LocalServerOptions {
  /** What to serve beside the APIs; absent: the APIs alone. */
  readonly assets?: Assets;
  /** Told of every execution that failed. */
  readonly onError?: (record: ExecutionRecord) => void;
  /** Told of every failure of a batch, of the queue or of the upkeep; the server goes on by itself. */
  readonly onFault?: (error: unknown) => void;
}

/** Whoever asks more than its part waits here as long as at the store, with more questions in line: they are small in memory. */
const QUESTIONS = { waitMs: 20_000, most: 100 };

/**
 * Starts ingest, queue, collector, store and query as one process behind one port: the same handlers that run on Lambda, put
 * together with the embedded adapters, or with those the configuration names.
 * @throws Error for people: folder in use, port in use, a part that cannot be opened
 */
export async function createLocalServer(config: LocalConfig, options: LocalServerOptions = {}): Promise<LocalServer> {
  const folder = config.dataFolder;
  const onFault = options.onFault ?? (() => {});
  makeFolder(folder, 0o700);
  const lock = lockFolder(folder);
  const clock = systemClock;
  const random = systemRandom;

  const onFailed = options.onError ?? (() => {});
  const executions = await openLocalExecutions({ folder, clock, onFailed, onFault, otlp: config.otlp });
  const registry = createSqliteRegistry({ path: join(folder, "registry.sqlite") });
  // A visit lost with the power is a new visit, not a lost event: not worth a flush to the disk for each request.
  const visitRegistry = createSqliteRegistry({ path: join(folder, "visits.sqlite"), durability: "relaxed" });
  const saltRegistry = createSqliteRegistry({ path: join(folder, "salts.sqlite"), erasing: true });
  const salts = createSalts({ registry: saltRegistry, random, clock });
  const refusals = createSqliteRefusals({ path: join(folder, "refused.sqlite") });
  /** Of questions; recording has an account of its own: whoever asks much must not be kept from it. */
  const time = createTimeShares();
  const [queue, opened] = await Promise.all([
    openQueue(config, clock),
    openStore(config, { clock, registry, time, onAway: onFault }),
  ]);
  const versions = createMemoryVersions({ clock, start: randomUUID(), settleMs: opened.visibleAfterMs });
  // Whatever stores or deletes goes through this one, so that pages learn of it without asking the store.
  const store = { ...opened, store: versioned(opened.store, versions) };
  const embeds = createEmbeds({ registry, clock, random, readClaims: readEmbedClaims });
  const access = createAccess({ registry, clock, random, readFilters: readForcedFilters, embeds });
  const catalogue = createCatalogue({ registry, clock, groups: store.groups });
  const tombstones = createTombstones({ registry, clock, random });
  const collecting = createCollecting({ registry, clock });
  const deletions = createDeletions({
    tombstones,
    store: store.store,
    clock,
    // Nobody to wait for: this process alone writes, and it knows at once.
    wait: () => Promise.resolve(),
  });
  const ledger = openLedger({ store: store.store, queue, refusals });

  const collect = createCollector({
    sink: store.store,
    catalogue,
    claims: createClaims({ registry, clock }),
    tombstones,
    // The folder's lock: whoever else has noted something in it is dead.
    deaths: createDeaths({ registry, clock, alone: true }),
    enrich: createEnricher(config.geoDatabase === undefined ? {} : { geo: await openGeoDatabase(config.geoDatabase) }),
    clock,
    executions: executions.of("collector"),
  });
  const addressOf = senderOf(config.trustProxy);
  const asking = {
    source: store.store,
    catalogue,
    clock,
    stored: createStored({ registry, clock }),
    versions,
    shares: createMemoryShares({ clock }),
    answers: createAnswers({ clock }),
  };
  const ways = {
    mailer: config.mail && createSmtpMailer(config.mail),
    post: { allowPrivate: config.alertsPrivate },
  };
  let sendSoon = () => {};
  const sending = {
    ...createSending({ registry, clock, random }),
    soon: () => sendSoon(),
    possible: { mail: config.mail !== undefined, allowPrivate: config.alertsPrivate },
  };
  const query = createQueryApp({
    ...asking,
    access,
    sending,
    embeds: { ...embeds, audit: access.audit },
    addressOf,
    ledger,
    deletions,
    checkAutofill: checkProperties,
    rests: createRests(time, QUESTIONS),
    rejected: { source: store.store, queue: queue.queue },
    queue: queue.queue,
    documented: [...Object.values(COLLECT_ROUTES), ...OPERATIONS_ROUTES],
  });
  const months = createMonthlyEvents({ registry, clock, accepted: (...hours) => queue.accepted(...hours) });
  const recording = createIngestRoutes({
    access,
    queue: queue.queue,
    visits: createVisits({ table: createRegistryVisitTable(visitRegistry, clock), random }),
    salts,
    clock,
    random,
    instance: randomUUID(),
    refusals,
    rates: createRates({ registry, clock }),
    months,
    rests: createRests(createTimeShares()),
    peerAddress: (c) => getConnInfo(c).remote.address,
    ...(config.trustProxy && { trustProxy: 1 }),
    schemaRead: query.handlers.collectionSchema,
  });

  const links = createLinks({ clock, random });
  const watch = openWatch(config, {
    folder,
    clock,
    registry,
    projects: access.projects,
    queue: queue.queue,
    source: store.store,
    fullestShard: store.fullestShard,
    ledger,
    catalogue,
    executions: executions.kept,
    standings: sending.standings,
    months,
    budgetUsd: config.budgetUsd,
    ways,
    onFault,
  });
  let demo: Demo | undefined;
  const system = { registry, clock, random };
  const consoleDeps = {
    ...system,
    access,
    publicUrl: () => config.publicUrl ?? demo?.url ?? "",
    addressOf,
    cookiePrefix: () => `millrace-${demo?.project ?? "none"}`,
    ...(config.openId && { openId: createOpenId(config.openId, system) }),
    hint: "Open the link that npm start printed, or a new one from npm run link.",
  };
  const traffic = createTraffic({
    demo: () => demo,
    clock,
    random,
    wait: (ms, signal) => wait(ms, undefined, { signal }),
  });
  const admit = createAdmit(access, (key) => demo !== undefined && hashKey(key) === hashKey(demo.masterKey));
  const routes = [
    ...recording,
    ...query.routes,
    ...mcpRoutes({ api: query.app }),
    ...operationsRoutes({
      admit,
      access,
      executions: executions.kept,
      health: () => watch.states(),
      budgetUsd: config.budgetUsd,
      ledger,
      standings: sending.standings,
      queue: queue.queue,
      ...(queue.deadLetters && { deadLetters: queue.deadLetters }),
      collecting,
      administration: createProjectAdministration(access, random, () => clock.now()),
      api: query.app,
      store: store.store,
      deletions,
      clock,
    }),
    ...consoleRoutes(consoleDeps),
    openingRoute({ app: () => app, prepare: () => options.assets?.prepare(), now: () => clock.now() }),
    ...linkRoutes({ ...consoleDeps, links, demo: () => demo }),
    ...demoRoutes(traffic, async (c) => void (await signedIn(c, consoleDeps))),
  ];
  const before = options.assets ? [homePage(options.assets)] : [];
  const app: Hono = appOf(routes, () => {}, [...before, inExecution(executions.of("ingest"), executions.of("query"))]);
  if (options.assets) {
    serveDemoSite(app, () => (demo ? scriptTag(demo, "t.errors.scroll.vitals.widgets.js") : ""));
    serveAssets(app, options.assets);
  }

  const http = await listen(app, config.host, config.port, () =>
    refusals.count({ project: undefined, reason: MALFORMED, events: 1, at: clock.now() }),
  );
  demo = await ensureDemo(folder, access, http.url);
  const { projects, keys } = access;
  // Keys of before their project was noted beside them.
  for (const { id } of await projects.list()) await keys.noteProject(id);
  const unwatch = watchHeadroom();
  const upkeep = startUpkeep(() => keepSalts({ projects, salts }), { onError: onFault });
  const health = startUpkeep(() => watch.round(), { onError: onFault, everyMs: config.healthSeconds * 1000 });
  // What waits in the queue is not touched before there is a store for it: each delivery uses up one of a message's tries.
  const working = store.opened.then(
    () =>
      startWork({
        ...asking,
        access,
        ledger,
        sending,
        audit: access.audit,
        embedKeys: embeds.keys,
        ways,
        publicUrl: () => config.publicUrl ?? http.url,
        collecting,
        queue: queue.queue,
        collect,
        projects,
        store: store.store,
        deletions,
        onFault,
      }),
    () => undefined,
  );

  void working.then((work) => (sendSoon = () => work?.sendSoon()));

  const { url } = http;
  return {
    demo,
    link: () => linkTo(config.publicUrl ?? url, links),
    parts: {
      store: store.isAway() ? `${store.name}, which is away` : store.name,
      queue: queue.name,
      geo: config.geoDatabase,
    },
    async close() {
      await traffic.stop();
      await http.close();
      await upkeep.stop();
      await health.stop();
      unwatch();
      store.giveUp();
      await (await working)?.stop();
      await queue.close();
      await store.store.close();
      await refusals.close();
      await visitRegistry.close();
      await saltRegistry.close();
      await registry.close();
      await executions.close();
      lock.release();
    },
  };
}
