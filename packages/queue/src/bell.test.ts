import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createBell } from "./bell.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Notes when each of them is awake. */
function sleepers(bell: ReturnType<typeof createBell>) {
  const awake: string[] = [];
  return {
    awake,
    sleep: (name: string, seen: number, ms: number) => void bell.next(seen, ms).then(() => awake.push(name)),
  };
}

test("a ring wakes all who sleep, at once, and leaves no timer behind", async () => {
  const bell = createBell();
  const { awake, sleep } = sleepers(bell);
  sleep("a", bell.count(), 1_000);
  sleep("b", bell.count(), 2_000);
  await vi.advanceTimersByTimeAsync(500);
  expect(awake).toEqual([]);
  bell.ring();
  await vi.advanceTimersByTimeAsync(0);
  expect(awake).toEqual(["a", "b"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("whoever missed a ring between looking and sleeping does not sleep", async () => {
  const bell = createBell();
  const { awake, sleep } = sleepers(bell);
  const seen = bell.count();
  bell.ring();
  sleep("late", seen, 1_000);
  await vi.advanceTimersByTimeAsync(0);
  expect(awake).toEqual(["late"]);
  expect(bell.count()).toBe(seen + 1);
});

test("without a ring each wakes when its time is over, and one that is over already wakes", async () => {
  const bell = createBell();
  const { awake, sleep } = sleepers(bell);
  sleep("long", bell.count(), 1_000);
  sleep("over", bell.count(), -5);
  await vi.advanceTimersByTimeAsync(1);
  expect(awake).toEqual(["over"]);
  await vi.advanceTimersByTimeAsync(999);
  expect(awake).toEqual(["over", "long"]);
});
