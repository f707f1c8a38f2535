import { expect, test } from "vitest";
import { createOwnTime } from "./own-time.ts";

test("time belongs to those who use it at the same moment, in even parts", async () => {
  let now = 1_000;
  const own = createOwnTime(() => now);
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const ofFirst = own.of(() => first.promise);
  now += 100;
  const ofSecond = own.of(() => second.promise);
  now += 60;
  first.resolve();
  expect(await ofFirst).toBe(130);
  now += 10;
  second.resolve();
  expect(await ofSecond).toBe(40);
  // Nobody's.
  now += 1_000;
  expect(
    await own.of(async () => {
      now += 5;
    }),
  ).toBe(5);
});

test("who fails leaves what comes to the others", async () => {
  let now = 0;
  const own = createOwnTime(() => now);
  await expect(own.of(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  const ofNext = own.of(async () => void (now += 8));
  expect(await ofNext).toBe(8);
});
