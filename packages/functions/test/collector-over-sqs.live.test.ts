import {
  createCatalogue,
  createClaims,
  createSqliteRegistry,
  createTombstones,
  systemClock,
  systemRandom,
} from "@millrace/access";
import { createCollector, createEnricher, type Collector } from "@millrace/collector";
import { hourOf, type EventSink, type EventStore, type Queue } from "@millrace/core";
import { createLedger } from "@millrace/ops";
import { createEmbeddedQueue } from "@millrace/queue/embedded";
import { createSqsQueue } from "@millrace/queue/sqs";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { afterAll, afterEach, expect, onTestFinished, test } from "vitest";
import { accepted, envelope, message, NOON } from "../../collector/src/testing/events.ts";
import { createPoller, type PollerOptions } from "../../local/src/poller/poller.ts";
import { redriveLetters } from "../../../scripts/ops/redrive.ts";
import { openSqsServer } from "./sqs-server.ts";

// The collector and the rules by which Lambda feeds it, on an SQS that is not ours and on a store whose answers are exact.
const sqs = openSqsServer();
afterAll(() => sqs.close());

const MESSAGES = 30;
const EVENTS_PER_MESSAGE = 10;
const TRIES = 3;
const SHORT_MS = 1_000;
/** One run of a collector. */
const RUN_MS = 20_000;
/** More than a run: what comes again while it is being stored is a dead letter after so many tries, and stored as well. */
const VISIBILITY_MS = RUN_MS + 10_000;
const PATIENCE = { timeout: 60_000 };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open() {
  const { url, deadLetterUrl } = await sqs.createQueues({ maxReceiveCount: TRIES });
  const queue = createSqsQueue({ client: sqs.client, url, deadLetterUrl });
  const store = await createDuckDbStore({ path: ":memory:", clock: systemClock, threads: 1 });
  const registry = createSqliteRegistry({ path: ":memory:" });
  closing.push(
    () => registry.close(),
    () => store.close(),
  );
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
  const collect = collectorOn(store);
  const send = (body: string, events: number) =>
    queue.send({ body, group: "p1", accepted: { receivedAt: NOON, events } });
  return { queue, store, collect, collectorOn, send, deadLetterUrl };
}

type Parts = Awaited<ReturnType<typeof open>>;

/** Sends messages of nine good events and a malformed one each. */
async function sendBatch({ send }: Parts): Promise<void> {
  const bodies = Array.from({ length: MESSAGES }, (_, m) => {
    const good = Array.from({ length: EVENTS_PER_MESSAGE - 1 }, (_unused, i) => accepted({ properties: { m, i } }));
    return message(envelope(`batch-${m}`, [...good, null])).body;
  });
  await Promise.all(bodies.map((body) => send(body, EVENTS_PER_MESSAGE)));
}

/** Feeds the handler until the test ends, as the event-source mapping would. */
function feed({ queue }: Parts, handle: PollerOptions["handle"]): void {
  const poller = createPoller({
    queue,
    handle,
    batchSize: 10,
    windowMs: 0,
    maximumConcurrency: 2,
    visibilityMs: VISIBILITY_MS,
    onError: () => {},
    wait: async () => {},
  });
  onTestFinished(() => poller.drain());
}

const deadline = () => ({ deadline: systemClock.now() + RUN_MS });

async function expectBalance(store: EventStore): Promise<void> {
  const hour = hourOf(NOON);
  const ledger = createLedger({
    outcomes: (query) => store.outcomes(query),
    accepted: async () => [{ hour, count: MESSAGES * EVENTS_PER_MESSAGE }],
    dead: async () => [],
    refused: async () => [],
  });
  expect(await ledger.hours("p1", NOON, NOON + 1)).toMatchObject([
    { stored: MESSAGES * (EVENTS_PER_MESSAGE - 1), duplicate: 0, rejected: MESSAGES, inFlight: 0 },
  ]);
}

const isEmpty = ({ queue }: Parts) =>
  expect.poll(() => queue.stats(), PATIENCE).toMatchObject({ visible: 0, inFlight: 0 });

test("collectors that end after writing and before acknowledging: redelivery stores nothing twice and loses nothing", async () => {
  const parts = await open();
  await sendBatch(parts);
  // Dead ones: they received and stored, and nobody ever heard of it. Their messages come back when the visibility ends: once all are dead.
  const receipts: string[] = [];
  for (let dead = 0; dead < 3; dead++) {
    const messages = await parts.queue.receive({ max: 10, visibilityMs: VISIBILITY_MS, waitMs: SHORT_MS });
    expect(messages.length).toBeGreaterThan(0);
    receipts.push(...messages.map(({ receipt }) => receipt));
    await parts.collect(messages, deadline());
  }
  await parts.queue.nack(receipts, 0);
  feed(parts, (messages) => parts.collect(messages, deadline()));
  await isEmpty(parts);
  await expectBalance(parts.store);
  expect((await parts.queue.stats()).dead).toBe(0);
});

test("a batch that fails in part comes back in part: the others are acknowledged, and all events end once", async () => {
  const parts = await open();
  await sendBatch(parts);
  const deliveries = new Map<string, number>();
  const failOnce: Collector = async (messages, options) => {
    const answer = await parts.collect(messages, options);
    const first = messages.filter(({ id }, index) => !deliveries.has(id) && index % 2 === 0).map(({ id }) => id);
    for (const { id } of messages) deliveries.set(id, (deliveries.get(id) ?? 0) + 1);
    return { failed: [...answer.failed, ...first] };
  };
  feed(parts, (messages) => failOnce(messages, deadline()));
  await isEmpty(parts);
  const counts = [...deliveries.values()];
  expect(counts).toHaveLength(MESSAGES);
  expect(counts.filter((count) => count === 1).length).toBeGreaterThan(0);
  expect(counts.filter((count) => count > 1).length).toBeGreaterThan(0);
  await expectBalance(parts.store);
});

test("a message nobody can read reaches the dead letters as it was sent, and takes no neighbour with it", async () => {
  const parts = await open();
  const unknown = JSON.stringify({ ...envelope("future", [accepted()]), v: 99 });
  await parts.send(unknown, 1);
  await parts.send("not even JSON", 1);
  await sendBatch(parts);
  feed(parts, (messages) => parts.collect(messages, deadline()));
  await expect.poll(() => parts.queue.stats(), PATIENCE).toMatchObject({ visible: 0, inFlight: 0, dead: 2 });
  await expectBalance(parts.store);
  expect((await sqs.bodies(parts.deadLetterUrl, 2)).sort()).toEqual(["not even JSON", unknown].sort());
});

interface Dying {
  readonly queue: Queue;
  /** Puts the dead messages back, as an operator does. */
  readonly redrive: () => Promise<unknown>;
}

const QUEUES: readonly [name: string, open: (parts: Parts) => Promise<Dying>][] = [
  [
    "SQS",
    async ({ queue, deadLetterUrl }) => {
      const dead = createSqsQueue({ client: sqs.client, url: deadLetterUrl });
      const options = { project: undefined, move: true, progress: () => {} };
      return { queue, redrive: () => redriveLetters({ events: queue, dead }, options) };
    },
  ],
  [
    "the embedded queue",
    async () => {
      const queue = await createEmbeddedQueue({ path: ":memory:", maxReceiveCount: TRIES });
      closing.push(() => queue.close());
      return { queue, redrive: () => queue.redrive() };
    },
  ],
];

test.each(QUEUES)("a dead letter of %s that is redriven leaves one end of each of its events", async (_, openQueue) => {
  const parts = await open();
  const { queue, redrive } = await openQueue(parts);
  const { body } = message(envelope("refused", [accepted(), accepted(), accepted()]));
  await queue.send({ body, group: "p1", accepted: { receivedAt: NOON, events: 3 } });
  const { store } = parts;
  // No room for the first two; the third fails again and again, until the message is dead.
  const failing = parts.collectorOn({
    ...store,
    append: async (events) =>
      events.map((_event, i) =>
        i < 2
          ? { kind: "rejected", reason: "mapping", detail: "No room." }
          : { kind: "retry", detail: "Not now.", because: "undecided" },
      ),
  });
  const receive = () => queue.receive({ max: 10, visibilityMs: 10_000, waitMs: SHORT_MS });
  for (let delivery = 1; delivery <= TRIES; delivery++) {
    const messages = await receive();
    expect(messages).toMatchObject([{ receiveCount: delivery }]);
    await expect(failing(messages, deadline())).rejects.toThrow("None of 1 messages");
    await queue.nack(
      messages.map(({ receipt }) => receipt),
      0,
    );
  }
  expect(await receive()).toEqual([]);
  expect(await ends(store)).toMatchObject({ stored: 0, rejected: 2 });

  await redrive();
  const messages = await receive();
  expect(messages).toMatchObject([{ receiveCount: 1 }]);
  expect(await parts.collect(messages, deadline())).toEqual({ failed: [] });
  expect(await ends(store)).toMatchObject({ stored: 3, rejected: 0 });
});

async function ends(store: EventStore): Promise<Record<string, number>> {
  const rows = await store.outcomes({ project: "p1", from: hourOf(NOON), to: hourOf(NOON) + 3_600_000 });
  const none = { stored: 0, rejected: 0 };
  return rows.reduce<Record<string, number>>(
    (sums, { outcome, count }) => ({ ...sums, [outcome]: (sums[outcome] ?? 0) + count }),
    none,
  );
}
