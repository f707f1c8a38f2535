import { createCollector, createEnricher } from "@millrace/collector";
import {
  decodeEnvelope,
  encodeEnvelope,
  indexDeletions,
  type EventSink,
  type Queue,
  type ReceivedMessage,
  type RetryCause,
} from "@millrace/core";
import { createEmbeddedQueue } from "@millrace/queue/embedded";
import { createSqsQueue } from "@millrace/queue/sqs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { accepted, envelope } from "../../collector/src/testing/events.ts";
import { openSqsServer } from "./sqs-server.ts";

// Why a message failed decides when it comes back, on both queues: nothing of it waits for the queue's own visibility time.
const sqs = openSqsServer();
afterAll(() => sqs.close());

/** Far beyond this test: whoever only waits for it never sees the message again. */
const VISIBILITY_MS = 600_000;

/** A store that takes nothing, for the reason that the message's batch names. */
const refusing: EventSink = {
  append: async (events) =>
    events.map(({ batch }) => ({ kind: "retry", detail: "not now", because: batch as RetryCause })),
  recordExceptions: async () => {},
  withdrawExceptions: async () => {},
};

const QUEUES: readonly (readonly [name: string, open: () => Promise<Queue>])[] = [
  [
    "the embedded queue",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "millrace-retry-"));
      const queue = await createEmbeddedQueue({ path: join(folder, "queue.sqlite"), clock: { now: Date.now } });
      onTestFinished(async () => {
        await queue.close();
        await rm(folder, { recursive: true });
      });
      return queue;
    },
  ],
  [
    "SQS",
    async () => {
      const { url, deadLetterUrl } = await sqs.createQueues({ maxReceiveCount: 100 });
      return createSqsQueue({ client: sqs.client, url, deadLetterUrl });
    },
  ],
];

describe.each(QUEUES)("%s", (_name, open) => {
  test("what ran out of time is there again in a second, what is blocked still waits then", async () => {
    const queue = await open();
    const collect = createCollector({
      sink: refusing,
      catalogue: { admit: async () => ({ admits: () => true }) },
      claims: { claimMany: async () => [] },
      tombstones: { of: async () => indexDeletions() },
      enrich: createEnricher(),
      clock: { now: Date.now },
    });
    for (const cause of ["late", "blocked"])
      await queue.send({
        body: await encodeEnvelope(envelope(cause, [accepted()])),
        group: "p1",
        accepted: { receivedAt: Date.now(), events: 1 },
      });
    const messages: ReceivedMessage[] = [];
    while (messages.length < 2)
      messages.push(...(await queue.receive({ max: 10, visibilityMs: VISIBILITY_MS, waitMs: 1_000 })));
    const failure = collect(messages, {
      deadline: Date.now() + 60_000,
      later: (ids, delayMs) =>
        queue.nack(
          messages.filter(({ id }) => ids.includes(id)).map(({ receipt }) => receipt),
          delayMs,
        ),
    });
    await expect(failure).rejects.toThrow("None of 2 messages");
    const again = await queue.receive({ max: 10, visibilityMs: VISIBILITY_MS, waitMs: 20_000 });
    expect(again.map(({ body, receiveCount }) => [decodeEnvelope(body).batch, receiveCount])).toEqual([["late", 2]]);
    expect(await queue.stats()).toMatchObject({ visible: 0, inFlight: 2 });
  });
});
