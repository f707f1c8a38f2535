import { expect, test } from "vitest";
import { trendOf } from "./trend.ts";

const times = <T>(count: number, of: (at: number) => T) => Array.from({ length: count }, (_, at) => of(at));
const MEMORY = { growth: 1.25, slack: 64 };

test("what warms up and then stays is no growth, nor is one peak", () => {
  expect(trendOf([...times(25, (at) => 10 * at), ...times(75, () => 250)], MEMORY)).toEqual({
    before: 250,
    after: 250,
    holds: true,
  });
  const peak = times(100, (at) => (at === 90 ? 9_000 : 250));
  expect(trendOf(peak, MEMORY).holds).toBe(true);
});

test("what grows all the time is: beyond the factor and what is allowed beside it, not up to them", () => {
  const grown = times(100, (at) => 100 + 10 * at);
  expect(trendOf(grown, MEMORY)).toEqual({ before: 470, after: 970, holds: false });
  expect(trendOf(grown, { growth: 1, slack: 500 }).holds).toBe(true);
  expect(trendOf(grown, { growth: 1, slack: 499 }).holds).toBe(false);
});

test("no sample proves nothing, and neither does a system that does not say", () => {
  expect(trendOf([], MEMORY).holds).toBe(false);
  expect(trendOf([1, 2, 3], MEMORY).holds).toBe(false);
  const unknown = times(100, () => undefined);
  expect(trendOf(unknown, MEMORY).holds).toBe(false);
  // Unknown at first and in between, and growing where it is known.
  const gaps = times(100, (at) => (at % 2 || at < 40 ? undefined : 10 * at));
  expect(trendOf(gaps, MEMORY).holds).toBe(false);
});
