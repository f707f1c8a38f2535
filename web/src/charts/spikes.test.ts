import { expect, test } from "vitest";
import { metricOf } from "../state/metrics.ts";
import type { ChartPoint } from "./points.ts";
import { spikesAmong } from "./spikes.ts";

const points = (...values: (number | null)[]) => values.map((solid, at) => ({ at, solid }) as ChartPoint);

test("a bucket far above the others is marked with what is usual; the one that has not ended is neither", () => {
  expect([...spikesAmong(points(10, 12, 11, 90, 9, 10, null), metricOf("visits"))]).toEqual([[3, 10.4]]);
  expect(spikesAmong(points(null, 10, 12, 11, 90), metricOf("visits"))).toEqual(new Map([[4, 11]]));
  expect(spikesAmong(points(1, 1, 1, 9, 1), metricOf("visits")).size).toBe(0);
  expect(spikesAmong(points(10, 12, 11, 90, 9, 10), metricOf("sum")).size).toBe(0);
});
