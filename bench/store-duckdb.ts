// How many events the embedded store takes per second, and what questions cost a large and a small project.
//
// `npm run bench -- store-duckdb [events]`, by default a million. One project has a third of all events, one a thousandth.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EVERYTHING, flatten, planExtraction, planMetric, scopeQuery, UTC } from "@millrace/core";
import type { EventStore, MetricQuery, EventSet, StoredEvent } from "@millrace/core";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { hash, received } from "./events/received.ts";

const TOTAL = Number(process.argv.at(-1)) || 1_000_000;
const DAYS = 30;
const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const clock = { now: Date.now };
const directory = mkdtempSync(join(tmpdir(), "millrace-bench-"));

/** Calls one after the other: what one collector sees. */
async function benchAppend(): Promise<void> {
  console.log(row("events per call", "events/s", "p50 ms", "p99 ms"));
  for (const size of [1, 100, 1_000, 10_000]) {
    const store = await createDuckDbStore({ path: join(directory, `append-${size}.duckdb`), clock });
    const calls = Math.min(200, Math.ceil(40_000 / size));
    const times: number[] = [];
    for (let call = 0; call < calls; call++) {
      const events = Array.from({ length: size }, (_, i) => event(call * size + i, START + call * 1000));
      const start = performance.now();
      await store.append(events);
      times.push(performance.now() - start);
    }
    const total = times.reduce((sum, ms) => sum + ms, 0);
    times.sort((a, b) => a - b);
    const at = (share: number) => fixed(times[Math.floor((times.length - 1) * share)] ?? 0);
    console.log(row(String(size), String(Math.round((calls * size * 1000) / total)), at(0.5), at(0.99)));
    await store.close();
  }
}

async function benchQueries(): Promise<void> {
  const path = join(directory, "queries.duckdb");
  const loading = await createDuckDbStore({ path, clock });
  const began = performance.now();
  const size = 5_000;
  for (let at = 0; at < TOTAL; at += size) {
    const events = Array.from({ length: Math.min(size, TOTAL - at) }, (_, i) => event(at + i, timeOf(at + i)));
    await loading.append(events);
  }
  await loading.close();
  const bytes = statSync(path).size / TOTAL;
  console.log(
    `\n${TOTAL} events loaded in ${fixed((performance.now() - began) / 1000)} s, ${fixed(bytes)} bytes each\n`,
  );

  const store = await createDuckDbStore({ path, clock });
  console.log(row("query, ms warm", "33 % project", "0.1 % project", "ratio"));
  for (const [name, ask] of Object.entries(QUERIES)) {
    const [large, small] = [await median(() => ask(store, "large")), await median(() => ask(store, "small"))];
    console.log(row(name, fixed(large), fixed(small), fixed(large / small)));
  }
  await store.close();
}

function timeOf(index: number): number {
  return START + Math.floor((index / TOTAL) * DAYS * DAY_MS);
}

/** A third belongs to one project, a thousandth to another, the rest to two thousand. */
function projectOf(index: number): string {
  if (index % 1_000 === 7) return "small";
  return index % 3 === 0 ? "large" : `other-${hash(index) % 2_000}`;
}

function event(index: number, timestamp: number): StoredEvent {
  const h = hash(index + 1);
  const properties = {
    plan: ["free", "team", "pro"][h % 3] ?? "",
    price: (h % 10_000) / 100,
    items: (h >>> 8) % 20,
    beta: h % 5 === 0,
    widget: { id: `w${(h >>> 4) % 40}`, version: "2.1.0" },
  };
  return {
    project: projectOf(index),
    ...received(timestamp, index),
    collection: "pageviews",
    context: {
      page_host: "www.example.com",
      page_path: `/docs/page-${h % 500}`,
      visitor: `v${hash(h % Math.max(1, Math.floor(TOTAL / 10)))}`,
      visit_id: `s${(h >>> 3) % Math.max(1, Math.floor(TOTAL / 4))}`,
      geo_country: ["DE", "PL", "US", "FR", "BR"][h % 5] ?? "",
      browser_name: ["Chrome", "Firefox", "Safari"][h % 3] ?? "",
      engaged_ms: h % 60_000,
      bot_is: false,
    },
    properties,
    flat: flatten(properties),
  };
}

type Ask = (store: EventStore, project: string) => Promise<unknown>;

const CONTEXT = { now: START + DAYS * DAY_MS, properties: { admits: () => true, untyped: () => [] } };
const BASE: EventSet = {
  collections: ["pageviews"],
  zone: { kind: "named", name: "Europe/Berlin" },
  filter: EVERYTHING,
  bots: "include",
  timeframe: { kind: "absolute", start: START, end: START + DAYS * DAY_MS },
};

function metric(input: Partial<MetricQuery>): Ask {
  return (store, project) => {
    const query: MetricQuery = {
      ...BASE,
      kind: "metric",
      measures: [{ label: "result", measure: { kind: "count" } }],
      single: true,
      groupBy: [],
      orderBy: [],
      zeroFill: true,
      ...input,
    };
    return store.metric(planMetric(scopeQuery(query, { project }), CONTEXT));
  };
}

const daily = { interval: { kind: "calendar", unit: "day" } } as const;
const measured = (measure: MetricQuery["measures"][number]["measure"]) => ({
  measures: [{ label: "result", measure }],
});

const QUERIES: Record<string, Ask> = {
  count: metric({ zone: UTC }),
  "count by day": metric(daily),
  "top pages": metric({ groupBy: ["$page.path"] }),
  "visitors by day": metric({ ...daily, ...measured({ kind: "count_unique", field: "$visitor" }) }),
  "median price by day": metric({ ...daily, ...measured({ kind: "percentile", field: "price", percentile: 50 }) }),
  "sum by property": metric({ groupBy: ["widget.id"], ...measured({ kind: "sum", field: "price" }) }),
  "two filters, by property": metric({
    groupBy: ["widget.id"],
    filter: {
      kind: "all",
      of: [
        { kind: "eq", field: "plan", value: "pro" },
        { kind: "compare", field: "price", op: "gt", value: 50 },
      ],
    },
  }),
  "latest 100": (store, project) =>
    store.extract(planExtraction(scopeQuery({ ...BASE, kind: "extraction", latest: 100 }, { project }), CONTEXT)),
};

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 6; i++) {
    const start = performance.now();
    await work();
    if (i > 0) times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[2] ?? 0;
}

function fixed(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0);
}

function row(first: string, ...cells: string[]): string {
  return first.padEnd(28) + cells.map((cell) => cell.padStart(15)).join("");
}

try {
  await benchAppend();
  await benchQueries();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
