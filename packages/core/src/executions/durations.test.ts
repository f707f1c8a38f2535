import { expect, test } from "vitest";
import { durationBucket, summarize, summarizeSpans } from "./durations.ts";

const counted = (durations: readonly number[], span = 0, weight = 1) =>
  durations.map((ms) => ({ span, bucket: durationBucket(ms), count: weight, failed: 0, cold: 0, maxMemory: 0 }));

test.each([0.2, 1, 3.7, 42, 999, 60_000, 900_000])(
  "a percentile of runs of %d ms is off by a fortieth at most",
  (ms) => {
    const { p50, p99 } = summarize(counted([ms, ms, ms]));
    for (const found of [p50, p99]) expect(Math.abs((found ?? 0) - ms) / ms).toBeLessThan(0.026);
  },
);

test("a run that stands for a hundred counts as a hundred: the slow ones, all of which are kept, do not become the median", () => {
  const { count, p50, p99 } = summarize([...counted([10], 0, 100), ...counted([5_000, 5_000, 5_000])]);
  expect(count).toBe(103);
  expect(p50).toBeLessThan(11);
  expect(p99).toBeGreaterThan(4_800);
});

test("spans of time without a run are there, with nothing to tell", () => {
  const spans = summarizeSpans([0, 60, 120], counted([5], 1));
  expect(spans).toEqual([
    { from: 0, to: 60, count: 0, failed: 0, cold: 0, p50: null, p95: null, p99: null, maxMemory: null },
    expect.objectContaining({ from: 60, to: 120, count: 1 }),
  ]);
});
