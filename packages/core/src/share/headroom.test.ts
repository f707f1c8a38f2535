import { expect, onTestFinished, test, vi } from "vitest";
import { headroom, nextHeadroom, watchHeadroom } from "./headroom.ts";

test.each([
  ["half of it at once where there is no room at all", 1, 0.95, 0.5],
  ["a fifth less where the thread is full", 1, 0.6, 0.8],
  ["never less than a tenth", 0.11, 1, 0.1],
  ["nor where it is nearly full", 0.1, 0.6, 0.1],
  ["a little more where there is room", 0.5, 0.5, 0.55],
  ["never more than all", 0.99, 0, 1],
])("%s", (_, before, used, after) => {
  expect(nextHeadroom(before, used)).toBeCloseTo(after, 12);
});

test("who watches sees it fall while the thread is full, and come back; whoever ends that leaves all of it", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  expect(headroom()).toBe(1);
  let used = 1;
  const end = watchHeadroom(() => used);
  await vi.advanceTimersByTimeAsync(400);
  expect(headroom()).toBe(0.1);
  used = 0;
  await vi.advanceTimersByTimeAsync(200);
  expect(headroom()).toBeCloseTo(0.2, 12);
  end();
  expect([headroom(), vi.getTimerCount()]).toEqual([1, 0]);
});

test("what the event loop says of itself is what is watched", async () => {
  onTestFinished(watchHeadroom());
  await expect
    .poll(
      () => {
        for (const end = performance.now() + 150; performance.now() < end;);
        return headroom();
      },
      { timeout: 60_000, interval: 1 },
    )
    .toBe(0.1);
  // A thread that nobody uses has room again; how soon is the machine's.
  await expect.poll(headroom, { timeout: 60_000, interval: 200 }).toBe(1);
});
