import { expect, test } from "vitest";
import { capacity, simulate, type Pipeline, type Traffic } from "./model.ts";

const pipeline: Pipeline = {
  collectors: 2,
  batchMessages: 100,
  windowSeconds: 1,
  secondsPerBatch: 0.1,
  secondsPerEvent: 0.001,
  storeEventsPerSecond: 1_000,
};
const steady = (eventsPerSecond: number, seconds = 600): Traffic => ({
  seconds,
  eventsPerMessage: 5,
  eventsPerSecond: () => eventsPerSecond,
  storeIsUp: () => true,
});

test("below capacity everything is stored within the window, and nothing piles up", () => {
  const run = simulate(pipeline, steady(500));
  expect(run).toMatchObject({ events: 300_000, notStoredAtEnd: 0, lagSeconds: { p50: 1, p99: 1, max: 1 } });
});

test("above the store's capacity exactly the rest waits: nothing is lost and nothing is stored twice", () => {
  const run = simulate(pipeline, steady(1_500));
  expect(run.notStoredAtEnd).toBe(600 * 500);
  expect(run.peakBacklogMessages).toBe((600 * 500) / 5);
});

test("a spike is worked off afterwards, as fast as what is left of the capacity", () => {
  const spike = { ...steady(500, 2_000), eventsPerSecond: (second: number) => (second < 100 ? 2_000 : 500) };
  const run = simulate(pipeline, spike);
  // 100 s gather 100,000 events too many, worked off at 500 a second: the last of them came at second 99 and waits 100 s.
  expect(run.lagSeconds.max).toBeGreaterThanOrEqual(100);
  expect(run.lagSeconds.max).toBeLessThanOrEqual(103);
  expect(run.notStoredAtEnd).toBe(0);
});

test("an outage of the store only delays", () => {
  const outage = { ...steady(200, 3_000), storeIsUp: (second: number) => second < 100 || second >= 700 };
  const run = simulate(pipeline, outage);
  expect(run.lagSeconds.max).toBe(601);
  expect(run.notStoredAtEnd).toBe(0);
});

test("neither more collectors than the store can take nor a single one changes what a second can hold", () => {
  expect(capacity({ ...pipeline, collectors: 100 }, 5, 10_000)).toBe(200);
  expect(capacity({ ...pipeline, collectors: 1, storeEventsPerSecond: 1e9 }, 5, 10_000)).toBeCloseTo(100 / 0.6);
});
