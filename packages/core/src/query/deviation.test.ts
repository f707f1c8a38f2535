import { expect, test } from "vitest";
import { deviationNote } from "./deviation.ts";

const FOUR_BILLION = 1e-6 / Number.EPSILON;

test.each([
  ["prices", 20, 5],
  ["a mean of zero", 0, 1e-12],
  ["times in milliseconds that are a day apart", 1.77e12, 86_400_000],
  ["just near enough", FOUR_BILLION * 0.999, 1],
  ["and of negative numbers", -FOUR_BILLION * 0.999, 1],
])("a deviation is sure to a millionth: %s", (_, mean, deviation) => {
  expect(deviationNote(mean, deviation)).toBeUndefined();
});

test.each([
  ["times in milliseconds that are nearly equal", 1.77e12, 0.001],
  ["just too far from zero", FOUR_BILLION * 1.001, 1],
  ["on the other side of it", -FOUR_BILLION * 1.001, 1],
])("or the answer says that it may not be: %s", (_, mean, deviation) => {
  expect(deviationNote(mean, deviation)).toBe(
    "standard_deviation may be off by more than a millionth of itself: the numbers are over four billion times further from zero than from each other.",
  );
});
