import { expect, test } from "vitest";
import { identityRanges } from "./identity-ranges.ts";

const HOUR = 3_600_000;

test("nothing has no range, neighbours share one", () => {
  expect(identityRanges([])).toEqual([]);
  expect(identityRanges([7, 5, 6, 5])).toEqual([[5, 7]]);
});

test("one wild id gets a range of its own instead of widening the others'", () => {
  expect(identityRanges([HOUR * 1000, HOUR * 1000 + 5, 0])).toEqual([
    [0, 0],
    [HOUR * 1000, HOUR * 1000 + 5],
  ]);
});

test("there are never more than eight ranges; the widest gaps stay open, and every time is in one", () => {
  const times = Array.from({ length: 40 }, (_, i) => i * i * HOUR);
  const ranges = identityRanges(times);
  expect(ranges).toHaveLength(8);
  for (const time of times) expect(ranges.some(([from, to]) => from <= time && time <= to)).toBe(true);
  expect(ranges.at(-1)).toEqual([39 * 39 * HOUR, 39 * 39 * HOUR]);
});
