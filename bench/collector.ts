// The collector on OpenSearch against a bare _bulk feeder, bytes per event, and queries against hand-written DSL. EVENTS, default 1000000.
import { createCatalogue, createClaims, createSqliteRegistry } from "@millrace/access";
import { createCollector, createEnricher, type CollectMessage } from "@millrace/collector";
import { ENVELOPE_VERSION, mintId, type AcceptedEvent, type Envelope } from "@millrace/core";
import { metricPlan } from "@millrace/core/contract";
import { createOpenSearchStore, type OpenSearchStore } from "@millrace/store-opensearch";
import { randomBytes, randomUUID } from "node:crypto";
import { startOpenSearch } from "../scripts/servers/opensearch.ts";

const EVENTS = Number(process.argv[2] ?? 1_000_000);
/** Events of the part that is written both ways, in turns, so that a noisy machine is noisy for both. */
const COMPARED = Math.min(EVENTS, 100_000);
const PER_MESSAGE = 500;
const MESSAGES_PER_CALL = 20;
const PROJECT = "bench";
const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 1);
const clock = { now: Date.now };
const storeClock = { now: () => START + 10 * DAY };

/** A generator of repeatable numbers, the same events in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = numbers(1);
const pick = <T>(of: readonly T[]): T => of[Math.floor(random() ** 2 * of.length)] as T;
const PATHS = Array.from({ length: 400 }, (_, i) => `/section-${i % 20}/page-${i}`);
const AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
];
const VISITORS = Array.from({ length: 40_000 }, (_, i) => `visitor-${i}`);

function event(at: number): AcceptedEvent {
  return {
    id: mintId(at, randomBytes(10)),
    collection: random() < 0.7 ? "pageviews" : "clicks",
    timestamp: at,
    properties: {
      plan: pick(["free", "pro", "team"]),
      price: Math.round(random() * 10_000) / 100,
      seats: Math.floor(random() * 50),
      trial: random() < 0.3,
      tags: [pick(["a", "b", "c"]), pick(["x", "y"])],
      widget: { id: `w${Math.floor(random() * 300)}`, kind: pick(["chart", "table", "map"]) },
    },
    context: { visitor: pick(VISITORS), page_path: pick(PATHS), visit_id: randomUUID() },
    raw: { userAgent: pick(AGENTS), url: `https://www.example.com${pick(PATHS)}`, timezone: "Europe/Berlin" },
  };
}

function messageAt(index: number): CollectMessage {
  const base = START + ((index * PER_MESSAGE) / EVENTS) * 20 * DAY;
  const events = Array.from({ length: PER_MESSAGE }, (_, i) => event(Math.floor(base + i)));
  const envelope: Envelope = {
    v: ENVELOPE_VERSION,
    batch: randomUUID(),
    project: PROJECT,
    receivedAt: Math.floor(base) + PER_MESSAGE,
    instance: "bench",
    sequence: index,
    accepted: (index + 1) * PER_MESSAGE,
    request: { executionId: "bench", function: "ingest", coldStart: false, durationMs: 1, route: "/v1/e", bytes: 1 },
    events,
  };
  return { id: envelope.batch, body: JSON.stringify(envelope), receiveCount: 1 };
}

const node = await startOpenSearch({ heap: process.env["BENCH_HEAP"] ?? "1g" });
const registry = createSqliteRegistry({ path: ":memory:", clock });
const open = (prefix: string): OpenSearchStore =>
  createOpenSearchStore({
    connection: { node: node.url },
    registry,
    clock: storeClock,
    prefix,
    refreshInterval: "5s",
  });

async function call<T>(method: string, path: string, body?: string | object): Promise<T> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(node.url + path, {
    method,
    ...(text !== undefined && { body: text, headers: { "content-type": "application/x-ndjson" } }),
  });
  const answer = (await response.json()) as T;
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer).slice(0, 500)}`);
  return answer;
}

/** The collector as it runs on Lambda: decode, enrich, admit, append. */
function collectorOn(store: OpenSearchStore) {
  return createCollector({
    sink: store,
    catalogue: createCatalogue({ registry, clock }),
    claims: createClaims({ registry, clock }),
    enrich: createEnricher(),
    clock,
  });
}

/** Two collectors side by side, as the mapping's concurrency has them: while one waits for the server, the other prepares. */
async function collectAll(store: OpenSearchStore, from: number, to: number): Promise<number> {
  const collect = collectorOn(store);
  let ms = 0;
  for (let at = from; at < to; at += MESSAGES_PER_CALL) {
    const messages = Array.from({ length: Math.min(MESSAGES_PER_CALL, to - at) }, (_, i) => messageAt(at + i));
    const half = messages.length >> 1;
    const start = performance.now();
    const answers = await Promise.all(
      [messages.slice(0, half), messages.slice(half)].map((part) => collect(part, { deadline: Date.now() + 120_000 })),
    );
    ms += performance.now() - start;
    const failed = answers.flatMap((answer) => answer.failed);
    if (failed.length > 0) throw new Error(`${failed.length} messages failed.`);
  }
  return ms;
}

/** The documents that the store wrote, sent again to an index of the same mapping by nothing but two loops around _bulk. */
async function feed(index: string, lines: readonly string[]): Promise<number> {
  const next = lines.values();
  const start = performance.now();
  const sender = async () => {
    for (const body of next) {
      const { errors } = await call<{ errors: boolean }>("POST", `/${index}/_bulk?filter_path=errors`, body);
      if (errors) throw new Error("The feeder had errors.");
    }
  };
  await Promise.all([sender(), sender()]);
  return performance.now() - start;
}

const BODY_EVENTS = 2_000;

/** The partitions' documents as bulk bodies, by time. */
async function documentsOf(alias: string): Promise<string[]> {
  const bodies: string[] = [];
  let after: unknown[] | undefined;
  for (;;) {
    const { hits } = await call<{ hits: { hits: { _id: string; _source: object; sort: unknown[] }[] } }>(
      "POST",
      `/${alias}/_search`,
      { size: BODY_EVENTS, sort: [{ timestamp: "asc" }, { id: "asc" }], ...(after && { search_after: after }) },
    );
    if (hits.hits.length === 0) return bodies;
    bodies.push(
      hits.hits
        .map(({ _id, _source }) => `${JSON.stringify({ create: { _id } })}\n${JSON.stringify(_source)}\n`)
        .join(""),
    );
    after = hits.hits.at(-1)?.sort;
  }
}

async function median(work: () => Promise<unknown>, runs = 15): Promise<number> {
  await work();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[runs >> 1] ?? 0;
}

try {
  console.log(`${EVENTS.toLocaleString("en")} events, ${COMPARED.toLocaleString("en")} of them written both ways`);
  const warm = open("warm");
  await warm.prepare();
  await collectAll(warm, 0, 20);

  const source = open("source");
  await source.prepare();
  const messages = COMPARED / PER_MESSAGE;
  await collectAll(source, 0, messages);
  await source.refresh();
  const bodies = await documentsOf("source-events");
  const mapping = await call<Record<string, { mappings: object }>>("GET", "/source-events-202611/_mapping");
  const fed = open("fed");
  await fed.prepare();
  await call("PUT", "/fed-events-all-v0001", { mappings: Object.values(mapping)[0]?.mappings });
  const collected = open("collected");
  await collected.prepare();
  // In short turns, so that a noisy machine is as noisy for the one as for the other.
  let [collectorMs, feederMs] = [0, 0];
  const perTurn = (MESSAGES_PER_CALL * PER_MESSAGE) / BODY_EVENTS;
  for (let turn = 0; turn * MESSAGES_PER_CALL < messages; turn++) {
    collectorMs += await collectAll(collected, turn * MESSAGES_PER_CALL, (turn + 1) * MESSAGES_PER_CALL);
    feederMs += await feed("fed-events-all-v0001", bodies.slice(turn * perTurn, (turn + 1) * perTurn));
  }
  console.log("Collector (decode, enrich, catalogue, append) against two loops around _bulk with the same documents");
  console.table([
    {
      "collector events/s": Math.round((COMPARED / collectorMs) * 1000),
      "feeder events/s": Math.round((COMPARED / feederMs) * 1000),
      ratio: (feederMs / collectorMs).toFixed(2),
    },
  ]);
  await call("DELETE", "/source-*,collected-*,fed-*");
  await Promise.all([source.close(), collected.close(), fed.close()]);

  const store = open("main");
  await store.prepare();
  const ms = await collectAll(store, 0, EVENTS / PER_MESSAGE);
  await store.refresh();
  const sizeOf = async () => {
    const stats = await call<{ _all: { primaries: { store: { size_in_bytes: number } } } }>(
      "GET",
      "/main-events/_stats/store",
    );
    return stats._all.primaries.store.size_in_bytes / EVENTS;
  };
  await call("POST", "/main-events/_flush");
  await new Promise((resolve) => setTimeout(resolve, 11_000)); // The server keeps its sizes for ten seconds.
  console.log(
    `loaded at ${Math.round((EVENTS / ms) * 1000)} events/s, ${Math.round(await sizeOf())} bytes per event on disk`,
  );

  const range = { kind: "absolute", start: START, end: START + 20 * DAY } as const;
  const base = { collections: ["pageviews"], timeframe: range };
  const where = {
    bool: {
      filter: [
        { term: { project: PROJECT } },
        { terms: { collection: ["pageviews"] } },
        { range: { timestamp: { gte: range.start, lt: range.end } } },
      ],
    },
  };
  const search = (body: object) =>
    call("POST", "/main-events/_search?request_cache=false", {
      size: 0,
      track_total_hits: false,
      query: where,
      ...body,
    });
  const days = Array.from({ length: 20 }, (_, i) => ({ from: START + i * DAY, to: START + (i + 1) * DAY }));
  const daily = { kind: "calendar", unit: "day" } as const;
  const questions: [name: string, plan: ReturnType<typeof metricPlan>, dsl: object][] = [
    ["count", metricPlan(PROJECT, base), { track_total_hits: true }],
    [
      "count by day",
      metricPlan(PROJECT, { ...base, interval: daily }),
      { aggs: { b: { range: { field: "timestamp", ranges: days } } } },
    ],
    [
      "sum of a property",
      metricPlan(PROJECT, { ...base, measures: [{ kind: "sum", field: "price" }] }),
      { aggs: { s: { sum: { field: "p_n.price" } } } },
    ],
    [
      "count by page",
      metricPlan(PROJECT, { ...base, groupBy: ["$page.path"] }),
      {
        aggs: {
          c: { composite: { size: 5_000, sources: [{ g: { terms: { field: "page_path", missing_bucket: true } } }] } },
        },
      },
    ],
    [
      "unique visitors, exact",
      metricPlan(PROJECT, { ...base, measures: [{ kind: "count_unique", field: "$visitor" }] }),
      { aggs: { c: { composite: { size: 65_000, sources: [{ v: { terms: { field: "visitor" } } }] } } } },
    ],
  ];
  await call("PUT", "/main-events/_settings", { "index.requests.cache.enable": false });
  const table = [];
  for (const [question, plan, dsl] of questions) {
    const ours = await median(() => store.metric(plan));
    const bare = await median(() => search(dsl));
    table.push({
      question,
      "ours ms": ours.toFixed(1),
      "hand-written ms": bare.toFixed(1),
      ratio: (ours / bare).toFixed(2),
    });
  }
  console.log("Median of 15, request cache off");
  console.table(table);
  await store.close();
} finally {
  await node.stop();
  await registry.close();
}
