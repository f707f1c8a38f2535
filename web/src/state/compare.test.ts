import { expect, test } from "vitest";
import { comparisonOf } from "./compare.ts";
import { resolveRange, type RangeName } from "./ranges.ts";

const NOW = "2026-03-11T14:27";
const compare = (range: RangeName, mode: "previous" | "year" | "off") => {
  const period = resolveRange({ range }, NOW);
  return period && comparisonOf(period, mode, range, NOW);
};

test("a finished period is compared with the whole one before it", () => {
  expect(compare("yesterday", "previous")).toEqual({
    full: { start: "2026-03-09", end: "2026-03-10" },
    fair: { start: "2026-03-09", end: "2026-03-10" },
  });
  expect(compare("last-month", "previous")?.fair).toEqual({ start: "2026-01-01", end: "2026-02-01" });
});

test("an unfinished period is compared with as much of the earlier one, cut to five minutes", () => {
  expect(compare("today", "previous")).toEqual({
    full: { start: "2026-03-10", end: "2026-03-11" },
    fair: { start: "2026-03-10", end: "2026-03-10T14:25", whole: "2026-03-11" },
  });
  expect(compare("7d", "previous")?.fair).toEqual({
    start: "2026-02-26",
    end: "2026-03-04T14:25",
    whole: "2026-03-05",
  });
  expect(compare("24h", "previous")?.fair).toEqual({
    start: "2026-03-09T15:00",
    end: "2026-03-10T14:25",
    whole: "2026-03-10T15:00",
  });
});

test("to-date ranges go back by what they are named after", () => {
  expect(compare("month", "previous")?.fair).toMatchObject({ start: "2026-02-01", end: "2026-02-11T14:25" });
  expect(compare("year", "previous")?.fair).toMatchObject({ start: "2025-01-01", end: "2025-03-11T14:25" });
  expect(compare("12mo", "previous")?.fair).toMatchObject({ start: "2024-04-01", end: "2025-03-11T14:25" });
});

test("the same period last year keeps its dates where it has them from the calendar, else its weekdays", () => {
  expect(compare("last-month", "year")?.full).toEqual({ start: "2025-02-01", end: "2025-03-01" });
  expect(compare("today", "year")?.full).toEqual({ start: "2025-03-11", end: "2025-03-12" });
  expect(compare("7d", "year")?.full).toEqual({ start: "2025-03-06", end: "2025-03-13" });
});

test("weekdays are compared with the same weekdays", () => {
  const weekday = (wall = "") => new Date(`${wall}T00:00Z`).getUTCDay();
  for (const range of ["7d", "30d", "91d"] as const) {
    const period = resolveRange({ range }, NOW);
    for (const mode of ["previous", "year"] as const) {
      const before = compare(range, mode)?.full;
      expect(weekday(before?.start)).toBe(weekday(period?.start));
      expect(before && period && before.end <= period.start).toBe(true);
    }
  }
});

test("nothing is compared when switched off, nor all time", () => {
  expect(compare("7d", "off")).toBeUndefined();
  expect(comparisonOf({ start: "2015-05-17", end: "2015-05-21" }, "previous", "all", NOW)).toBeUndefined();
});

test("in the first minutes of a period the comparison is not empty", () => {
  const period = { start: "2026-03-11", end: "2026-03-12" };
  const fair = comparisonOf(period, "previous", "today", "2026-03-11T00:02")?.fair;
  expect(fair && fair.end > fair.start).toBe(true);
});
