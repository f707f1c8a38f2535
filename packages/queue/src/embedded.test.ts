import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { HOUR_MS, LIMITS } from "@millrace/core";
import { describeQueueContract } from "@millrace/core/contract";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createEmbeddedQueue } from "./embedded.ts";
import type { EmbeddedQueue } from "./embedded.ts";

const SEND_FOREVER = new URL("./testing/send-forever.ts", import.meta.url);
const HOUR = 472_222 * HOUR_MS;
let folder: string;
let path: string;
let now: number;
let open: EmbeddedQueue[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-queue-"));
  path = join(folder, "queue.sqlite");
  now = HOUR + 1_000;
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((queue) => queue.close()));
  await rm(folder, { recursive: true, force: true });
});

async function start(options: { maxReceiveCount?: number } = {}): Promise<EmbeddedQueue> {
  const queue = await createEmbeddedQueue({ path, clock: { now: () => now }, ...options });
  open.push(queue);
  return queue;
}

const message = (body: string, { group = "p1", receivedAt = HOUR, events = 1 } = {}) => ({
  body,
  group,
  accepted: { receivedAt, events },
});

describeQueueContract({
  name: "the embedded queue",
  takesTurns: true,
  largestBody: LIMITS.messageBytes,
  create: async (options) => ({
    queue: await start(options),
    elapse: (ms) => {
      now += ms;
    },
  }),
});

describe("accepted counters", () => {
  test("count events by project and hour of receipt, not of sending", async () => {
    const queue = await start();
    await queue.send(message("a", { events: 3 }));
    await queue.send(message("b", { events: 4, receivedAt: HOUR + HOUR_MS - 1 }));
    await queue.send(message("c", { events: 5, receivedAt: HOUR + HOUR_MS }));
    await queue.send(message("d", { events: 9, group: "p2" }));
    expect(await queue.accepted("p1", HOUR, HOUR + 2 * HOUR_MS)).toEqual([
      { hour: HOUR, count: 7 },
      { hour: HOUR + HOUR_MS, count: 5 },
    ]);
    expect(await queue.accepted("p1", HOUR, HOUR + HOUR_MS)).toEqual([{ hour: HOUR, count: 7 }]);
  });

  test("stay after the message was acknowledged, and over a restart", async () => {
    const queue = await start();
    await queue.send(message("a", { events: 3 }));
    const [received] = await queue.receive({ max: 1, visibilityMs: 1_000 });
    await queue.ack([received?.receipt ?? ""]);
    await queue.close();
    const again = await start();
    expect(await again.accepted("p1", HOUR, HOUR + HOUR_MS)).toEqual([{ hour: HOUR, count: 3 }]);
  });

  test("do not count a send that failed, and one bad send does not fail those beside it", async () => {
    const queue = await start();
    const results = await Promise.allSettled([
      queue.send(message("good", { events: 1 })),
      queue.send(message("bad", { events: 0.5 })),
      queue.send(message("good too", { events: 2 })),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(results[1]).toMatchObject({ reason: { code: "ServiceUnavailable" } });
    expect(await queue.accepted("p1", HOUR, HOUR + HOUR_MS)).toEqual([{ hour: HOUR, count: 3 }]);
    expect(await queue.stats()).toMatchObject({ visible: 2 });
  });
});

describe("dead messages", () => {
  async function kill(queue: EmbeddedQueue): Promise<void> {
    const [received] = await queue.receive({ max: 1, visibilityMs: 60_000 });
    await queue.nack([received?.receipt ?? ""], 0);
    expect(await queue.receive({ max: 1, visibilityMs: 60_000 })).toEqual([]);
  }

  test("are listed with their bodies and counted by hour of receipt", async () => {
    const queue = await start({ maxReceiveCount: 1 });
    await queue.send(message("poison", { events: 4 }));
    await kill(queue);
    expect(await queue.deadEvents("p1", HOUR, HOUR + HOUR_MS)).toEqual([{ hour: HOUR, count: 4 }]);
    expect(await queue.deadEvents("p2", HOUR, HOUR + HOUR_MS)).toEqual([]);
    const letter = { group: "p1", body: "poison", events: 4, sentAt: now, deadAt: now, receiveCount: 1 };
    expect(await queue.deadLetters()).toMatchObject([letter]);
    expect(await queue.deadLetters({ group: "p2" })).toEqual([]);
  });

  test("come back with a fresh count when redriven, and are not accepted twice", async () => {
    const queue = await start({ maxReceiveCount: 1 });
    await queue.send(message("poison", { events: 4 }));
    await kill(queue);
    const [letter] = await queue.deadLetters();
    expect(await queue.redrive({ ids: ["999"] })).toBe(0);
    expect(await queue.redrive({ ids: [letter?.id ?? ""] })).toBe(1);
    const received = await queue.receive({ max: 1, visibilityMs: 60_000 });
    expect(received).toMatchObject([{ body: "poison", receiveCount: 1, redriven: true }]);
    expect(await queue.deadEvents("p1", HOUR, HOUR + HOUR_MS)).toEqual([]);
    expect(await queue.accepted("p1", HOUR, HOUR + HOUR_MS)).toEqual([{ hour: HOUR, count: 4 }]);
  });

  test("the receipt from before its death does not delete a redriven message", async () => {
    const queue = await start({ maxReceiveCount: 1 });
    await queue.send(message("poison"));
    const [before] = await queue.receive({ max: 1, visibilityMs: 0 });
    await queue.receive({ max: 1, visibilityMs: 0 });
    await queue.redrive();
    await queue.receive({ max: 1, visibilityMs: 60_000 });
    await queue.ack([before?.receipt ?? ""]);
    expect(await queue.stats()).toMatchObject({ inFlight: 1 });
  });
});

test("stats tell the age of the oldest message that is neither acknowledged nor dead", async () => {
  const queue = await start({ maxReceiveCount: 1 });
  expect(await queue.stats()).toEqual({ visible: 0, inFlight: 0, dead: 0, oldestAgeMs: null });
  await queue.send(message("poison"));
  await queue.receive({ max: 1, visibilityMs: 0 });
  now += 5_000;
  await queue.send(message("second"));
  now += 2_000;
  await queue.receive({ max: 1, visibilityMs: 60_000 });
  expect(await queue.stats()).toEqual({ visible: 0, inFlight: 1, dead: 1, oldestAgeMs: 2_000 });
});

test("times are the system's where no clock is given", async () => {
  const before = Date.now();
  const queue = await createEmbeddedQueue({ path });
  open.push(queue);
  await queue.send(message("a"));
  const [received] = await queue.receive({ max: 1, visibilityMs: 1_000 });
  expect(received?.sentAt).toBeGreaterThanOrEqual(before);
  expect(received?.sentAt).toBeLessThanOrEqual(Date.now());
});

test("every project gets its turn over several receives, and nobody is first every time", async () => {
  const queue = await start();
  for (const group of ["a", "b", "c", "d"]) {
    for (let index = 0; index < 3; index++) await queue.send(message(`${group}${index}`, { group }));
  }
  const order: string[] = [];
  for (let index = 0; index < 12; index++) {
    const [received] = await queue.receive({ max: 1, visibilityMs: 60_000 });
    order.push(received?.group ?? "");
  }
  expect(order).toEqual(["a", "b", "c", "d", "a", "b", "c", "d", "a", "b", "c", "d"]);
});

test("what was in flight when the process ended is visible at once after a restart", async () => {
  const queue = await start();
  await queue.send(message("one"));
  await queue.receive({ max: 1, visibilityMs: 3_600_000 });
  await queue.close();
  const again = await start();
  expect(await again.receive({ max: 1, visibilityMs: 1_000 })).toMatchObject([{ body: "one", receiveCount: 2 }]);
});

test("close ends a receive that waits, and later calls are refused", async () => {
  const queue = await start();
  const waiting = queue.receive({ max: 1, visibilityMs: 1_000, waitMs: 60_000 });
  await queue.stats();
  await queue.close();
  expect(await waiting).toEqual([]);
  await expect(queue.send(message("late"))).rejects.toMatchObject({ code: "ServiceUnavailable" });
});

test("close finishes what was sent before it", async () => {
  const queue = await start();
  const sent = Promise.all([queue.send(message("a")), queue.send(message("b"))]);
  await queue.close();
  await sent;
  expect(await (await start()).stats()).toMatchObject({ visible: 2 });
});

describe("a file that cannot be used is refused with the reason", () => {
  test("because another one has it open", async () => {
    await start();
    await expect(start()).rejects.toThrow("is in use by another process");
  });

  test("because it is no database", async () => {
    await writeFile(path, "no database ".repeat(1_000));
    await expect(start()).rejects.toThrow(/is not a queue file|is damaged/);
  });

  test("because a newer program wrote it", async () => {
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    await expect(start()).rejects.toThrow("has version 99");
  });
});

test("kill -9 loses no acknowledged message, and the counters equal the messages", { timeout: 60_000 }, async () => {
  const acknowledged = new Set<string>();
  for (let round = 0; round < 3; round++) {
    const child = spawn(process.execPath, [fileURLToPath(SEND_FOREVER), path, String(round)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const gone = once(child, "exit");
    let count = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.add(line);
      if (++count === 300) child.kill("SIGKILL");
    }
    await gone;
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(900);

  const queue = await start();
  const present = new Set<string>();
  for (;;) {
    const messages = await queue.receive({ max: 1_000, visibilityMs: 3_600_000 });
    if (messages.length === 0) break;
    for (const { body } of messages) present.add(body.trimEnd());
  }
  expect([...acknowledged].filter((body) => !present.has(body))).toEqual([]);
  // One event each: what was committed but not yet acknowledged counts as well, on both sides.
  expect(await queue.accepted("p1", 0, 2 * HOUR)).toEqual([{ hour: HOUR, count: present.size }]);
});

test("a claim stops at what its messages unpack to, in turn like any other, and never at nothing", async () => {
  const queue = await start();
  const heavy = (id: string) => `gz:900:${id}`;
  for (const [body, group] of [
    [heavy("a"), "p1"],
    [heavy("b"), "p1"],
    ["light", "p2"],
    [heavy("c"), "p2"],
  ] as const) {
    await queue.send(message(body, { group }));
  }
  const claim = async (maxBytes: number) =>
    (await queue.receive({ max: 10, maxBytes, visibilityMs: 1_000 })).map(({ body }) => body);
  // Each project has half of the room first: two heavy messages of one do not keep the other's light one out.
  expect(await claim(1_000)).toEqual([heavy("a"), "light", heavy("c")]);
  expect(await claim(1)).toEqual([heavy("b")]);
});

test("projects that are not wanted now are left out, and keep their messages and their turn", async () => {
  const queue = await start();
  for (const group of ["p1", "p2", "p1"]) await queue.send(message(`of ${group}`, { group }));
  const claim = async (except: string[]) =>
    (await queue.receive({ max: 10, visibilityMs: 1_000, except })).map(({ group }) => group);
  expect(await claim(["p1"])).toEqual(["p2"]);
  expect(await claim(["p1", "p2"])).toEqual([]);
  expect(await claim([])).toEqual(["p1", "p1"]);
});
