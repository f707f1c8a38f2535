// What the dashboard's first screen costs, panel by panel, in one batch, and for twenty people at once, through the query API.
//
// `npm run bench -- dashboard [events]`, by default a million events of fifty projects in 90 days, on the embedded store; with
// OPENSEARCH_URL on that cluster. The questions are those the page asks when it is opened on its last 30 days. One project has a
// fifth of all events; another is one of the small ones.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createAccess,
  createCatalogue,
  createDeletions,
  createSqliteRegistry,
  createTombstones,
  systemRandom,
} from "@millrace/access";
import { flatten, monthOf, propertyKinds, type Context, type EventStore, type StoredEvent } from "@millrace/core";
import { createLedger } from "@millrace/ops";
import { createQueryApp, createStored } from "@millrace/query";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { createOpenSearchStore } from "@millrace/store-opensearch";
import { hash, received } from "./events/received.ts";

const TOTAL = Number(process.argv.at(-1)) || 1_000_000;
const PROJECTS = 50;
/** One event in five belongs to the first project. */
const LARGE_EVERY = 5;
const DAYS = 90;
const SHOWN_DAYS = 30;
const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 5, 30, 15);
const ROUNDS = 5;
const TIMEZONE = "Europe/Berlin";
const COLLECTIONS = ["engagement", "outbound_clicks", "pageviews", "signups"];

const folder = await mkdtemp(join(tmpdir(), "millrace-bench-"));
let now = NOW;
const clock = { now: () => now };
const registry = createSqliteRegistry({ path: join(folder, "registry.sqlite"), clock });
const access = createAccess({ registry, clock, random: systemRandom });
const catalogue = createCatalogue({ registry, clock });
const cluster = process.env["OPENSEARCH_URL"];
const prefix = `bench-${Date.now()}`;
const open = () =>
  cluster
    ? createOpenSearchStore({ connection: { node: cluster }, registry, clock, prefix })
    : createDuckDbStore({ path: join(folder, "events.duckdb"), clock });
const people = 20;

try {
  const ids: string[] = [];
  for (let i = 0; i < PROJECTS; i++) ids.push((await access.projects.create({ name: `P${i}`, timezone: TIMEZONE })).id);
  const before = process.cpuUsage();
  const loading = await open();
  await loading.prepare();
  await load(loading, ids);
  // Waits until what is sorted in the background is sorted.
  await loading.close();
  console.log(`${TOTAL} events of ${PROJECTS} projects loaded in ${(cpuMs(before) / 1000).toFixed(0)} s of CPU time.`);

  const store = await open();
  const large = await firstScreen(store, ids[0] ?? "");
  const small = await firstScreen(store, ids[1] ?? "");
  await store.close();
  console.log(`\nThe last ${SHOWN_DAYS} of ${DAYS} days, warm, median of ${ROUNDS}, in milliseconds:`);
  console.table(
    Object.keys(large).map((panel) => ({
      panel,
      "large project: wall": large[panel]?.wall.toFixed(1),
      CPU: large[panel]?.cpu.toFixed(1),
      "small project: wall": small[panel]?.wall.toFixed(1),
      "CPU ": small[panel]?.cpu.toFixed(1),
    })),
  );
} finally {
  await registry.close();
  await rm(folder, { recursive: true, force: true });
  for (const kind of cluster ? ["events", "exceptions"] : []) {
    await fetch(`${cluster}/${prefix}-${kind}*`, { method: "DELETE" });
    await fetch(`${cluster}/_index_template/${prefix}-${kind}`, { method: "DELETE" });
  }
}

interface Cost {
  readonly wall: number;
  /** Of all threads: on a busy machine the steadier number. */
  readonly cpu: number;
}

/** What each panel costs asked by itself, then all of them at once as a browser asks. */
async function firstScreen(store: EventStore, project: string): Promise<Record<string, Cost>> {
  const nothing = async () => [];
  const outcomes: EventStore["outcomes"] = (query) => store.outcomes(query);
  const ledger = createLedger({ outcomes, accepted: nothing, dead: nothing, refused: nothing });
  const tombstones = createTombstones({ registry, clock, random: systemRandom });
  const deletions = createDeletions({ tombstones, store, clock, wait: async () => undefined });
  const { app } = createQueryApp({
    access,
    source: store,
    catalogue,
    ledger,
    clock,
    stored: createStored({ registry, clock }),
    deletions,
  });
  const key = await access.keys.create(project, "read");
  const ask = async ([path, body]: Panel): Promise<void> => {
    const response = await app.request(`/3.0/projects/${project}/${path}`, {
      headers: { authorization: key },
      ...(body && { method: "POST", body: JSON.stringify(path === "queries/batch" ? body : zoned(body)) }),
    });
    if (response.status !== 200) throw new Error(`${path}: ${await response.text()}`);
    await response.arrayBuffer();
  };
  const result: Record<string, Cost> = {};
  const all = panels();
  for (const [name, panel] of Object.entries(all)) result[name] = await cost(() => ask(panel));
  result["the whole first screen at once"] = await cost(() => Promise.all(Object.values(all).map(ask)));
  // As the page asks it; without a version nothing is shared, so this is what twenty different pages cost.
  const queries = Object.fromEntries(Object.entries(all).map(([name, panel]) => [name, entryOf(panel)]));
  const page = () => ask(["queries/batch", { queries }]);
  result["the same in one batch"] = await cost(page);
  result[`${people} people at once, a batch each`] = await cost(() =>
    Promise.all(Array.from({ length: people }, page)),
  );
  const shared = () => ask(["queries/batch", { queries, max_age: 5 }]);
  result[`${people} people at once, the same page`] = await cost(async () => {
    now += 60_001;
    await Promise.all(Array.from({ length: people }, shared));
  });
  return result;
}

function zoned(body: Record<string, unknown>): Record<string, unknown> {
  return { timezone: TIMEZONE, ...body };
}

/** A panel as an entry of a batch. */
function entryOf([path, body]: Panel): Record<string, unknown> {
  if (!body) return { ledger: { timeframe: "this_7_days" } };
  return { analysis_type: path.replace("queries/", ""), ...zoned(body) };
}

type Panel = readonly [path: string, body?: Record<string, unknown>];

function question(analysis: string, body: Record<string, unknown>): Panel {
  const timeframe = { start: new Date(NOW - SHOWN_DAYS * DAY_MS).toISOString(), end: new Date(NOW).toISOString() };
  return [`queries/${analysis}`, { timeframe, bots: "exclude", filters: [], ...body }];
}

function filter(property_name: string, operator: string, property_value: string | number) {
  return { property_name, operator, property_value };
}

function top(group_by: string, filters: readonly unknown[] = []): Panel {
  return question("multi_analysis", {
    event_collection: ["pageviews"],
    group_by: [group_by],
    filters,
    analyses: {
      n: { analysis_type: "count_unique", target_property: "$visitor" },
      views: { analysis_type: "count" },
    },
    order_by: [{ property_name: "n", direction: "DESC" }],
    limit: 10,
  });
}

function totals(): Record<string, unknown> {
  const views = filter("$collection", "eq", "pageviews");
  const page = (n: number) => filter("$visit.page", "eq", n);
  return {
    event_collection: COLLECTIONS,
    analyses: {
      visitors: { analysis_type: "count_unique", target_property: "$visitor", filters: [views] },
      views: { analysis_type: "count", filters: [views] },
      visits: { analysis_type: "count", filters: [views, page(1)] },
      second: { analysis_type: "count", filters: [views, page(2)] },
      engagedMs: { analysis_type: "sum", target_property: "$engaged_ms" },
      events: { analysis_type: "count", filters: [filter("$collection", "ne", "engagement")] },
    },
  };
}

/** What the page asks when it is opened. */
function panels(): Record<string, Panel> {
  const entry = [filter("$visit.page", "eq", 1)];
  const before = {
    start: new Date(NOW - 2 * SHOWN_DAYS * DAY_MS).toISOString(),
    end: new Date(NOW - SHOWN_DAYS * DAY_MS).toISOString(),
  };
  return {
    "first and last day": question("count", {
      event_collection: COLLECTIONS,
      bots: "include",
      timeframe: { start: "1970-01-01T00:00:00Z", end: new Date(NOW + DAY_MS).toISOString() },
      interval: "yearly",
    }),
    "visitors now": question("count_unique", {
      event_collection: COLLECTIONS,
      target_property: "$visitor",
      timeframe: "this_5_minutes",
    }),
    cards: question("multi_analysis", totals()),
    "cards, earlier period": question("multi_analysis", { ...totals(), timeframe: before }),
    chart: question("multi_analysis", { ...totals(), interval: "daily" }),
    pages: top("$page.path"),
    channels: top("$channel", entry),
    countries: top("$geo.country"),
    devices: top("$device"),
    events: question("multi_analysis", {
      event_collection: COLLECTIONS.slice(1),
      group_by: ["$collection"],
      analyses: { n: { analysis_type: "count" } },
    }),
    ledger: ["ledger?timeframe=this_7_days"],
  };
}

async function load(into: EventStore, projects: readonly string[]): Promise<void> {
  const size = 5_000;
  for (let at = 0; at < TOTAL; at += size) {
    await into.append(Array.from({ length: Math.min(size, TOTAL - at) }, (_, i) => event(at + i, projects)));
  }
  const { flat } = event(0, projects);
  const sightings = COLLECTIONS.flatMap((collection) =>
    [...propertyKinds(flat)].map(([path, kind]) => ({ collection, path, kind })),
  );
  const when = { identity: monthOf(NOW), timestamp: monthOf(NOW) };
  for (const project of projects) await catalogue.admit(project, sightings, when, COLLECTIONS);
}

/** The same events in every run: five visits a visitor, three views a visit, engaged time beside each. */
function event(index: number, projects: readonly string[]): StoredEvent {
  const h = hash(index + 1);
  const timestamp = NOW - DAYS * DAY_MS + Math.floor((index / TOTAL) * DAYS * DAY_MS);
  const collection = COLLECTIONS[[2, 2, 2, 2, 0, 0, 0, 1, 3, 2][h % 10] ?? 2] ?? "pageviews";
  const properties = { plan: ["free", "team", "pro"][h % 3] ?? "", seats: h % 50 };
  const project = index % LARGE_EVERY === 0 ? 0 : 1 + (h % (projects.length - 1));
  return {
    project: projects[project] ?? "",
    ...received(timestamp, index, 10),
    collection,
    context: contextOf(hash(h % Math.ceil(TOTAL / 15)), h, collection),
    properties,
    flat: flatten(properties),
  };
}

function contextOf(visitor: number, h: number, collection: string): Context {
  return {
    visitor: `v${visitor.toString(36)}`,
    visit_id: `s${visitor.toString(36)}-${h % 5}`,
    page_host: "www.example.com",
    page_path: `/docs/page-${Math.floor((h % 400) ** 2 / 400)}`,
    channel: ["Direct", "Organic Search", "Referral", "Social"][h % 4] ?? "",
    geo_country: ["DE", "PL", "US", "FR", "BR"][visitor % 5] ?? "",
    device: ["Desktop", "Mobile", "Tablet"][visitor % 3] ?? "",
    browser_name: ["Chrome", "Firefox", "Safari"][visitor % 3] ?? "",
    os_name: ["Windows", "macOS", "Android"][visitor % 3] ?? "",
    bot_is: h % 50 === 0,
    ...(collection === "pageviews" && { visit_page: 1 + (h % 3) }),
    ...(collection === "engagement" && { engaged_ms: h % 60_000 }),
  };
}

/** Medians of some runs after one that warms up. */
async function cost(work: () => Promise<unknown>): Promise<Cost> {
  const wall: number[] = [];
  const cpu: number[] = [];
  await work();
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    const before = process.cpuUsage();
    await work();
    cpu.push(cpuMs(before));
    wall.push(performance.now() - start);
  }
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  return { wall: median(wall), cpu: median(cpu) };
}

function cpuMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
