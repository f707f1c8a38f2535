import { expect, test } from "vitest";
import type { SeriesPoint } from "../questions/totals.ts";
import { metricOf } from "../state/metrics.ts";
import { chartPoints } from "./points.ts";

const HOUR = 3_600_000;
const format = { short: String, long: (start: number) => `at ${start / HOUR}` };
const series = (...views: number[]): SeriesPoint[] =>
  views.map((n, at) => ({
    start: at * HOUR,
    end: (at + 1) * HOUR,
    totals: {
      visitors: 0,
      visitViews: 0,
      visits: 0,
      views: n,
      stayed: 0,
      bounced: null,
      engagedMs: 0,
      events: 0,
      exact: true,
    },
  }));

test("what has not begun has no value: the line ends at now instead of falling to zero", () => {
  const points = chartPoints(metricOf("views"), series(3, 5, 0, 0), undefined, format, 1.5 * HOUR);
  expect(points.map((p) => p.value)).toEqual([3, 5, null, null]);
});

test("the step into the unfinished bucket is drawn apart from the finished line", () => {
  const points = chartPoints(metricOf("views"), series(3, 5, 0), undefined, format, 1.5 * HOUR);
  expect(points.map((p) => p.solid)).toEqual([3, null, null]);
  expect(points.map((p) => p.tail)).toEqual([3, 5, null]);
  expect(points.map((p) => p.unfinished)).toEqual([false, true, false]);
});

test("a finished period is one solid line", () => {
  const points = chartPoints(metricOf("views"), series(3, 5), undefined, format, 99 * HOUR);
  expect(points.map((p) => p.solid)).toEqual([3, 5]);
  expect(points.map((p) => p.tail)).toEqual([null, null]);
});

test("the earlier period is joined by position and keeps its own dates", () => {
  const points = chartPoints(metricOf("views"), series(3, 5), series(1).slice(0, 1), format, 99 * HOUR);
  expect(points.map((p) => p.earlier)).toEqual([1, null]);
  expect(points.map((p) => p.earlierLong)).toEqual(["at 0", undefined]);
});
