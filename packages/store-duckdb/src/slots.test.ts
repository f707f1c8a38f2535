import { expect, test } from "vitest";
import { createSlots } from "./slots.ts";

test("no more than the given number at once, in the order asked", async () => {
  const slots = createSlots(1);
  const first = await slots.acquire();
  const order: number[] = [];
  const waiting = [1, 2].map(async (n) => {
    const release = await slots.acquire();
    order.push(n);
    release();
  });
  expect(order).toEqual([]);
  first();
  await Promise.all(waiting);
  expect(order).toEqual([1, 2]);
});

test("who gives up while waiting takes no slot, and giving back twice frees one slot only", async () => {
  const slots = createSlots(1);
  const first = await slots.acquire();
  const controller = new AbortController();
  const impatient = slots.acquire(controller.signal);
  controller.abort(new Error("enough"));
  await expect(impatient).rejects.toThrow("enough");
  first();
  first();
  const second = await slots.acquire();
  const third = new AbortController();
  const waiting = slots.acquire(third.signal);
  third.abort(new Error("still one slot"));
  await expect(waiting).rejects.toThrow("still one slot");
  second();
});
