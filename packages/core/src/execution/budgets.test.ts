import { expect, onTestFinished, test, vi } from "vitest";
import { storeDeadline, stretchTimeBudgets, within } from "./budgets.ts";

test("what answers in time is passed on, an error too", async () => {
  await expect(within(60_000, "It", async () => 7)).resolves.toBe(7);
  await expect(within(60_000, "It", () => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
});

test("what says nothing is down, and is told to stop", async () => {
  let told: AbortSignal | undefined;
  const silent = within(1, "The registry", (signal) => {
    told = signal;
    return new Promise(() => {});
  });
  await expect(silent).rejects.toMatchObject({
    code: "ServiceUnavailable",
    message: "The registry gave no answer within 1 ms.",
  });
  expect(told?.aborted).toBe(true);
});

test("a call that fails because it was told to stop does not hide why", async () => {
  const obedient = within(
    1,
    "The queue",
    (signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("AbortError")))),
  );
  await expect(obedient).rejects.toThrow("The queue gave no answer within 1 ms.");
});

test("the store leaves two seconds of an invocation, and never has less than none", () => {
  expect(storeDeadline(1_000, 60_000)).toBe(59_000);
  expect(storeDeadline(1_000, 500)).toBe(1_000);
});

test("budgets are stretched for servers that are slower than AWS's, in the message too", async () => {
  onTestFinished(() => stretchTimeBudgets(1));
  stretchTimeBudgets(3);
  await expect(within(2, "It", () => new Promise(() => {}))).rejects.toThrow("It gave no answer within 6 ms.");
});

test("what has answered is not told to stop later, and leaves no timer behind", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let told: AbortSignal | undefined;
  await within(1_000, "It", async (signal) => (told = signal));
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(told?.aborted).toBe(false);
});
