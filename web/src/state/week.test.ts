import { expect, test } from "vitest";
import { weekOf, type HourCount } from "./week.ts";

const HOUR_MS = 3_600_000;
/** A Monday in Berlin, at midnight in UTC: one o'clock there. */
const MONDAY = Date.UTC(2026, 0, 5);
const hours = (count: number, of: (at: number) => number): HourCount[] =>
  Array.from({ length: count }, (_, at) => ({
    start: MONDAY + at * HOUR_MS,
    end: MONDAY + (at + 1) * HOUR_MS,
    count: of(at),
  }));

test("an hour of the week is the average of those that have passed, in the project's zone", () => {
  // Eight days: two Mondays from 1:00 on.
  const week = weekOf(
    hours(8 * 24, (at) => at),
    "Europe/Berlin",
    Infinity,
  );
  expect(week[0]?.[1]).toEqual({ average: (0 + 7 * 24) / 2, hours: 2 });
  expect(week[1]?.[1]).toEqual({ average: 24, hours: 1 });
  expect(week[0]?.[0]).toEqual({ average: 7 * 24 - 1, hours: 1 });
});

test("an hour that is not over is none of them", () => {
  const week = weekOf(
    hours(2, () => 5),
    "UTC",
    MONDAY + 1.5 * HOUR_MS,
  );
  expect(week[0]?.[0]).toEqual({ average: 5, hours: 1 });
  expect(week[0]?.[1]).toEqual({ average: null, hours: 0 });
});

test("the hour that comes twice when clocks are set back is two, and the one that is left out none", () => {
  const back = weekOf(
    [1, 2].map((n) => ({ start: Date.UTC(2026, 9, 25, n - 1), end: Date.UTC(2026, 9, 25, n), count: n })),
    "Europe/Berlin",
    Infinity,
  );
  expect(back[6]?.[2]).toEqual({ average: 1.5, hours: 2 });
});
