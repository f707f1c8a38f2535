import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { sideBySide } from "./side-by-side.ts";

test("every item once, never more at a time than allowed, and as many", async () => {
  let running = 0;
  let most = 0;
  const seen: number[] = [];
  await sideBySide(
    Array.from({ length: 50 }, (_, i) => i),
    8,
    async (item) => {
      most = Math.max(most, ++running);
      await turn();
      running--;
      seen.push(item);
    },
  );
  expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(most).toBe(8);
});

test("a failure is thrown, and nothing more is begun", async () => {
  const begun: number[] = [];
  const failing = sideBySide([1, 2, 3, 4, 5, 6], 2, async (item) => {
    begun.push(item);
    await turn();
    if (item === 2) throw new Error("two");
  });
  await expect(failing).rejects.toThrow("two");
  // The other one goes on with what it has begun, and then ends as well.
  for (let i = 0; i < 10; i++) await turn();
  expect(begun.length).toBeLessThan(5);
});
