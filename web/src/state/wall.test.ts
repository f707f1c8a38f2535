import { expect, test } from "vitest";
import { addDays, addHours, addMonths, daysBetween, isWall, monthsBetween, wallNow } from "./wall.ts";

test("the wall clock is that of the project's zone, not of the reader", () => {
  const at = Date.UTC(2026, 2, 1, 3, 30);
  expect(wallNow("UTC", at)).toBe("2026-03-01T03:30");
  expect(wallNow("America/New_York", at)).toBe("2026-02-28T22:30");
  expect(wallNow("Asia/Kolkata", at)).toBe("2026-03-01T09:00");
  expect(wallNow("UTC", Date.UTC(2026, 0, 1))).toBe("2026-01-01T00:00");
});

test("days and hours cross months, years and leap days", () => {
  expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
  expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
  expect(addHours("2025-12-31T23:00", 2)).toBe("2026-01-01T01:00");
  expect(daysBetween("2024-02-28", "2024-03-01")).toBe(2);
});

test("a month later is never in the month after", () => {
  expect(addMonths("2026-01-31", 1)).toBe("2026-02-28");
  expect(addMonths("2024-02-29", -12)).toBe("2023-02-28");
  expect(addMonths("2026-03-31T10:20", -1)).toBe("2026-02-28T10:20");
  expect(addMonths("2025-12-15", 1)).toBe("2026-01-15");
});

test("only whole calendar months count as months", () => {
  expect(monthsBetween("2015-05-01", "2015-06-01")).toBe(1);
  expect(monthsBetween("2015-01-01", "2016-01-01")).toBe(12);
  expect(monthsBetween("2015-05-02", "2015-06-02")).toBeUndefined();
});

test("a date that does not exist is no wall time", () => {
  expect(isWall("2026-02-29")).toBe(false);
  expect(isWall("2026-13-01")).toBe(false);
  expect(isWall("2024-02-29")).toBe(true);
  expect(isWall("2024-02-29T23:59")).toBe(true);
  expect(isWall("2024-02-29T24:01")).toBe(false);
  expect(isWall("yesterday")).toBe(false);
});
