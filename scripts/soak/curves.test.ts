import { expect, test } from "vitest";
import { drawCurve, judge } from "./curves.ts";

const times = (count: number, of: (at: number) => number) => Array.from({ length: count }, (_, at) => of(at));

test("what warms up and then stays is no growth, nor is one peak", () => {
  expect(judge("memory", [...times(25, (at) => 10 * at), ...times(75, () => 250)])).toMatchObject({ holds: true });
  expect(
    judge(
      "memory",
      times(100, (at) => (at === 90 ? 9_000 : 250)),
    ).holds,
  ).toBe(true);
});

test("what grows all the time is, and no sample at all proves nothing", () => {
  expect(
    judge(
      "memory",
      times(100, (at) => 100 + 10 * at),
    ),
  ).toEqual({ before: 470, after: 970, holds: false });
  expect(
    judge(
      "handles",
      times(100, (at) => 50 + at),
    ).holds,
  ).toBe(false);
  expect(judge("lag", []).holds).toBe(false);
});

test("a curve shows its peaks, from zero to the highest", () => {
  expect(drawCurve([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe("▁▂▃▄▅▆▇█");
  expect(drawCurve([0, 0, 0, 9, 0, 0, 0, 0], 2)).toBe("█▁");
  expect(drawCurve([3], 8)).toBe("█");
});
