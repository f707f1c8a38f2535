import { createCatalogue, createClaims, createSqliteRegistry, createTombstones, systemRandom } from "@millrace/access";
import { createCollector, createEnricher } from "@millrace/collector";
import {
  ENVELOPE_VERSION,
  mintId,
  type AcceptedEvent,
  type Envelope,
  type JsonObject,
  type LedgerHour,
} from "@millrace/core";
import { metricPlan, newProject } from "@millrace/core/contract";
import { createLedger } from "@millrace/ops";
import { createEmbeddedQueue } from "@millrace/queue";
import { createOpenSearchStore } from "@millrace/store-opensearch";
import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startOpenSearch } from "../../../scripts/servers/opensearch.ts";
import type { RunningServer } from "../../../scripts/servers/server.ts";
import { startCuttingProxy, type CuttingProxy } from "../../store-opensearch/test/cutting-proxy.ts";
import { createPoller } from "../src/poller/poller.ts";
import { freePort, temporaryFolder } from "./harness.ts";

// What becomes of messages while the store cannot take them: the real queue with its poller, and a real node with a real fault.
const clock = { now: Date.now };
const PATIENCE = { timeout: 180_000, interval: 250 };
const MESSAGES = 8;
const EVENTS = 25;
const ALL = MESSAGES * EVENTS;
const DELIVERIES = 3;

/** No request of more than a kilobyte: every bulk is turned away as it is under load, by 429, for as long as we like. */
const OVERLOADED = { "indexing_pressure.memory.limit": "1kb" };
/** So low that only a fault reaches them, and looked at as often as the server allows. */
const WATERMARKS = "cluster.routing.allocation.disk.watermark";
const DISK = {
  "cluster.routing.allocation.disk.threshold_enabled": true,
  [`${WATERMARKS}.low`]: "3b",
  [`${WATERMARKS}.high`]: "2b",
  [`${WATERMARKS}.flood_stage`]: "1b",
  "cluster.info.update.interval": "10s",
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let nodeFolder: Awaited<ReturnType<typeof temporaryFolder>>;
let port: number;
let node: RunningServer;
let proxy: CuttingProxy;
let isCutting = false;

async function startNode(more: Record<string, string> = {}): Promise<void> {
  node = await startOpenSearch({ port, dataDir: nodeFolder.path, heap: "512m", settings: { ...DISK, ...more } });
}

beforeAll(async () => {
  folder = await temporaryFolder();
  nodeFolder = await temporaryFolder();
  port = await freePort();
  await startNode();
  proxy = await startCuttingProxy(node.url, { cut: (_, path) => isCutting && path.startsWith("/_bulk") });
}, 240_000);

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(async () => {
  await proxy.close();
  await node.stop();
  await folder.remove();
  await nodeFolder.remove();
});

/** A fault of the store: `begin` resolves when it holds, `end` when it is over. */
interface Fault {
  readonly name: string;
  /** True when events may be written although nobody is told so. */
  readonly writes?: boolean;
  begin(): Promise<void>;
  end(): Promise<void>;
}

async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(node.url + path, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  return answer.json();
}

/** The server's own watermarks, in bytes that must be free. */
async function setWatermarks(floodBytes: number | null): Promise<void> {
  const bytes = (more: number) => (floodBytes === null ? null : `${floodBytes + more}b`);
  const transient = {
    [`${WATERMARKS}.low`]: bytes(2),
    [`${WATERMARKS}.high`]: bytes(1),
    [`${WATERMARKS}.flood_stage`]: bytes(0),
  };
  expect(await ask("PUT", "/_cluster/settings", { transient })).toMatchObject({ acknowledged: true });
}

async function freeBytes(): Promise<number> {
  const { nodes } = (await ask("GET", "/_nodes/stats/fs")) as {
    nodes: Record<string, { fs: { total: { available_in_bytes: number } } }>;
  };
  return Math.max(...Object.values(nodes).map(({ fs }) => fs.total.available_in_bytes));
}

/** What the server has blocked by itself. */
const blocks = async () => JSON.stringify(await ask("GET", "/flow-*/_settings/index.blocks.*"));

const faults: Fault[] = [
  {
    name: "a node that answers every bulk with 429",
    begin: async () => {
      await node.stop();
      await startNode(OVERLOADED);
    },
    end: async () => {
      await node.stop();
      await startNode();
    },
  },
  {
    name: "a line that is cut after the node has written",
    writes: true,
    begin: async () => {
      isCutting = true;
    },
    end: async () => {
      isCutting = false;
    },
  },
  {
    name: "a disk past the flood stage, so that the node itself makes every index read-only",
    begin: async () => {
      await setWatermarks(2 * (await freeBytes()));
      await expect.poll(blocks, PATIENCE).toContain("read_only_allow_delete");
    },
    end: async () => {
      await setWatermarks(null);
      await expect.poll(blocks, PATIENCE).not.toContain("read_only_allow_delete");
    },
  },
];

/** Queue, poller, collector, store and ledger for one project, as `npm start` puts them together. */
async function open(maxReceiveCount: number) {
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const store = createOpenSearchStore({
    connection: { node: proxy.url },
    registry,
    clock,
    prefix: `flow-${randomUUID().slice(0, 8)}`,
  });
  await store.prepare();
  const queue = await createEmbeddedQueue({ path: join(folder.path, `${randomUUID()}.sqlite`), maxReceiveCount });
  const collect = createCollector({
    sink: store,
    catalogue: createCatalogue({ registry, clock }),
    claims: createClaims({ registry, clock }),
    tombstones: createTombstones({ registry, clock, random: systemRandom }),
    enrich: createEnricher(),
    clock,
  });
  const deliveries = new Map<string, number>();
  const project = newProject();
  let poller: ReturnType<typeof createPoller> | undefined;
  closing.push(async () => {
    await poller?.drain();
    await queue.close();
    await store.close();
    await registry.close();
  });
  const ledger = createLedger({
    outcomes: (query) => store.outcomes(query),
    accepted: (...hours) => queue.accepted(...hours),
    dead: (...hours) => queue.deadEvents(...hours),
    refused: async () => [],
  });
  return {
    queue,
    deliveries,
    project,
    /** Feeds the collector until the test ends. */
    feed: () => {
      poller = createPoller({
        queue,
        handle: async (messages) => {
          for (const { id, receiveCount } of messages) deliveries.set(id, receiveCount);
          return collect(messages, { deadline: clock.now() + 2_000 });
        },
        batchSize: 10,
        windowMs: 0,
        maximumConcurrency: 2,
        visibilityMs: 10_000,
        onError: () => {},
        wait: async () => {},
      });
    },
    /** Sends one message, as ingest does. */
    send: async (properties: readonly JsonObject[]) => {
      const { body, receivedAt } = envelopeOf(project, properties);
      await queue.send({ body, group: project, accepted: { receivedAt, events: properties.length } });
    },
    counted: async () => {
      await store.refresh();
      return (await store.metric(metricPlan(project))).rows[0]?.values[0];
    },
    sums: async () => {
      await store.refresh();
      const hours = await ledger.hours(project, clock.now() - 7_200_000, clock.now());
      const sum = (name: Exclude<keyof LedgerHour, "refused">) => hours.reduce((all, hour) => all + hour[name], 0);
      return {
        accepted: sum("accepted"),
        stored: sum("stored"),
        duplicate: sum("duplicate"),
        rejected: sum("rejected"),
        dead: sum("dead"),
        inFlight: sum("inFlight"),
      };
    },
  };
}

function envelopeOf(project: string, properties: readonly JsonObject[]): { body: string; receivedAt: number } {
  const now = clock.now();
  const events = properties.map((each): AcceptedEvent => ({
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
    accepted: events.length,
    request: { executionId: "e", function: "ingest", coldStart: false, durationMs: 1, route: "/v1/e", bytes: 1 },
    events,
  };
  return { body: JSON.stringify(envelope), receivedAt: now };
}

/** Half of the messages bring names that no mapping has yet: those fail before anything is written. */
const propertiesOf = (message: number): JsonObject[] =>
  Array.from({ length: EVENTS }, (_, event) => (message % 2 ? { n: event } : { n: event, [`new_${message}`]: event }));

/** One event before the fault, with the name that the other half has. */
const TOTAL = ALL + 1;
const ENDED = { accepted: TOTAL, stored: TOTAL, duplicate: 0, rejected: 0, dead: 0, inFlight: 0 };

test.each(faults)(
  "$name: messages wait in the queue and are stored once; only where it outlives the receive count they are dead letters, and a redrive stores them once",
  async (fault) => {
    // One queue that is patient, and one whose messages die at the third delivery.
    const [patient, short] = [await open(100), await open(DELIVERIES)];
    for (const { send, feed, queue, deliveries } of [patient, short]) {
      await send([{ n: 0 }]);
      feed();
      await expect.poll(() => queue.stats(), PATIENCE).toMatchObject({ visible: 0, inFlight: 0, dead: 0 });
      deliveries.clear();
    }
    await fault.begin();
    try {
      for (const { send } of [patient, short])
        for (let message = 0; message < MESSAGES; message++) await send(propertiesOf(message));
      await expect.poll(async () => (await short.queue.stats()).dead, PATIENCE).toBe(MESSAGES);
      const leastDelivered = () => (patient.deliveries.size < MESSAGES ? 0 : Math.min(...patient.deliveries.values()));
      await expect.poll(leastDelivered, PATIENCE).toBeGreaterThan(DELIVERIES);

      const { visible, inFlight, dead } = await patient.queue.stats();
      expect([visible + inFlight, dead]).toEqual([MESSAGES, 0]);
      if (!fault.writes) {
        expect(await patient.sums()).toEqual({ ...ENDED, stored: 1, inFlight: ALL });
        expect(await short.sums()).toEqual({ ...ENDED, stored: 1, dead: ALL });
      }
    } finally {
      await fault.end();
    }

    await expect.poll(() => patient.queue.stats(), PATIENCE).toMatchObject({ visible: 0, inFlight: 0, dead: 0 });
    expect(await patient.counted()).toBe(TOTAL);
    expect(await patient.sums()).toEqual(ENDED);

    // Nobody redrives by himself: the dead letters are as they were.
    expect((await short.queue.stats()).dead).toBe(MESSAGES);
    // Where they were written for all that, each of their events is counted twice until then: shown as less than none in flight.
    expect(await short.sums()).toEqual(
      fault.writes ? { ...ENDED, dead: ALL, inFlight: -ALL } : { ...ENDED, stored: 1, dead: ALL },
    );
    expect(await short.queue.redrive()).toBe(MESSAGES);
    await expect.poll(() => short.queue.stats(), PATIENCE).toMatchObject({ visible: 0, inFlight: 0, dead: 0 });
    expect(await short.counted()).toBe(TOTAL);
    expect(await short.sums()).toEqual(ENDED);
  },
  900_000,
);
