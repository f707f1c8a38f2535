import { createCatalogue, createClaims, createSqliteRegistry, createTombstones, systemRandom } from "@millrace/access";
import { createCollector, createEnricher, type CollectMessage } from "@millrace/collector";
import {
  ENVELOPE_VERSION,
  EVERYTHING,
  mintId,
  type AcceptedEvent,
  type Envelope,
  type JsonObject,
  type PropertyView,
} from "@millrace/core";
import { message, metricPlan, newProject, storedEvent } from "@millrace/core/contract";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startOpenSearch } from "../../../scripts/servers/opensearch.ts";
import { freePort, type RunningServer } from "../../../scripts/servers/server.ts";
import type { OpenSearchStore } from "../src/index.ts";
import { startCuttingProxy } from "./cutting-proxy.ts";
import { testStore } from "./support.ts";

// A node of its own: these tests kill it, fill its queue and make its indexes read-only.
let later = 0;
const clock = { now: () => Date.now() + later };
const registry = createSqliteRegistry({ path: ":memory:", clock });
let folder: string;
let port: number;
let node: RunningServer;

const startNode = () =>
  // A write queue of one: a few senders at once are answered with 429.
  startOpenSearch({ port, dataDir: folder, heap: "512m", settings: { "thread_pool.write.queue_size": 1 } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-faults-"));
  port = await freePort();
  node = await startNode();
});

afterAll(async () => {
  await node.stop();
  await registry.close();
  await rm(folder, { recursive: true, force: true });
});

function openStore(url = node.url, senders = 2): OpenSearchStore {
  return testStore({ connection: { node: url }, registry, clock, prefix: "faults", senders });
}

function collectorOn(store: OpenSearchStore) {
  const catalogue = createCatalogue({ registry, clock });
  const claims = createClaims({ registry, clock });
  const tombstones = createTombstones({ registry, clock, random: systemRandom });
  return createCollector({ sink: store, catalogue, claims, tombstones, enrich: createEnricher(), clock });
}

function messageOf(project: string, properties: readonly JsonObject[], bad = 0): CollectMessage {
  const now = clock.now();
  const good = properties.map((each): AcceptedEvent => ({
    id: mintId(now, randomBytes(10)),
    collection: "visits",
    timestamp: now,
    properties: each,
  }));
  const envelope: Envelope = {
    v: ENVELOPE_VERSION,
    batch: randomUUID(),
    project,
    receivedAt: now,
    instance: "i",
    sequence: 1,
    accepted: good.length + bad,
    request: { executionId: "e", function: "ingest", coldStart: false, durationMs: 1, route: "/v1/e", bytes: 1 },
    events: [...good, ...Array.from({ length: bad }, () => null as unknown as AcceptedEvent)],
  };
  return { id: envelope.batch, body: JSON.stringify(envelope), receiveCount: 1, sentAt: envelope.receivedAt };
}

const some = (count: number): JsonObject[] => Array.from({ length: count }, (_, n) => ({ n, s: `s${n % 7}` }));

async function stored(store: OpenSearchStore, project: string): Promise<number> {
  await store.refresh();
  const { rows } = await store.metric(metricPlan(project));
  return rows[0]?.values[0] as number;
}

/** Sends messages again, as the queue would, until none comes back. */
async function redeliver(
  store: OpenSearchStore,
  messages: readonly CollectMessage[],
  { patienceMs = 2_000, deliveries = 60 } = {},
): Promise<number> {
  const collect = collectorOn(store);
  let left = messages;
  for (let delivery = 1; delivery <= deliveries; delivery++) {
    let failed: string[];
    try {
      ({ failed } = await collect(left, { deadline: clock.now() + patienceMs }));
    } catch {
      failed = left.map(({ id }) => id);
    }
    left = left.filter(({ id }) => failed.includes(id));
    if (left.length === 0) return delivery;
  }
  throw new Error(`${left.length} messages are still not done.`);
}

test("the same messages five times from four collectors at once: exact counts, one exception per bad event", async () => {
  const store = openStore(node.url, 1);
  await store.prepare();
  const project = newProject();
  const messages = Array.from({ length: 8 }, () => messageOf(project, some(25), 1));
  const rounds = Array.from({ length: 4 }, async () => {
    const own = openStore(node.url, 1);
    for (let delivery = 1; delivery <= 5; delivery++) await redeliver(own, messages);
    await own.close();
  });
  await Promise.all(rounds);
  expect(await stored(store, project)).toBe(200);
  const outcomes = await store.outcomes({ project, from: 0, to: clock.now() + 3_600_000 });
  const sum = (outcome: string) =>
    outcomes.filter((row) => row.outcome === outcome).reduce((n, row) => n + row.count, 0);
  expect([sum("stored"), sum("rejected"), sum("duplicate")]).toEqual([200, 8, 0]);
  await store.close();
});

test("a write queue of one answers 429: everything is stored once all the same", async () => {
  const store = openStore();
  await store.prepare();
  const project = newProject();
  const calls = Array.from({ length: 24 }, () => message(project, ...some(400)));
  const before = await rejections();
  const outcomes = await Promise.all(calls.map((events) => store.append(events, { deadline: clock.now() + 60_000 })));
  expect(outcomes.flat().every(({ kind }) => kind === "stored")).toBe(true);
  expect(await stored(store, project)).toBe(24 * 400);
  expect(await rejections()).toBeGreaterThan(before);
  await store.close();
});

/** Write requests that the node has turned away. */
async function rejections(): Promise<number> {
  const rows = (await (await fetch(`${node.url}/_cat/thread_pool/write?h=rejected&format=json`)).json()) as [
    { rejected: string },
  ];
  return Number(rows[0].rejected);
}

test("responses cut after the server has written: nothing is lost, nothing is stored twice", async () => {
  const proxy = await startCuttingProxy(node.url, { cut: (n, path) => path.startsWith("/_bulk") && n % 2 === 1 });
  const store = openStore(proxy.url);
  await store.prepare();
  const project = newProject();
  const messages = Array.from({ length: 12 }, () => messageOf(project, some(50)));
  await Promise.all([redeliver(store, messages.slice(0, 6)), redeliver(store, messages.slice(6))]);
  expect(proxy.cuts()).toBeGreaterThan(1);
  expect(await stored(store, project)).toBe(600);
  await store.close();
  await proxy.close();
});

test("an index that is read-only, as of a full disk: events with known and with new names are 'retry' until it heals, then stored once", async () => {
  const store = openStore();
  await store.prepare();
  const project = newProject();
  const known = message(project, ...some(30));
  const fresh = message(project, ...some(30).map((each, i) => ({ ...each, [`under_the_block_${i}`]: i })));
  await store.append(message(newProject(), ...some(1)));
  const block = (value: boolean | null) =>
    fetch(`${node.url}/faults-*/_settings`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ "index.blocks.read_only_allow_delete": value }),
    });
  await block(true);
  // The first is refused event by event, the second before that: its names cannot be added to the mapping.
  const outcomes = await store.append(known, { deadline: clock.now() + 1_500 });
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["retry"]));
  later += 60_000;
  const held = await store.append(fresh, { deadline: clock.now() + 1_500 });
  expect(new Set(held.map((outcome) => outcome.kind === "retry" && outcome.because))).toEqual(new Set(["blocked"]));
  await block(null);
  later += 60_000;
  for (const events of [known, fresh]) {
    const healed = await store.append(events);
    expect(new Set(healed.map(({ kind }) => kind))).toEqual(new Set(["stored"]));
  }
  expect(await stored(store, project)).toBe(60);
  await store.close();
});

test("kill -9 while a bulk is being written, and a new start: what was acknowledged is there, and all is stored once after redelivery", async () => {
  const proxy = await startCuttingProxy(node.url, { cut: () => false });
  const store = openStore(proxy.url);
  await store.prepare();
  const project = newProject();
  const messages = Array.from({ length: 20 }, () => messageOf(project, some(BULK_EVENTS)));
  const before = await indexed();
  const collecting = collectorOn(store)(messages, { deadline: clock.now() + 30_000 }).then(
    ({ failed }) => failed.length,
    () => messages.length,
  );
  // More events are in the index than all answered bulks hold, and not a whole number of bulks: part of one is in, and is cut here.
  let answered = 0;
  for (;;) {
    const written = (await indexed()) - before;
    answered = proxy.answers();
    if (answered >= 2 && written > answered * BULK_EVENTS && written % BULK_EVENTS !== 0) break;
    if (answered >= messages.length) throw new Error("All bulks were answered before one was seen under way.");
  }
  await node.kill();
  expect(await collecting).toBeGreaterThan(0);
  const created = proxy.created();
  expect(created).toBeGreaterThan(0);
  node = await startNode();
  const direct = openStore();
  const survived = await stored(direct, project);
  expect(survived).toBeGreaterThanOrEqual(created);
  expect(survived).toBeLessThan(messages.length * BULK_EVENTS);
  await redeliver(direct, messages, { patienceMs: 30_000 });
  expect(await stored(direct, project)).toBe(messages.length * BULK_EVENTS);
  await Promise.all([store.close(), direct.close(), proxy.close()]);
}, 600_000);

/** Of one bulk request at most: so that a message is one. */
const BULK_EVENTS = 2_000;

/** Events that the node has taken into an index since it was started, answered or not. */
async function indexed(): Promise<number> {
  const { nodes } = (await (await fetch(`${node.url}/_nodes/stats/indices/indexing`)).json()) as {
    nodes: Record<string, { indices: { indexing: { index_total: number } } }>;
  };
  return Object.values(nodes).reduce((sum, { indices }) => sum + indices.indexing.index_total, 0);
}

describe("100,000 names from one project", () => {
  const PER_MESSAGE = 250;

  test("reject nothing, leave other projects' new names indexed, and the mapping bounded", async () => {
    const store = openStore();
    await store.prepare();
    const catalogue = createCatalogue({ registry, clock });
    const collect = createCollector({
      sink: store,
      catalogue,
      claims: createClaims({ registry, clock }),
      tombstones: createTombstones({ registry, clock, random: systemRandom }),
      enrich: createEnricher(),
      clock,
    });
    const hostile = newProject();
    const send = async (messages: CollectMessage[]) => {
      const { failed } = await collect(messages, { deadline: clock.now() + 60_000 });
      expect(failed).toEqual([]);
    };
    for (let at = 0; at < 100_000; at += 5_000) {
      const messages = Array.from({ length: 5_000 / PER_MESSAGE }, (_, m) =>
        messageOf(
          hostile,
          Array.from({ length: PER_MESSAGE }, (_unused, i) => ({ [`name_${at + m * PER_MESSAGE + i}`]: i })),
        ),
      );
      await send(messages);
    }
    // Type conflicts on a thousand of the names: text where a number was.
    const conflicts = Array.from({ length: 1_000 }, (_, i) => ({ [`name_${i}`]: `text ${i}` }));
    await send([messageOf(hostile, conflicts)]);
    const others = Array.from({ length: 200 }, newProject);
    await send(
      others.map((project, i) => messageOf(project, [{ [`only_${i}`]: i, price: i }, { price: { value: i } }])),
    );

    expect(await stored(store, hostile)).toBe(101_000);
    const outcomes = await store.outcomes({ project: hostile, from: 0, to: clock.now() + 3_600_000 });
    expect(outcomes.map(({ outcome }) => outcome)).not.toContain("rejected");
    for (const [i, project] of others.entries()) {
      const view: PropertyView = await catalogue.view(project);
      const sums = [`only_${i}`, "price", "price.value"].map((field) => ({ kind: "sum", field }) as const);
      const { rows } = await store.metric(metricPlan(project, { measures: sums, filter: EVERYTHING }, view));
      expect(rows[0]?.values).toEqual([i, i, i]);
    }
    // Beyond the quota a name is still found by equality.
    const late: PropertyView = await catalogue.view(hostile);
    const found = await store.metric(
      metricPlan(hostile, { filter: { kind: "eq", field: "name_99999", value: 249 } }, late),
    );
    expect(found.rows[0]?.values[0]).toBe(1);
    const fields = await fieldCount();
    console.log(`fields in the fullest index after 100,000 hostile names: ${fields}`);
    expect(fields).toBeLessThan(2_000);
    await store.close();
  }, 240_000);
});

/** Leaves of properties in the partition with the most. */
async function fieldCount(): Promise<number> {
  const mappings = (await (await fetch(`${node.url}/faults-events/_mapping`)).json()) as Record<
    string,
    { mappings: { properties: Record<string, { properties?: object }> } }
  >;
  const counts = Object.values(mappings).map(({ mappings: { properties } }) =>
    ["p_s", "p_n", "p_b", "p_j", "p_e"].reduce(
      (n, kind) => n + Object.keys(properties[kind]?.properties ?? {}).length,
      0,
    ),
  );
  return Math.max(...counts);
}

test("one bad event of each sort harms only itself", async () => {
  const store = openStore();
  await store.prepare();
  const project = newProject();
  const good = message(project, ...some(20));
  const bad = [
    { ...storedEvent({ project }), id: "x".repeat(600) },
    { ...storedEvent({ project }), timestamp: 9e15 },
    { ...storedEvent({ project }), collection: "c".repeat(40_000) },
    storedEvent({ project: "p".repeat(600) }),
  ];
  const outcomes = await store.append([...bad, ...good]);
  expect(outcomes.map(({ kind }) => kind)).toEqual([...bad.map(() => "rejected"), ...good.map(() => "stored")]);
  expect(await stored(store, project)).toBe(20);
  await store.close();
});
