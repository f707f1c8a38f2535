import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createTimeShares, lineHere, type ReceivedMessage } from "@millrace/core";
import { createEmbeddedQueue } from "@millrace/queue/embedded";
import type { EmbeddedQueue } from "@millrace/queue/embedded";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPoller } from "./poller.ts";
import type { Poller, PollerOptions } from "./poller.ts";

let folder: string;
let queue: EmbeddedQueue;
let now: number;
let pollers: Poller[];
let errors: unknown[];
let waits: number[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-poller-"));
  now = 1_700_000_000_000;
  queue = await createEmbeddedQueue({ path: join(folder, "queue.sqlite"), clock: { now: () => now } });
  pollers = [];
  errors = [];
  waits = [];
});
afterEach(async () => {
  await Promise.all(pollers.map((poller) => poller.drain()));
  await queue.close();
  await rm(folder, { recursive: true, force: true });
});

/** A poller whose back-off and rests take no real time: they are noted, and the clock of queue and shares moves on by them. */
function poll(handle: PollerOptions["handle"], options: Partial<PollerOptions> = {}, room = 1): Poller {
  const poller = createPoller({
    queue,
    handle,
    batchSize: 10,
    windowMs: 0,
    maximumConcurrency: 1,
    visibilityMs: 60_000,
    onError: (error) => errors.push(error),
    shares: createTimeShares(
      () => now,
      () => room,
    ),
    wait: async (ms) => {
      waits.push(ms);
      now += ms;
    },
    ...options,
  });
  pollers.push(poller);
  return poller;
}

const send = (body: string) => queue.send({ body, group: "p1", accepted: { receivedAt: now, events: 1 } });
const sendMany = (count: number) => Promise.all(Array.from({ length: count }, (_, index) => send(`m${index}`)));
const bodies = (messages: readonly ReceivedMessage[]) => messages.map(({ body }) => body);
const PATIENCE = { timeout: 60_000 };
const isEmpty = () => expect.poll(() => queue.stats(), PATIENCE).toMatchObject({ visible: 0, inFlight: 0, dead: 0 });

test("what the handler finished is acknowledged", async () => {
  const seen: string[] = [];
  poll(async (messages) => {
    seen.push(...bodies(messages));
    return { failed: [] };
  });
  await sendMany(25);
  await isEmpty();
  expect(seen.sort()).toEqual(Array.from({ length: 25 }, (_, index) => `m${index}`).sort());
  expect(errors).toEqual([]);
});

test("a batch never exceeds its size, and is full when enough is waiting", async () => {
  const sizes: number[] = [];
  await sendMany(25);
  poll(async (messages) => {
    sizes.push(messages.length);
    return { failed: [] };
  });
  await isEmpty();
  expect(sizes).toEqual([10, 10, 5]);
});

test("the window collects what arrives after the first message into the same batch", async () => {
  const batches: string[][] = [];
  poll(
    async (messages) => {
      batches.push(bodies(messages));
      return { failed: [] };
    },
    { batchSize: 3, windowMs: 20_000 },
  );
  await send("first");
  await expect.poll(() => queue.stats(), PATIENCE).toMatchObject({ inFlight: 1 });
  expect(batches).toEqual([]);
  await send("second");
  await send("third");
  await isEmpty();
  expect(batches).toEqual([["first", "second", "third"]]);
});

test("messages that unpack to much fill a batch before their number or the window does, and none is taken beyond it", async () => {
  const batches: number[] = [];
  await Promise.all(Array.from({ length: 4 }, () => send("gz:600:packed")));
  poll(
    async (messages) => {
      batches.push(messages.length);
      return { failed: [] };
    },
    { batchSize: 10, batchBytes: 500, windowMs: 20_000 },
  );
  await isEmpty();
  await send("gz:600:packed");
  await isEmpty();
  expect(batches).toEqual([1, 1, 1, 1, 1]);
});

test("never more batches at once than the maximum concurrency, and no message taken that nobody handles", async () => {
  let running = 0;
  let most = 0;
  const gate = Promise.withResolvers<void>();
  await sendMany(6);
  poll(
    async () => {
      most = Math.max(most, ++running);
      await gate.promise;
      running--;
      return { failed: [] };
    },
    { batchSize: 1, maximumConcurrency: 2 },
  );
  await expect.poll(() => running, PATIENCE).toBe(2);
  expect(await queue.stats()).toMatchObject({ visible: 4, inFlight: 2 });
  gate.resolve();
  await isEmpty();
  expect(most).toBe(2);
});

test("one project's mass holds up nobody: it is handled in pieces of its own, as many at a time, and nothing more of it is taken", async () => {
  const gate = Promise.withResolvers<void>();
  const groups: string[][] = [];
  const pieces = 12;
  const mass = Array.from({ length: pieces }, () => ({ body: "gz:3000000:", group: "hostile" }));
  for (const { body, group } of mass) await queue.send({ body, group, accepted: { receivedAt: now, events: 1 } });
  poll(
    async (messages) => {
      groups.push(messages.map(({ group }) => group));
      if (messages.some(({ group }) => group === "hostile")) await gate.promise;
      return { failed: [] };
    },
    { maximumConcurrency: 2 },
  );
  await expect.poll(() => groups.length, PATIENCE).toBe(2);
  // What comes now is handled although neither piece has come to an end.
  for (const n of [1, 2, 3]) {
    await send(`light ${n}`);
    await expect.poll(() => groups.flat().filter((group) => group === "p1").length, PATIENCE).toBe(n);
  }
  expect(groups.filter(([group]) => group === "hostile")).toHaveLength(2);
  expect((await queue.stats()).visible).toBeGreaterThan(0);
  expect(waits).toEqual([]);
  gate.resolve();
  await isEmpty();
  expect(groups.flat().filter((group) => group === "hostile")).toHaveLength(pieces);
  expect(errors).toEqual([]);
});

const MASS = "gz:3000000:";
const sendMass = (group: string, body = MASS) => queue.send({ body, group, accepted: { receivedAt: now, events: 1 } });

// Beside one other it has half of the time, and some on credit: a second of it, where there is room.
test.each([
  ["has room a project that sent much rests until it owes no more than its credit", 1, [0, 700, 1_400, 2_200]],
  ["is full it rests longer, as long as somebody who sent little is there", 0.1, [0, 1_000, 7_300, 13_600]],
])("where the thread %s", async (_, room, begins) => {
  await send("light");
  for (let piece = 0; piece < 4; piece++) await sendMass("busy");
  const began: number[] = [];
  poll(
    async ([first]) => {
      if (first?.group !== "busy") return { failed: [] };
      began.push(now);
      now += 700;
      return { failed: [] };
    },
    { batchSize: 5 },
    room,
  );
  await isEmpty();
  expect(began.map((at) => at - (began[0] ?? 0))).toEqual(begins);
});

test("whoever rests keeps nobody from their turn: of two that sent much one goes on while the other rests", async () => {
  for (const group of ["a", "b"]) for (let piece = 0; piece < 3; piece++) await sendMass(group);
  const order: (string | undefined)[] = [];
  const bothHadOne = Promise.withResolvers<void>();
  poll(
    async ([message]) => {
      order.push(message?.group);
      if (new Set(order).size > 1) bothHadOne.resolve();
      now += 2_000;
      return { failed: [] };
    },
    {
      wait: async (ms) => {
        await bothHadOne.promise;
        now += ms;
      },
    },
  );
  await isEmpty();
  expect(order.slice(0, 2)).toEqual(["a", "b"]);
  expect(order).toHaveLength(6);
});

test("a project that is alone never rests, whatever else it sends", async () => {
  await queue.send({ body: "little", group: "alone", accepted: { receivedAt: now, events: 1 } });
  for (let i = 0; i < 4; i++) {
    await queue.send({ body: "gz:3000000:", group: "alone", accepted: { receivedAt: now, events: 1 } });
  }
  poll(async () => ({ failed: [] }), { batchSize: 1 });
  await isEmpty();
  expect(waits).toEqual([]);
});

test("only the failed messages of a batch come again, later each time, and the others do not", async () => {
  const seen: string[] = [];
  let times = 0;
  await sendMany(3);
  poll(async (messages) => {
    seen.push(...messages.map(({ body, receiveCount }) => `${body}#${receiveCount}`));
    return { failed: messages.filter(({ body }) => body === "m1" && ++times < 3).map(({ id }) => id) };
  });
  await expect.poll(() => queue.stats(), PATIENCE).toMatchObject({ visible: 0, inFlight: 1 });
  now += 1_000;
  await expect.poll(() => seen, PATIENCE).toContain("m1#2");
  await expect.poll(() => queue.stats(), PATIENCE).toMatchObject({ visible: 0, inFlight: 1 });
  now += 1_000;
  expect(await queue.stats()).toMatchObject({ visible: 0, inFlight: 1 });
  now += 1_000;
  await isEmpty();
  expect(seen).toEqual(["m0#1", "m1#1", "m2#1", "m1#2", "m1#3"]);
});

test("what the handler gives back itself comes when it said, whatever it answers, and once", async () => {
  const seen: string[] = [];
  await sendMany(2);
  let isFirst = true;
  poll(async (messages, giveBack) => {
    seen.push(...messages.map(({ body, receiveCount }) => `${body}#${receiveCount}`));
    if (!isFirst) return { failed: [] };
    isFirst = false;
    await giveBack(
      messages.filter(({ body }) => body === "m1").map(({ id }) => id),
      30_000,
    );
    throw new Error("Nothing was done.");
  });
  // The other one came again by the poller's own back-off.
  now += 1_000;
  await expect.poll(() => seen, PATIENCE).toEqual(["m0#1", "m1#1", "m0#2"]);
  now += 28_000;
  expect(await queue.stats()).toMatchObject({ visible: 0, inFlight: 1 });
  now += 1_000;
  await isEmpty();
  expect(seen.slice(3)).toEqual(["m1#2"]);
});

test("what projects sent that sent little has its turns of the thread before the masses of others", async () => {
  const lines = new Map<string, string>();
  await queue.send({ body: "gz:3000000:", group: "mass", accepted: { receivedAt: now, events: 1 } });
  await queue.send({ body: "few", group: "few", accepted: { receivedAt: now, events: 1 } });
  poll(async (messages) => {
    for (const { group } of messages) lines.set(group, lineHere());
    return { failed: [] };
  });
  await isEmpty();
  expect(Object.fromEntries(lines)).toEqual({ few: "ahead", mass: "behind" });
});

test("a handler that throws gets its whole batch again; the back-off grows up to ten seconds and ends with the first success", async () => {
  let calls = 0;
  const sizes: number[] = [];
  await sendMany(2);
  poll(
    async (messages) => {
      sizes.push(messages.length);
      if (++calls <= 6) throw new Error(`failure ${calls}`);
      return { failed: [] };
    },
    { visibilityMs: 8_000 },
  );
  await isEmpty();
  expect(errors).toHaveLength(6);
  expect(sizes).toEqual([2, 2, 2, 2, 2, 2, 2]);
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  await send("after");
  await isEmpty();
  expect(waits).toHaveLength(6);
});

test("while nothing succeeds, few messages are tried at a time, one batch after the other; then full batches at once", async () => {
  const sizes: number[] = [];
  let running = 0;
  let most = 0;
  await sendMany(100);
  poll(
    async (messages) => {
      sizes.push(messages.length);
      const isDown = sizes.length < 6;
      running++;
      if (isDown && sizes.length > 2) most = Math.max(most, running);
      await delay(5);
      running--;
      if (isDown) throw new Error("down");
      return { failed: [] };
    },
    { batchSize: 30, maximumConcurrency: 2 },
  );
  await expect.poll(() => Math.max(0, ...sizes.slice(6)), PATIENCE).toBeGreaterThan(10);
  expect(sizes.slice(2, 6)).toEqual([10, 10, 10, 10]);
  expect(most).toBe(1);
});

test("an answer with an unknown id fails the whole batch: nothing of it is acknowledged", async () => {
  let calls = 0;
  await sendMany(3);
  poll(async () => ({ failed: ++calls === 1 ? ["no such id"] : [] }));
  await isEmpty();
  expect(calls).toBe(2);
  expect(errors).toMatchObject([{ message: expect.stringContaining("no such id") }]);
});

test("the handler sees how often a message was delivered", async () => {
  const counts: number[] = [];
  await send("m");
  poll(async (messages) => {
    counts.push(...messages.map(({ receiveCount }) => receiveCount));
    if (counts.length < 4) throw new Error("again");
    return { failed: [] };
  });
  await isEmpty();
  expect(counts).toEqual([1, 2, 3, 4]);
});

test("drain finishes and acknowledges what runs, and takes nothing more", async () => {
  const gate = Promise.withResolvers<void>();
  const seen: string[] = [];
  await sendMany(3);
  const poller = poll(
    async (messages) => {
      seen.push(...bodies(messages));
      await gate.promise;
      return { failed: [] };
    },
    { batchSize: 1 },
  );
  await expect.poll(() => seen, PATIENCE).toEqual(["m0"]);
  const drained = poller.drain();
  gate.resolve();
  await drained;
  expect(seen).toEqual(["m0"]);
  expect(await queue.stats()).toMatchObject({ visible: 2, inFlight: 0 });
});

test("drain ends a back-off that waits", async () => {
  const waiting = Promise.withResolvers<void>();
  await send("m");
  const poller = poll(() => Promise.reject(new Error("down")), {
    wait: (_ms, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
        waiting.resolve();
      }),
  });
  await waiting.promise;
  await poller.drain();
  expect(await queue.stats()).toMatchObject({ inFlight: 1 });
});

test("a queue that fails is reported and asked again", async () => {
  let calls = 0;
  const flaky = {
    ...queue,
    receive: (options: Parameters<EmbeddedQueue["receive"]>[0]) =>
      ++calls === 1 ? Promise.reject(new Error("queue down")) : queue.receive(options),
  };
  await send("m");
  poll(async () => ({ failed: [] }), { queue: flaky });
  await isEmpty();
  expect(errors).toMatchObject([{ message: "queue down" }]);
  expect(waits).toEqual([1_000]);
});

test("while collecting is paused nothing is taken from the queue, and it goes on by itself", async () => {
  const seen: string[] = [];
  let looks = 0;
  await sendMany(3);
  poll(
    async (messages) => {
      expect(looks).toBeGreaterThan(3);
      seen.push(...bodies(messages));
      return { failed: [] };
    },
    { isPaused: async () => ++looks <= 3 },
  );
  await isEmpty();
  expect(seen.toSorted()).toEqual(["m0", "m1", "m2"]);
  expect(waits.slice(0, 3)).toEqual([500, 500, 500]);
});
