import { expect, test } from "vitest";
import { intervalFor, intervalsFor } from "./interval.ts";

test.each([
  ["2026-03-11", "2026-03-12", "hour"],
  ["2026-03-05", "2026-03-12", "day"],
  ["2025-12-11", "2026-03-12", "day"],
  ["2025-10-01", "2026-03-12", "week"],
  ["2020-01-01", "2026-03-12", "month"],
] as const)("%s to %s is drawn by %s", (start, end, by) => {
  expect(intervalFor({ start, end }, undefined)).toBe(by);
});

test("a chosen width holds while it fits and never makes thousands of points", () => {
  expect(intervalFor({ start: "2026-03-05", end: "2026-03-12" }, "hour")).toBe("hour");
  expect(intervalFor({ start: "2016-01-01", end: "2026-01-01" }, "hour")).toBe("month");
  expect(intervalsFor({ start: "2016-01-01", end: "2026-01-01" })).not.toContain("day");
});

test("a day offers hours only: one point is no line", () => {
  expect(intervalsFor({ start: "2026-03-11", end: "2026-03-12" })).toEqual(["hour"]);
});
