import type { Registry } from "@millrace/core";
import { expect, test } from "vitest";
import { createSqliteRegistry } from "../registry/registry-sqlite.ts";
import { createRegistryShares } from "./registry-shares.ts";

/** Several processes over one registry, and a clock that is moved by hand. */
function setup(change: (registry: Registry) => Registry = (registry) => registry) {
  let now = 1_800_000_000_000;
  let made = 0;
  const clock = { now: () => now };
  const registry = change(createSqliteRegistry({ path: ":memory:", clock }));
  const process = () =>
    createRegistryShares({
      registry,
      clock,
      newId: () => `lease-${made++}`,
      atOnce: 3,
      perMinuteMs: 60_000,
      timeMs: 200,
    });
  return { process, pass: (ms: number) => (now += ms) };
}

test("a project has so many places over all processes, and no project has another's", async () => {
  const { process } = setup();
  const [one, two] = [process(), process()];
  const leaves = [await one.enter("a"), await two.enter("a"), await one.enter("a")];
  await expect(two.enter("a")).rejects.toMatchObject({ code: "RateLimitExceeded", retryAfterSeconds: 2 });
  await expect(two.enter("b")).resolves.toMatchObject({ budget: { leftMs: 60_000 } });
  await leaves[0]?.leave(10);
  await expect(two.enter("a")).resolves.toBeDefined();
});

test("all who come at once are counted, whoever comes in between", async () => {
  const { process } = setup();
  const asked = await Promise.allSettled(Array.from({ length: 4 }, () => process().enter("a")));
  expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
});

test("a process that was killed gives its place back by the clock", async () => {
  const { process, pass } = setup();
  for (let i = 0; i < 3; i++) await process().enter("a");
  await expect(process().enter("a")).rejects.toThrow(/at this moment/);
  pass(35_001);
  await expect(process().enter("a")).resolves.toBeDefined();
});

test("answers are paid with the engine's time; who has used up a minute's waits until it is back", async () => {
  const { process, pass } = setup();
  const leave = await process().enter("a");
  expect(await leave.leave(70_000)).toEqual({ perMinuteMs: 60_000, leftMs: -10_000 });
  await expect(process().enter("a")).rejects.toMatchObject({ status: 429, retryAfterSeconds: 10 });
  pass(9_000);
  await expect(process().enter("a")).rejects.toMatchObject({ retryAfterSeconds: 1 });
  pass(2_000);
  await expect(process().enter("a")).resolves.toMatchObject({ budget: { leftMs: 1_000 } });
});

test("a project with a number of its own has that much of the engine, and no other has less for it", async () => {
  const { process, pass } = setup();
  expect(await (await process().enter("a", 5_000)).leave(6_000)).toEqual({ perMinuteMs: 5_000, leftMs: -1_000 });
  await expect(process().enter("a", 5_000)).rejects.toMatchObject({ status: 429, retryAfterSeconds: 12 });
  await expect(process().enter("b")).resolves.toMatchObject({ budget: { perMinuteMs: 60_000, leftMs: 60_000 } });
  pass(13_000);
  await expect(process().enter("a", 5_000)).resolves.toBeDefined();
});

test("a registry that is down or says nothing lets the question through", async () => {
  const down = setup((registry) => ({ ...registry, get: () => Promise.reject(new Error("down")) }));
  await expect((await down.process().enter("a")).leave(5)).resolves.toEqual({ perMinuteMs: 60_000, leftMs: 60_000 });
  const silent = setup((registry) => ({ ...registry, get: () => new Promise(() => {}) }));
  await expect((await silent.process().enter("a")).leave(5)).resolves.toBeDefined();
});
