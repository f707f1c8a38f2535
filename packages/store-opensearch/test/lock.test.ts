import { createSqliteRegistry } from "@millrace/access";
import { expect, test } from "vitest";
import { createLock, LOCK_MS, type HeldLock } from "../src/keep/lock.ts";

const KEY = { partition: "store:test", sort: "lock" };

function setUp() {
  let now = Date.UTC(2026, 2, 10, 12);
  const clock = { now: () => now };
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const lock = () => createLock(registry, KEY, "A migration", { clock, random: Math.random });
  return { lock, pass: (ms: number) => (now += ms) };
}

/** Work that has the lock and goes on until it is told to end. */
async function begun(lock: ReturnType<ReturnType<typeof setUp>["lock"]>) {
  const held = Promise.withResolvers<HeldLock>();
  const ended = Promise.withResolvers<void>();
  const done = lock.hold((given) => {
    held.resolve(given);
    return ended.promise;
  });
  const lockHeld = await held.promise;
  return { end: () => (ended.resolve(), done), renew: () => lockHeld.renew() };
}

test("a second one is told who is at it and since when; after the first has ended it may begin", async () => {
  const { lock } = setUp();
  const first = await begun(lock());
  await expect(lock().hold(async () => "must not run")).rejects.toMatchObject({
    code: "ServiceUnavailable",
    message: expect.stringContaining("A migration is already running since 2026-03-10T12:00:00.000Z"),
  });
  await first.end();
  expect(await lock().hold(async () => "runs")).toBe("runs");
});

test("it is freed when the work fails", async () => {
  const { lock } = setUp();
  await expect(lock().hold(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await lock().hold(async () => "runs")).toBe("runs");
});

test("a killed one is in the way for a while only, a living one for as long as it renews", async () => {
  const { lock, pass } = setUp();
  const first = await begun(lock());
  for (let round = 0; round < 3; round++) {
    pass(LOCK_MS - 1);
    await first.renew();
  }
  await expect(lock().hold(async () => "must not run")).rejects.toThrow("already running");
  pass(LOCK_MS + 1);
  expect(await lock().hold(async () => "runs")).toBe("runs");
});

test("whoever slept through its time is told so, and neither takes the lock back nor frees the other's", async () => {
  const { lock, pass } = setUp();
  const sleeper = await begun(lock());
  pass(LOCK_MS + 1);
  const other = await begun(lock());
  await expect(sleeper.renew()).rejects.toThrow("another one may have begun");
  await sleeper.end();
  await expect(lock().hold(async () => "must not run")).rejects.toThrow("already running");
  await other.renew();
  await other.end();
});
