import {
  createAccess,
  createCatalogue,
  createDeletions,
  createEmbeds,
  createSqliteRegistry,
  createTombstones,
  systemClock,
  type Grant,
} from "@millrace/access";
import {
  flatten,
  mintId,
  monthOf,
  moveToOverflow,
  PROPERTY_QUOTA,
  propertyKinds,
  type Clock,
  type Context,
  type EventStore,
  type Filter,
  type JsonObject,
  type Registry,
} from "@millrace/core";
import { createLedger, createSending, type Ways } from "@millrace/ops";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { randomBytes, randomUUID } from "node:crypto";
import {
  createAnswers,
  createQueryApp,
  createStored,
  readEmbedClaims,
  readForcedFilters,
  refreshAnswers,
  sendDue,
  type QueryDeps,
} from "../src/index.ts";

/** Wednesday. */
export const NOW = Date.UTC(2021, 2, 10, 12);

/** One event to store; `at` in ISO, an hour before {@link NOW} by default. */
export interface TestEvent {
  readonly collection?: string;
  readonly at?: string;
  readonly properties?: JsonObject;
  readonly context?: Context;
}

/** What the tests run on. */
export interface TestStores {
  readonly registry: Registry;
  /** Prepared. */
  readonly store: EventStore;
  /** Makes everything written findable, where a store needs that. Default: nothing to do. */
  readonly refresh?: () => Promise<void>;
}

/** Real ones, in memory. */
async function inMemory(clock: Clock): Promise<TestStores> {
  const store = await createDuckDbStore({ path: ":memory:", clock });
  await store.prepare();
  return { store, registry: createSqliteRegistry({ path: ":memory:", clock }) };
}

/**
 * The query API over real parts, with one project "Shop" and its keys. Close it when done.
 * @param quota names of properties a project may have
 * @param open the stores. Default: DuckDB and SQLite, in memory
 */
export async function createTestApp(
  change: (deps: QueryDeps) => QueryDeps = (deps) => deps,
  quota = PROPERTY_QUOTA,
  open: (clock: Clock) => Promise<TestStores> = inMemory,
) {
  let now = NOW;
  const clock = { now: () => now };
  const { registry, store, refresh } = await open(clock);
  // Tokens are made by the clock of whoever makes them.
  const embeds = createEmbeds({ registry, clock: systemClock, random: randomBytes, readClaims: readEmbedClaims });
  const access = createAccess({ registry, clock, random: randomBytes, readFilters: readForcedFilters, embeds });
  const catalogue = createCatalogue({ registry, clock, quota });
  const tombstones = createTombstones({ registry, clock, random: randomBytes });
  const deletions = createDeletions({ tombstones, store, clock, wait: async () => undefined });
  const accepted = new Map<number, number>();
  const ledger = createLedger({
    outcomes: (...query) => store.outcomes(...query),
    accepted: async (_project, from, to) =>
      [...accepted].map(([hour, count]) => ({ hour, count })).filter(({ hour }) => hour >= from && hour < to),
    dead: async () => [],
    refused: async () => [],
  });

  async function createProject(name: string, timezone = "UTC") {
    const project = await access.projects.create({ name, timezone });
    const [readKey, writeKey, masterKey] = await Promise.all([
      access.keys.create(project.id, "read"),
      access.keys.create(project.id, "write"),
      access.keys.create(project.id, "master"),
    ]);
    return { id: project.id, readKey, writeKey, masterKey, url: `/3.0/projects/${project.id}` };
  }

  async function record(project: { id: string }, ...events: TestEvent[]): Promise<void> {
    const batch = randomUUID();
    const stored = events.map(({ collection = "purchases", at, properties = {}, context = {} }, ordinal) => {
      const timestamp = at === undefined ? NOW - 3_600_000 : Date.parse(at);
      const event = { project: project.id, collection, timestamp, receivedAt: timestamp, context, properties };
      const flat = flatten(properties);
      const id = mintId(timestamp, randomBytes(10));
      return { ...event, id, flat, batch, ordinal, instance: "i", sequence: 1, accepted: ordinal + 1 };
    });
    const sightings = stored.flatMap(({ collection, flat }) =>
      [...propertyKinds(flat)].map(([path, kind]) => ({ collection, path, kind })),
    );
    const when = { identity: monthOf(NOW), timestamp: monthOf(NOW) };
    const collections = [...new Set(stored.map((event) => event.collection))];
    const admission = await catalogue.admit(project.id, sightings, when, collections);
    for (const { flat } of stored) moveToOverflow(flat, (path, kind) => admission.admits(path, kind));
    await store.append(stored);
    await refresh?.();
  }

  const shop = await createProject("Shop");
  const stored = createStored({ registry, clock });
  const sending = {
    ...createSending({ registry, clock, random: randomBytes }),
    possible: { mail: true, allowPrivate: true },
  };
  const deps = change({
    access,
    embeds: { ...embeds, audit: access.audit },
    source: store,
    catalogue,
    ledger,
    clock,
    stored,
    sending,
    deletions,
    // Nothing is rejected here unless a test brings its own.
    rejected: { source: store, queue: { send: () => Promise.resolve() } },
  });
  const { app, routes } = createQueryApp(deps);

  const json = async <Body = Answer>(response: Response) => ({
    status: response.status,
    body: (await response.json()) as Body,
  });
  return {
    app,
    routes,
    clock: { ...clock, advance: (ms: number) => void (now += ms), set: (at: number) => void (now = at) },
    /** A run of the upkeep that keeps answers new, of some projects. */
    refreshAnswers: async (ids: readonly string[], most?: number) => {
      const projects = (await access.projects.list()).filter(({ id }) => ids.includes(id));
      const options = { deadline: now + 1, ...(most !== undefined && { most }) };
      return refreshAnswers({ ...deps, answers: createAnswers({ clock }) }, projects, options);
    },
    /** A run of the upkeep that sends what is due, by these ways out. */
    sendDue: async (ways: Ways, deadline = now + 60_000) =>
      sendDue(
        {
          ...deps,
          audit: access.audit,
          embedKeys: embeds.keys,
          sending,
          ways,
          publicUrl: () => "https://stats.example",
          answers: createAnswers({ clock }),
        },
        await access.projects.list(),
        { deadline },
      ),
    sending,
    registry,
    access,
    store,
    catalogue,
    ledger,
    tombstones,
    shop,
    accepted,
    createProject,
    record: (...events: TestEvent[]) => record(shop, ...events),
    recordIn: record,
    /** POSTs a query to the shop, `event_collection: "purchases"` unless it says otherwise. */
    query: async (analysis: string, parameters: object = {}) =>
      json(
        await app.request(`${shop.url}/queries/${analysis}`, {
          method: "POST",
          headers: { Authorization: shop.readKey },
          body: JSON.stringify({ event_collection: "purchases", ...parameters }),
        }),
      ),
    /** Any request under a project's URL, default the shop's with its master key. The body is undefined where there is none. */
    send: async <Body = Answer>(
      method: string,
      path: string,
      { body, key = shop.masterKey, url = shop.url }: Sent = {},
    ) => {
      const init = {
        method,
        headers: { Authorization: key },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      };
      const response = await app.request(url + path, init);
      const text = await response.text();
      return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as Body };
    },
    /** GETs a path under the shop's URL with its read key. */
    get: async <Body = Answer>(path: string) =>
      json<Body>(await app.request(shop.url + path, { headers: { Authorization: shop.readKey } })),
    close: async () => {
      await store.close();
      await registry.close();
    },
  };
}

interface Sent {
  readonly body?: unknown;
  readonly key?: string;
  /** Of the project. */
  readonly url?: string;
}

/** An answer of the API, of whatever kind. */
export interface Answer {
  readonly result?: unknown;
  readonly meta?: unknown;
  readonly execution_metadata?: unknown;
  readonly message?: string;
  readonly error_code?: string;
}

export type TestApp = Awaited<ReturnType<typeof createTestApp>>;

/** Access whose every grant carries a forced filter, as an access key's would. */
export function withForcedFilter(deps: QueryDeps, queryFilter: Filter<string>): QueryDeps {
  const authenticate: QueryDeps["access"]["authenticate"] = async (...request): Promise<Grant> => ({
    ...(await deps.access.authenticate(...request)),
    queryFilter,
  });
  return { ...deps, access: { ...deps.access, authenticate } };
}
