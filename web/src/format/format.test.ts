import { expect, test } from "vitest";
import { ageText, bucketFormat, periodText } from "./date.ts";
import { valueName } from "./names.ts";
import { duration, numberFormat } from "./number.ts";

const en = numberFormat("en-US");

test("numbers follow the locale", () => {
  expect(en.count(1234567)).toBe("1,234,567");
  expect(numberFormat("de-DE").count(1234567)).toBe("1.234.567");
});

test("cards write counts out up to a million, axes shorten from ten thousand on", () => {
  expect(en.figure(46_234, "count")).toBe("46,234");
  expect(en.figure(1_234_567, "count")).toBe("1.2M");
  expect(en.short(46_234, "count")).toBe("46.2K");
  expect(en.short(9_999, "count")).toBe("9,999");
});

test("a missing value is a dash, never zero", () => {
  expect(en.value(null, "percent")).toBe("–");
  expect(en.value(0, "percent")).toBe("0%");
});

test("a change has its sign; a tenfold one is a multiple", () => {
  expect(en.change(0.123)).toBe("+12%");
  expect(en.change(-0.5)).toBe("-50%");
  expect(en.change(0)).toBe("0%");
  expect(en.change(24)).toBe("×25");
});

test("durations carry over and never show sixty", () => {
  expect(duration(0)).toBe("0s");
  expect(duration(59_600)).toBe("1m 00s");
  expect(duration(185_000)).toBe("3m 05s");
  expect(duration(3_599_600)).toBe("1h 00m");
});

test("a period names its own calendar's unit where it is one", () => {
  expect(periodText("en-GB", { start: "2015-05-01", end: "2015-06-01" })).toBe("May 2015");
  expect(periodText("en-GB", { start: "2015-01-01", end: "2016-01-01" })).toBe("2015");
  expect(periodText("en-GB", { start: "2015-05-17", end: "2015-05-18" })).toBe("17 May 2015");
  expect(periodText("en-GB", { start: "2015-05-17", end: "2015-05-21" })).toMatch(/^17\W+20 May 2015$/);
});

test("bucket labels are in the project's zone", () => {
  const start = Date.UTC(2015, 4, 17, 22);
  expect(bucketFormat("en-GB", "Europe/Berlin", "day", false).short(start)).toBe("18 May");
  expect(bucketFormat("en-GB", "UTC", "hour", false).short(start)).toBe("22:00");
});

test("country codes become names, a missing value becomes words", () => {
  const name = valueName("en");
  expect(name("$geo.country", "DE")).toBe("Germany");
  expect(name("$geo.country", null)).toBe("Unknown");
  expect(name("plan", "DE")).toBe("DE");
  expect(name("plan", "")).toBe("(empty)");
});

test("an age is told in the largest unit that fits", () => {
  expect(ageText("en", 12_000)).toBe("12 sec. ago");
  expect(ageText("en", 125_000)).toBe("2 min. ago");
});
