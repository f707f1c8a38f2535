import { expect, test } from "vitest";
import { identityTimes } from "./identity-ranges.ts";

const HOUR = 3_600_000;

test("nothing has no range, neighbours share one", () => {
  expect(identityTimes([])).toEqual({ ranges: [], strays: [] });
  expect(identityTimes([7, 5, 6, 5])).toEqual({ ranges: [[5, 7]], strays: [] });
});

test("one wild id gets a range of its own instead of widening the others'", () => {
  expect(identityTimes([HOUR * 1000, HOUR * 1000 + 5, 0]).ranges).toEqual([
    [0, 0],
    [HOUR * 1000, HOUR * 1000 + 5],
  ]);
});

test("ids strewn over fifty years: no range spans a gap, and every time is in a range or alone", () => {
  const strewn = Array.from({ length: 500 }, (_, i) => i * 37 * 24 * HOUR);
  const together = Array.from({ length: 900 }, (_, i) => 20_000 * 24 * HOUR + i * 1_000);
  const times = [...strewn, ...together];
  const { ranges, strays } = identityTimes(times);
  expect(ranges).toHaveLength(8);
  expect(ranges.every(([from, to]) => to - from < HOUR)).toBe(true);
  expect(ranges).toContainEqual([together[0], together.at(-1)]);
  for (const time of times) {
    const inRange = ranges.some(([from, to]) => from <= time && time <= to);
    expect(inRange || strays.includes(time)).toBe(true);
  }
});
