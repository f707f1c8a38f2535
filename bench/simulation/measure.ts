import {
  createCatalogue,
  createClaims,
  createSqliteRegistry,
  createTombstones,
  systemClock,
  systemRandom,
} from "@millrace/access";
import { createCollector, createEnricher, type CollectMessage, type Collector } from "@millrace/collector";
import { encodeEnvelope, ENVELOPE_VERSION, mintId, type AcceptedEvent, type EventSink } from "@millrace/core";
import { createOpenSearchStore } from "@millrace/store-opensearch";
import { randomBytes, randomUUID } from "node:crypto";
import { fit, type ServiceTimes } from "./fit.ts";

const SIZES = [1, 10, 50, 100];
const RUNS = 15;
const WARM_UP = 5;
const EVENTS_PER_MESSAGE = 5;
const SIDE_BY_SIDE = 4;

/**
 * Measures the real collector on batches like the tracker's: with a store that takes everything at once, which leaves its own
 * processor time, and on the OpenSearch at `url`, alone and several side by side. Prints a table.
 * @returns the times on OpenSearch, as a straight line through the batch sizes
 */
export async function measureCollector(url: string): Promise<ServiceTimes & { readonly storeRate: number }> {
  const registry = createSqliteRegistry({ path: ":memory:" });
  const prefix = `measure-${randomUUID().slice(0, 8)}`;
  const store = createOpenSearchStore({ connection: { node: url }, registry, clock: systemClock, prefix });
  try {
    await store.prepare();
    const collectorOn = (sink: EventSink) =>
      createCollector({
        sink,
        catalogue: createCatalogue({ registry, clock: systemClock }),
        claims: createClaims({ registry, clock: systemClock }),
        tombstones: createTombstones({ registry, clock: systemClock, random: systemRandom }),
        enrich: createEnricher(),
        clock: systemClock,
      });
    const alone = collectorOn({
      append: async (events) => events.map(() => ({ kind: "stored" as const })),
      recordExceptions: async () => {},
      withdrawExceptions: async () => {},
    });
    const collect = collectorOn(store);
    const rows = [];
    for (const messages of SIZES) {
      const own = await median(alone, messages, cpuSeconds);
      const whole = await median(collect, messages, wallSeconds);
      rows.push({ events: messages * EVENTS_PER_MESSAGE, own, whole });
    }
    console.table(
      rows.map(({ events, own, whole }) => ({
        "events in the batch": events,
        "collector alone, CPU ms": (own * 1000).toFixed(1),
        "with OpenSearch, ms": (whole * 1000).toFixed(1),
      })),
    );
    return { ...fit(rows.map(({ events, whole }) => [events, whole])), storeRate: await rate(collectorOn, store) };
  } finally {
    await store.close();
    await registry.close();
    await fetch(`${url}/${prefix}-*`, { method: "DELETE" });
  }
}

type Stopwatch = () => () => number;

const wallSeconds: Stopwatch = () => {
  const start = performance.now();
  return () => (performance.now() - start) / 1_000;
};

/** Steadier than the wall clock where others use the machine too. */
const cpuSeconds: Stopwatch = () => {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
};

async function median(collect: Collector, messages: number, stopwatch: Stopwatch): Promise<number> {
  const times: number[] = [];
  for (let run = -WARM_UP; run < RUNS; run++) {
    const input = await batch(messages);
    const elapsed = stopwatch();
    await collect(input, { deadline: Date.now() + 30_000 });
    if (run >= 0) times.push(elapsed());
  }
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
}

/** Events per second of several collectors at once, as they share one store on AWS. */
async function rate(collectorOn: (sink: EventSink) => Collector, store: EventSink): Promise<number> {
  const rounds = 5;
  const messages = 100;
  const inputs = await Promise.all(
    Array.from({ length: SIDE_BY_SIDE }, () => Promise.all(Array.from({ length: rounds }, () => batch(messages)))),
  );
  const elapsed = wallSeconds();
  await Promise.all(
    inputs.map(async (batches) => {
      const collect = collectorOn(store);
      for (const input of batches) await collect(input, { deadline: Date.now() + 60_000 });
    }),
  );
  return (SIDE_BY_SIDE * rounds * messages * EVENTS_PER_MESSAGE) / elapsed();
}

function batch(messages: number): Promise<CollectMessage[]> {
  const made = Array.from({ length: messages }, async (_, m) => {
    const now = Date.now();
    const events = Array.from({ length: EVENTS_PER_MESSAGE }, (_unused, i) => event(now, m, i));
    const body = await encodeEnvelope({
      v: ENVELOPE_VERSION,
      batch: randomUUID(),
      project: `project-${m % 10}`,
      receivedAt: now,
      instance: "measure",
      sequence: m,
      accepted: m * EVENTS_PER_MESSAGE,
      request: {
        executionId: randomUUID(),
        function: "ingest",
        coldStart: false,
        durationMs: 2,
        route: "/v1/e",
        bytes: 900,
      },
      events,
    });
    return { id: randomUUID(), body, receiveCount: 1, sentAt: Date.now() };
  });
  return Promise.all(made);
}

function event(now: number, m: number, i: number): AcceptedEvent {
  return {
    id: mintId(now, randomBytes(10)),
    collection: i % 2 === 0 ? "pageviews" : "clicks",
    timestamp: now,
    properties: { plan: "pro", seats: m, trial: i % 2 === 0, price: m * 1.5, tags: ["a", `b${i}`] },
    raw: {
      ip: `198.51.${m}.0`,
      userAgent: `Mozilla/5.0 (X11; Linux x86_64; rv:${100 + (m % 40)}.0) Gecko/20100101 Firefox/${100 + (m % 40)}.0`,
      referrer: "https://www.google.com/",
      timezone: "Europe/Paris",
      country: "FR",
    },
    context: { page_host: "www.site.example", page_path: `/page/${m}`, visitor: randomUUID() },
  };
}
