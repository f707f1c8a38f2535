import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Queue, ReceivedMessage } from "../ports/queue.ts";

/** A queue of one test: empty, and nobody else's. */
export interface QueueUnderTest {
  readonly queue: Queue;
  /**
   * Lets time pass for the queue. With a clock of its own it moves that; a real server needs nothing here, because every
   * expectation waits for its condition.
   */
  readonly elapse: (ms: number) => void;
}

export interface QueueContract {
  readonly name: string;
  create(options: { readonly maxReceiveCount: number }): Promise<QueueUnderTest>;
  /** True when every project gets its turn in each receive; AWS promises fairness only as a tendency. */
  readonly takesTurns: boolean;
  /** The largest body the queue under test takes, in bytes; SQS itself takes 1 MiB with attributes. */
  readonly largestBody: number;
}

const MAX_RECEIVE_COUNT = 3;
const LONG_MS = 60_000;
const SHORT_MS = 1_000;
const PATIENCE_MS = 15_000;

/** What every queue promises. Delivery is at least once and in no order, so nothing here expects an order or "exactly once". */
export function describeQueueContract(contract: QueueContract): void {
  describe(`${contract.name} as a queue`, () => {
    let queue: Queue;
    let elapse: QueueUnderTest["elapse"];

    beforeEach(async () => {
      ({ queue, elapse } = await contract.create({ maxReceiveCount: MAX_RECEIVE_COUNT }));
    });
    afterEach(() => queue.close());

    const send = (body: string, group = "p1") =>
      queue.send({ body, group, accepted: { receivedAt: 1_700_000_000_000, events: 1 } });

    /** Receives until `count` messages are there; fails when they do not come. */
    const receive = async (count: number, visibilityMs = LONG_MS): Promise<ReceivedMessage[]> => {
      const messages: ReceivedMessage[] = [];
      const deadline = performance.now() + PATIENCE_MS;
      while (messages.length < count && performance.now() < deadline) {
        messages.push(...(await queue.receive({ max: count - messages.length, visibilityMs, waitMs: SHORT_MS })));
      }
      expect(messages).toHaveLength(count);
      return messages;
    };
    const receiveOne = async (visibilityMs?: number): Promise<ReceivedMessage> => {
      const [message] = await receive(1, visibilityMs);
      if (!message) throw new Error("unreachable: receive has checked the count");
      return message;
    };
    const nothingVisible = async () => expect(await queue.receive({ max: 10, visibilityMs: LONG_MS })).toEqual([]);

    test("gives what was sent, with its group, first receive count and time of sending", async () => {
      await send("one", "p7");
      const message = await receiveOne();
      expect(message).toMatchObject({ body: "one", group: "p7", receiveCount: 1 });
      expect(message.id).not.toBe("");
      expect(message.sentAt).toBeGreaterThan(0);
    });

    test("an empty queue gives nothing", nothingVisible);

    test("gives every message of many, each with an id of its own", async () => {
      const bodies = Array.from({ length: 25 }, (_, index) => `message ${index}`);
      await Promise.all(bodies.map((body) => send(body)));
      const messages = await receive(25);
      expect(messages.map(({ body }) => body).sort()).toEqual(bodies.sort());
      expect(new Set(messages.map(({ id }) => id)).size).toBe(25);
    });

    test("never gives more than asked for", async () => {
      await Promise.all(["a", "b", "c"].map((body) => send(body)));
      expect((await queue.receive({ max: 2, visibilityMs: LONG_MS, waitMs: SHORT_MS })).length).toBeLessThanOrEqual(2);
    });

    test("a received message is invisible to others", async () => {
      await send("one");
      await receiveOne();
      await nothingVisible();
    });

    test("an acknowledged message never comes back", async () => {
      await send("one");
      const { receipt } = await receiveOne(SHORT_MS);
      await queue.ack([receipt]);
      elapse(LONG_MS);
      await nothingVisible();
      expect(await queue.stats()).toMatchObject({ visible: 0, inFlight: 0, dead: 0 });
    });

    test("a message whose receiver falls silent comes back, counted once more, under the same id", async () => {
      await send("one");
      const first = await receiveOne(SHORT_MS);
      elapse(SHORT_MS);
      expect(await receiveOne()).toMatchObject({ id: first.id, body: "one", receiveCount: 2 });
    });

    test("a message given back comes at once", async () => {
      await send("one");
      await queue.nack([(await receiveOne()).receipt], 0);
      expect(await receiveOne()).toMatchObject({ body: "one", receiveCount: 2 });
    });

    test("a message given back with a delay does not come before it", async () => {
      await send("one");
      await queue.nack([(await receiveOne()).receipt], SHORT_MS);
      await nothingVisible();
      elapse(SHORT_MS);
      expect(await receiveOne()).toMatchObject({ body: "one", receiveCount: 2 });
    });

    test("a receiver that asks for more time keeps its message", async () => {
      await send("one");
      const { receipt } = await receiveOne(SHORT_MS);
      await queue.extend([receipt], LONG_MS);
      elapse(SHORT_MS);
      expect(await queue.receive({ max: 1, visibilityMs: LONG_MS, waitMs: 2 * SHORT_MS })).toEqual([]);
      await queue.ack([receipt]);
    });

    test("a receipt of a message that is gone harms nothing", async () => {
      await send("one");
      const { receipt } = await receiveOne();
      await queue.ack([receipt]);
      await send("two");
      await queue.ack([receipt]);
      await queue.nack([receipt], 0);
      await queue.extend([receipt], LONG_MS);
      expect(await receiveOne()).toMatchObject({ body: "two", receiveCount: 1 });
    });

    test("acknowledges more than ten at once", async () => {
      await Promise.all(Array.from({ length: 23 }, (_, index) => send(`message ${index}`)));
      const messages = await receive(23);
      await queue.ack(messages.map(({ receipt }) => receipt));
      await expect.poll(() => queue.stats(), { timeout: PATIENCE_MS }).toMatchObject({ visible: 0, inFlight: 0 });
    });

    test("a message that no receiver finishes is dead after its last delivery, and no longer given", async () => {
      await send("poison");
      for (let count = 1; count <= MAX_RECEIVE_COUNT; count++) {
        const { receipt, receiveCount } = await receiveOne();
        expect(receiveCount).toBe(count);
        await queue.nack([receipt], 0);
      }
      await nothingVisible();
      await expect
        .poll(() => queue.stats(), { timeout: PATIENCE_MS })
        .toMatchObject({ visible: 0, inFlight: 0, dead: 1 });
    });

    test("a buried message is a dead letter at once; acknowledging it afterwards changes nothing", async () => {
      await send("unreadable");
      const message = await receiveOne(SHORT_MS);
      await queue.bury([message]);
      await queue.ack([message.receipt]);
      await queue.nack([message.receipt], 0);
      elapse(LONG_MS);
      await nothingVisible();
      await expect
        .poll(() => queue.stats(), { timeout: PATIENCE_MS })
        .toMatchObject({ visible: 0, inFlight: 0, dead: 1 });
    });

    test("burying one message leaves its neighbours to be delivered", async () => {
      await Promise.all(["a", "b"].map((body) => send(body)));
      const [first, second] = await receive(2);
      if (!first || !second) throw new Error("unreachable: receive has checked the count");
      await queue.bury([first]);
      await queue.nack([second.receipt], 0);
      expect(await receiveOne()).toMatchObject({ id: second.id, body: second.body });
    });

    test("burying nothing harms nothing", () => queue.bury([]));

    test("stats tell visible from in flight", async () => {
      await Promise.all(["a", "b", "c"].map((body) => send(body)));
      await receive(1);
      await expect
        .poll(() => queue.stats(), { timeout: PATIENCE_MS })
        .toMatchObject({ visible: 2, inFlight: 1, dead: 0 });
    });

    test("a receive that waits gets what is sent meanwhile", async () => {
      const waiting = queue.receive({ max: 1, visibilityMs: LONG_MS, waitMs: PATIENCE_MS });
      await send("late");
      expect(await waiting).toMatchObject([{ body: "late" }]);
    });

    test("the largest message comes back unchanged", async () => {
      const body = "x".repeat(contract.largestBody);
      await send(body);
      expect((await receiveOne()).body === body).toBe(true);
    });

    test("text outside ASCII, and escapes of what SQS refuses, come back unchanged", async () => {
      const body = JSON.stringify({ text: "Ünïcode 漢字 🚀 \u2028 <&>\"'\t\r\n" }).concat('"\\uFFFE\\uffff\\u0000"');
      await send(body);
      expect((await receiveOne()).body).toBe(body);
    });

    if (!contract.takesTurns) return;
    test("a project with a backlog does not hold up the others", async () => {
      for (let index = 0; index < 30; index++) await send(`noisy ${index}`, "noisy");
      await send("quiet 1", "quiet");
      await send("another 1", "another");
      const groups = (await receive(6)).map(({ group }) => group);
      expect(groups).toContain("quiet");
      expect(groups).toContain("another");
      expect(groups.filter((group) => group === "noisy")).toHaveLength(4);
    });
  });
}
