import { expect, test } from "vitest";
import type { SeriesPoint } from "../questions/totals.ts";
import { metricOf } from "../state/metrics.ts";
import { chartPoints, linePartsOf } from "./points.ts";

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
      numberSum: 0,
      numbers: 0,
      engagedMs: 0,
      events: 0,
      exact: true,
      visitsExact: true,
    },
  }));

test("what has not begun has no value: the line ends at now instead of falling to zero", () => {
  const points = chartPoints(metricOf("views"), series(3, 5, 0, 0), undefined, {
    format,
    nowMs: 1.5 * HOUR,
    wholeMs: HOUR,
  });
  expect(points.map((p) => p.value)).toEqual([3, 5, null, null]);
});

test("the step into the unfinished bucket is drawn apart from the finished line", () => {
  const points = chartPoints(metricOf("views"), series(3, 5, 0), undefined, {
    format,
    nowMs: 1.5 * HOUR,
    wholeMs: HOUR,
  });
  expect(points.map((p) => p.solid)).toEqual([3, null, null]);
  expect(points.map((p) => p.tail)).toEqual([3, 5, null]);
  expect(points.map((p) => p.unfinished)).toEqual([false, true, false]);
});

test("a finished period is one solid line", () => {
  const points = chartPoints(metricOf("views"), series(3, 5), undefined, { format, nowMs: 99 * HOUR, wholeMs: HOUR });
  expect(points.map((p) => p.solid)).toEqual([3, 5]);
  expect(points.map((p) => p.tail)).toEqual([null, null]);
});

test("the earlier period is joined by position and keeps its own dates", () => {
  const points = chartPoints(metricOf("views"), series(3, 5), series(1).slice(0, 1), {
    format,
    nowMs: 99 * HOUR,
    wholeMs: HOUR,
  });
  expect(points.map((p) => p.earlier)).toEqual([1, null]);
  expect(points.map((p) => p.earlierLong)).toEqual(["at 0", undefined]);
});

test("a bucket that an end of the range has cut is marked, and no solid line leaves it", () => {
  const [first, ...rest] = series(2, 7, 8);
  const cut = first && { ...first, start: first.end - HOUR / 4 };
  const points = chartPoints(metricOf("views"), cut ? [cut, ...rest] : [], undefined, {
    format,
    nowMs: 99 * HOUR,
    wholeMs: HOUR,
  });
  expect(points.map((p) => p.cut)).toEqual([true, false, false]);
  expect(points.map((p) => p.solid)).toEqual([null, 7, 8]);
  expect(points.map((p) => p.tail)).toEqual([2, 7, null]);
});

test("a line of any series has its steps around now drawn apart, and is whole where now is elsewhere", () => {
  const buckets = [0, 1, 2].map((at) => ({ start: at * HOUR, end: (at + 1) * HOUR }));
  expect(linePartsOf([3, 5, 1], buckets, 2.5 * HOUR)).toEqual({ solid: [3, 5, null], tail: [null, 5, 1] });
  expect(linePartsOf([3, 5, 1], buckets, 3 * HOUR)).toEqual({ solid: [3, 5, 1], tail: [null, null, null] });
});
