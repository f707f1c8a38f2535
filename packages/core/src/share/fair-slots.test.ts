import { getEventListeners } from "node:events";
import { expect, onTestFinished, test, vi } from "vitest";
import { createFairSlots } from "./fair-slots.ts";
import { createTimeShares } from "./time-shares.ts";

/** Asks for a slot and tells, when it has one, in `order`. */
function asking(slots: ReturnType<typeof createFairSlots>, sharer: string, order: string[]) {
  return slots.acquire(sharer).then((release) => {
    order.push(sharer);
    return release;
  });
}

test("no more than the given number at once, in the order asked", async () => {
  const slots = createFairSlots(1);
  const first = await slots.acquire("a");
  const order: number[] = [];
  const waiting = [1, 2].map(async (n) => {
    const release = await slots.acquire("a");
    order.push(n);
    release();
  });
  expect(order).toEqual([]);
  first();
  await Promise.all(waiting);
  expect(order).toEqual([1, 2]);
});

test("a project with a hundred questions leaves the last slot to others, and half of them while others are there", async () => {
  let now = 0;
  const slots = createFairSlots(
    3,
    createTimeShares(() => now),
  );
  const order: string[] = [];
  const hostile = Array.from({ length: 100 }, () => asking(slots, "hostile", order));
  const release = await slots.acquire("other");
  expect(order).toEqual(["hostile", "hostile"]);
  // The slot that comes back is kept for whoever has none: not for the ninety-eight in line, who hold two.
  release();
  (await slots.acquire("third"))();
  expect(order).toEqual(["hostile", "hostile"]);
  (await hostile[0])?.();
  (await slots.acquire("third"))();
  expect(order).toHaveLength(2);
  // It always has one.
  (await hostile[1])?.();
  await hostile[2];
  expect(order).toHaveLength(3);
  // Others are gone for ten seconds: the next that comes back is shared out as if they never had been.
  now = 10_001;
  (await hostile[2])?.();
  await Promise.all([hostile[3], hostile[4]]);
  expect(order).toHaveLength(5);
});

test("a project that is alone, or one of many slots, may hold more than one", async () => {
  const slots = createFairSlots(6);
  const order: string[] = [];
  for (let i = 0; i < 6; i++) void asking(slots, "a", order);
  await slots.acquire("b");
  expect(order).toHaveLength(5);
  const others: string[] = [];
  const fresh = createFairSlots(6);
  await fresh.acquire("b");
  for (let i = 0; i < 6; i++) void asking(fresh, "a", others);
  await Promise.resolve();
  expect(others).toHaveLength(3);
});

test("beside others each has its part of the time: who held slots for longer rests until it is paid, and nobody else waits for it", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const slots = createFairSlots(
    2,
    createTimeShares(() => Date.now()),
  );
  const order: string[] = [];
  const hold = async (sharer: string, ms: number) => {
    const release = await slots.acquire(sharer);
    vi.advanceTimersByTime(ms);
    release();
  };
  // Nobody else is there: nothing is owed.
  await hold("hostile", 5_000);
  await hold("hostile", 5_000);
  await hold("other", 100);
  // Beside one other, half of the time is its own: 700 ms, of which 250 are paid while it holds 500 more, are within the credit.
  await hold("hostile", 700);
  await hold("hostile", 500);
  await hold("hostile", 1_000);
  const waiting = asking(slots, "hostile", order);
  // Now it owes 450 + 1,000 ms, and pays what is beyond the credit by half of the time that goes by.
  await vi.advanceTimersByTimeAsync(850);
  expect(order).toEqual([]);
  await hold("other", 0);
  expect(order).toEqual([]);
  await vi.advanceTimersByTimeAsync(100);
  await waiting;
  expect(order).toEqual(["hostile"]);
});

test("the more are there, the smaller the part of each, a fifth at least; when they are gone the rest is over", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const slots = createFairSlots(
    2,
    createTimeShares(() => Date.now()),
  );
  const order: string[] = [];
  for (let i = 0; i < 20; i++) (await slots.acquire(`other ${i}`))();
  const release = await slots.acquire("hostile");
  vi.advanceTimersByTime(2_000);
  release();
  const waiting = asking(slots, "hostile", order);
  await vi.advanceTimersByTimeAsync(4_900);
  expect(order).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  (await waiting)();
  expect(order).toEqual(["hostile"]);
  await vi.advanceTimersByTimeAsync(1_000);

  const again = await slots.acquire("hostile");
  (await slots.acquire("another"))();
  vi.advanceTimersByTime(9_000);
  again();
  const later = asking(slots, "hostile", order);
  // It owes 9 seconds; the only other one asked 9 seconds ago.
  await vi.advanceTimersByTimeAsync(10_100);
  await later;
  expect(order).toEqual(["hostile", "hostile"]);
});

test("who waits is served in turn, whatever each has in line", async () => {
  const slots = createFairSlots(1);
  const order: string[] = [];
  const first = await slots.acquire("x");
  const asked = ["a", "a", "a", "b", "c", "b"].map(async (sharer) => (await asking(slots, sharer, order))());
  first();
  await Promise.all(asked);
  expect(order).toEqual(["a", "b", "c", "a", "b", "a"]);
});

test("work of the house may have the last slot", async () => {
  const slots = createFairSlots(2);
  const releases = [await slots.acquire("a"), await slots.acquire(undefined)];
  const order: string[] = [];
  const waiting = asking(slots, "b", order);
  releases[1]?.();
  await waiting;
  expect(order).toEqual(["b"]);
});

test("who gives one of two slots back holds the other still, and its part is as large as before", async () => {
  const slots = createFairSlots(4);
  (await slots.acquire("b"))();
  const order: string[] = [];
  const [first] = await Promise.all([asking(slots, "a", order), asking(slots, "a", order)]);
  first();
  for (let i = 0; i < 2; i++) void asking(slots, "a", order);
  (await slots.acquire("b"))();
  expect(order).toEqual(["a", "a", "a"]);
});

test("who comes to owe while it waits rests, and goes on when that is paid, though nobody else does anything", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const slots = createFairSlots(
    1,
    createTimeShares(() => Date.now()),
  );
  (await slots.acquire("other"))();
  const release = await slots.acquire("a");
  const order: string[] = [];
  const waiting = asking(slots, "a", order);
  await vi.advanceTimersByTimeAsync(3_000);
  release();
  // Three seconds, of which one is credit, at half of the time that goes by.
  await vi.advanceTimersByTimeAsync(3_999);
  expect(order).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await waiting;
  expect(order).toEqual(["a"]);
});

test("work of the house may have all slots", async () => {
  const slots = createFairSlots(2);
  await Promise.all([slots.acquire(undefined), slots.acquire(undefined)]);
});

test("whoever has waited, in vain or not, leaves no timer and no listener behind", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const slots = createFairSlots(1);
  const first = await slots.acquire("a");
  const controllers = [1, 2, 3].map(() => new AbortController());
  const [served, gaveUp, late] = controllers.map(({ signal }, at) =>
    slots.acquire(`${at}`, { signal, waitMs: at === 2 ? 10 : 1_000 }),
  );
  const over = Promise.all([expect(gaveUp).rejects.toThrow("enough"), expect(late).rejects.toThrow("10 ms")]);
  controllers[1]?.abort(new Error("enough"));
  await vi.advanceTimersByTimeAsync(10);
  await over;
  first();
  await served;
  expect(vi.getTimerCount()).toBe(0);
  expect(controllers.flatMap(({ signal }) => getEventListeners(signal, "abort"))).toEqual([]);
});

test("work of the house is nobody who is there: beside it a project is alone", async () => {
  const slots = createFairSlots(4);
  (await slots.acquire(undefined))();
  const order: string[] = [];
  for (let i = 0; i < 4; i++) void asking(slots, "a", order);
  await slots.acquire(undefined);
  expect(order).toEqual(["a", "a", "a"]);
});

test("waiting is bounded: then 429, and the place in the line is given up", async () => {
  const slots = createFairSlots(1);
  const first = await slots.acquire("a");
  const late = slots.acquire("b", { waitMs: 1 });
  await expect(late).rejects.toMatchObject({
    code: "RateLimitExceeded",
    status: 429,
    retryAfterSeconds: 5,
    message: expect.stringContaining("none of its turns came within 1 ms. Ask fewer at a time.") as string,
  });
  first();
  await expect(slots.acquire("c")).resolves.toBeTypeOf("function");
});

test("who gives up while waiting takes no slot, and giving back twice frees one slot only", async () => {
  const slots = createFairSlots(1);
  const first = await slots.acquire("a");
  const controller = new AbortController();
  const impatient = slots.acquire("b", { signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(impatient).rejects.toThrow("enough");
  first();
  first();
  const second = await slots.acquire("c");
  const third = new AbortController();
  const waiting = slots.acquire("d", { signal: third.signal });
  third.abort(new Error("still one slot"));
  await expect(waiting).rejects.toThrow("still one slot");
  second();
});
