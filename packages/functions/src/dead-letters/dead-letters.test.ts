import { createSqliteRegistry } from "@millrace/access";
import { encodeEnvelope, HOUR_MS, type Envelope } from "@millrace/core";
import { createEmbeddedQueue } from "@millrace/queue/embedded";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { createDeadCounts } from "./dead-counts.ts";
import { keepLetters } from "./keep.ts";
import { countLetter } from "./letter.ts";
import { sweep } from "./sweep.ts";

const TEN = Date.UTC(2026, 10, 1, 10);
const DAY = 24 * HOUR_MS;
const ALL = [0, TEN + 400 * DAY] as const;

async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), "millrace-dead-"));
  let now = TEN;
  const clock = { now: () => now };
  const queue = await createEmbeddedQueue({ path: join(folder, "dead.sqlite"), clock });
  const registry = createSqliteRegistry({ path: join(folder, "registry.sqlite"), clock });
  onTestFinished(async () => {
    await queue.close();
    await registry.close();
    await rm(folder, { recursive: true });
  });
  const objects = new Map<string, string>();
  const bucket = { put: async (key: string, body: Uint8Array) => void objects.set(key, gunzipSync(body).toString()) };
  const counts = createDeadCounts(registry);
  const visit = keepLetters({ bucket, counts, clock });
  const deadline = () => clock.now() + 60_000;
  return {
    queue,
    counts,
    objects,
    send: (body: string, group: string) => queue.send({ body, group, accepted: { receivedAt: now, events: 0 } }),
    /** What the health check does, and what the daily upkeep does. */
    look: async () => counts.record(await sweep({ queue, clock, waitMs: 0 }, deadline())),
    keep: async () => counts.record(await sweep({ queue, clock, visit, waitMs: 0 }, deadline())),
    pass: (ms: number) => void (now += ms),
  };
}

const letter = (receivedAt: number, events: number, v = 1): string =>
  JSON.stringify({ v, receivedAt, events: Array.from({ length: events }, () => ({})) });

test("a letter counts with its events in the hour they were received, packed or not, whatever its version", async () => {
  const of = (body: string) => countLetter({ body, group: "shop", sentAt: TEN });
  expect(of(letter(TEN - 1, 3))).toEqual({ project: "shop", hour: TEN - HOUR_MS, events: 3 });
  expect(of(letter(TEN, 2, 99))).toMatchObject({ hour: TEN, events: 2 });
  const events = Array.from({ length: 900 }, () => ({ properties: { text: "x".repeat(200) } }));
  const packed = await encodeEnvelope({ v: 1, receivedAt: TEN - HOUR_MS, events } as unknown as Envelope);
  expect(packed.startsWith("gz:")).toBe(true);
  expect(of(packed)).toMatchObject({ hour: TEN - HOUR_MS, events: 900 });
});

test.each(["{", "gz:AAAA", "null", "[]", '"text"', '{"events":"none","receivedAt":"then"}'])(
  "a letter that says nothing counts as one event, received when it was sent: %s",
  (body) => {
    expect(countLetter({ body, group: "shop", sentAt: TEN + 1 })).toEqual({ project: "shop", hour: TEN, events: 1 });
  },
);

test("rejected events that were sent again are not dead as well: they are still rejected", () => {
  const body = JSON.stringify({ v: 3, receivedAt: TEN, ordinals: [4, 9], events: [{}, {}] });
  expect(countLetter({ body, group: "shop", sentAt: TEN + HOUR_MS })).toEqual({
    project: "shop",
    hour: TEN,
    events: 0,
  });
});

test("every letter is counted once and given back, and each project sees its own", async () => {
  const parts = await setUp();
  for (let index = 0; index < 25; index++) await parts.send(letter(TEN, 2), "shop");
  await parts.send(letter(TEN - HOUR_MS, 5), "shop");
  await parts.send(letter(TEN, 7), "other");
  await parts.send("by hand", "");
  expect(await parts.counts.lastSeen()).toBeUndefined();
  await parts.look();
  expect(await parts.counts.lastSeen()).toBe(28);
  expect(await parts.counts.read("shop", ...ALL)).toEqual([
    { hour: TEN - HOUR_MS, count: 5 },
    { hour: TEN, count: 50 },
  ]);
  expect(await parts.counts.read("shop", TEN, TEN + HOUR_MS)).toEqual([{ hour: TEN, count: 50 }]);
  expect(await parts.counts.read("other", ...ALL)).toEqual([{ hour: TEN, count: 7 }]);
  expect(await parts.counts.read("nobody", ...ALL)).toEqual([]);
  expect(await parts.queue.stats()).toMatchObject({ visible: 28, inFlight: 0 });
});

test("letters that were redriven are no longer dead, and another look changes nothing", async () => {
  const parts = await setUp();
  await parts.send(letter(TEN, 2), "shop");
  await parts.look();
  await parts.look();
  expect(await parts.counts.read("shop", ...ALL)).toEqual([{ hour: TEN, count: 2 }]);
  const [received] = await parts.queue.receive({ max: 1, visibilityMs: 1_000 });
  await parts.queue.ack([received?.receipt ?? ""]);
  await parts.look();
  expect(await parts.counts.read("shop", ...ALL)).toEqual([]);
});

test("a look that had no time takes nobody's count away, and gives back what it had", async () => {
  const parts = await setUp();
  await parts.send(letter(TEN, 2), "shop");
  await parts.look();
  await parts.counts.record(await sweep({ queue: parts.queue, clock: { now: () => TEN } }, TEN));
  expect(await parts.counts.read("shop", ...ALL)).toEqual([{ hour: TEN, count: 2 }]);
});

test("a visit that fails gives every letter back, and none leaves", async () => {
  const parts = await setUp();
  await parts.send(letter(TEN, 2), "shop");
  const visit = () => Promise.reject(new Error("bucket gone"));
  await expect(sweep({ queue: parts.queue, clock: { now: () => TEN }, visit }, TEN + 1)).rejects.toThrow("bucket gone");
  expect(await parts.queue.stats()).toMatchObject({ visible: 1, inFlight: 0 });
});

test("a letter is copied as it is once it is older than a day, to the same object each time, and stays in the queue", async () => {
  const parts = await setUp();
  await parts.send("not even JSON\n", "shop");
  parts.pass(DAY);
  await parts.send(letter(TEN, 1), "shop");
  await parts.keep();
  expect(parts.objects.size).toBe(0);
  parts.pass(1);
  await parts.keep();
  await parts.keep();
  expect([...parts.objects.keys()]).toEqual(["dead/2026/11/01/1.ndjson.gz"]);
  expect(JSON.parse([...parts.objects.values()][0] ?? "")).toEqual({ id: "1", body: "not even JSON\n" });
  expect(await parts.queue.stats()).toMatchObject({ visible: 2 });
});

test("a letter SQS is about to drop leaves the queue for the archive, and stays dead in the ledger", async () => {
  const parts = await setUp();
  await parts.send(letter(TEN, 4), "shop");
  parts.pass(13 * DAY + 1);
  await parts.send(letter(TEN, 2), "shop");
  await parts.keep();
  expect(parts.objects.size).toBe(1);
  expect(await parts.queue.stats()).toMatchObject({ visible: 1, inFlight: 0 });
  expect(await parts.counts.read("shop", ...ALL)).toEqual([{ hour: TEN, count: 6 }]);
});
