import { expect, test } from "vitest";
import { differs, rateOf, STEPS } from "./widget-rates.ts";

const COUNTS = { shown: 200, seen: 100, used: 20, converted: 10 };

test("a rate is of those who could have: used of seen, converted of shown", () => {
  expect(STEPS.map((step) => rateOf(COUNTS, step))).toEqual([null, 0.5, 0.2, 0.05]);
  expect(rateOf({ ...COUNTS, shown: 0, seen: 0 }, STEPS[2])).toBeNull();
});

test("a difference is told from chance, and few numbers tell nothing", () => {
  // z = 3.12 and 1.44.
  expect(differs([50, 1000], [85, 1000])).toBe(true);
  expect(differs([50, 1000], [65, 1000])).toBe(false);
  expect(differs([1, 10], [3, 10])).toBeUndefined();
  expect(differs([0, 0], [0, 0])).toBeUndefined();
});
