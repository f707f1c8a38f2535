import { describe, expect, test } from "vitest";
import {
  addUnits,
  dateIn,
  nextClockChange,
  offsetAt,
  parseZone,
  startOf,
  UTC,
  wallTime,
  zoneId,
  type Zone,
} from "./zone.ts";

const named = (name: string): Zone => ({ kind: "named", name });
const BERLIN = named("Europe/Berlin");
const at = (iso: string) => Date.parse(iso);
const iso = (ms: number) => new Date(ms).toISOString();

describe("parseZone", () => {
  test("a zone that was read before is read the same again, in any spelling", () => {
    const paris = { kind: "named", name: "Europe/Paris" };
    for (const spelling of ["Europe/Paris", "europe/PARIS", "Europe/Paris", "europe/PARIS"])
      expect(parseZone(spelling)).toEqual(paris);
  });

  test("takes names in any case and seconds east of UTC as number or text", () => {
    expect(parseZone("europe/berlin")).toEqual(BERLIN);
    expect(parseZone(-18_000)).toEqual({ kind: "offset", seconds: -18_000 });
    expect(parseZone("19800")).toEqual({ kind: "offset", seconds: 19_800 });
    expect(parseZone(0)).toEqual(UTC);
  });

  test.each(["Mars/Base", "+05:00", "", 30, 70_000, null, ["UTC"], ["3600"]])("refuses %j", (input) => {
    expect(() => parseZone(input)).toThrow(expect.objectContaining({ code: "InvalidParameterError" }) as Error);
  });
});

test("a name that is no zone's is told, and not at any length", () => {
  const refused = (text: string) => `timezone "${text}" is not a known time zone.`;
  expect(() => parseZone("Mars/Base")).toThrow(refused("Mars/Base"));
  expect(() => parseZone("x".repeat(61))).toThrow(refused("x".repeat(60)));
  expect(() => parseZone(null)).toThrow("timezone must be a zone name or a number of seconds east of UTC.");
});

test("an offset is whole minutes, within 18 hours", () => {
  for (const seconds of [18 * 3_600, -18 * 3_600]) expect(parseZone(seconds)).toEqual({ kind: "offset", seconds });
  for (const seconds of [18 * 3_600 + 60, -18 * 3_600 - 60, 61]) {
    expect(() => parseZone(seconds)).toThrow(
      `timezone ${seconds} is not an offset in whole minutes within 18 hours of UTC.`,
    );
  }
});

test("a zone is written as its name or its offset", () => {
  expect(zoneId(BERLIN)).toBe("Europe/Berlin");
  expect(zoneId({ kind: "offset", seconds: -19_800 })).toBe("-05:30");
  expect(zoneId({ kind: "offset", seconds: 3600 })).toBe("+01:00");
});

describe("startOf", () => {
  test("weeks start on Sunday, on a Sunday too", () => {
    expect(iso(startOf("week", at("2026-03-11T15:00Z"), UTC))).toBe("2026-03-08T00:00:00.000Z");
    expect(iso(startOf("week", at("2026-03-08T00:00Z"), UTC))).toBe("2026-03-08T00:00:00.000Z");
    expect(iso(startOf("week", at("2026-03-07T23:59Z"), UTC))).toBe("2026-03-01T00:00:00.000Z");
  });

  test("a day starts at the zone's midnight", () => {
    expect(iso(startOf("day", at("2026-07-01T21:59Z"), BERLIN))).toBe("2026-06-30T22:00:00.000Z");
    expect(iso(startOf("day", at("2026-07-01T22:00Z"), BERLIN))).toBe("2026-07-01T22:00:00.000Z");
  });

  test("where midnight does not exist the day starts at the first instant that does", () => {
    // Santiago moves its clocks at midnight: 6 September 2026 begins at 01:00.
    expect(iso(startOf("day", at("2026-09-06T12:00Z"), named("America/Santiago")))).toBe("2026-09-06T04:00:00.000Z");
  });

  test("months and years start on their first day in the zone", () => {
    expect(iso(startOf("month", at("2026-03-31T22:30Z"), BERLIN))).toBe("2026-03-31T22:00:00.000Z");
    expect(iso(startOf("year", at("2025-12-31T23:30Z"), BERLIN))).toBe("2025-12-31T23:00:00.000Z");
  });

  test("hours of a zone with a half hour start at the half hour", () => {
    expect(iso(startOf("hour", at("2026-01-01T00:10Z"), named("Asia/Kolkata")))).toBe("2025-12-31T23:30:00.000Z");
  });
});

describe("addUnits", () => {
  test("a day may have 23 or 25 hours", () => {
    expect(iso(addUnits("day", 1, at("2026-03-28T23:00Z"), BERLIN))).toBe("2026-03-29T22:00:00.000Z");
    expect(iso(addUnits("day", 1, at("2026-10-24T22:00Z"), BERLIN))).toBe("2026-10-25T23:00:00.000Z");
  });

  test("hours are hours, also when the clock jumps", () => {
    expect(iso(addUnits("hour", 2, at("2026-03-29T00:00Z"), BERLIN))).toBe("2026-03-29T02:00:00.000Z");
  });

  test("a month after 31 January is the last of February", () => {
    expect(iso(addUnits("month", 1, at("2026-01-31T00:00Z"), UTC))).toBe("2026-02-28T00:00:00.000Z");
    expect(iso(addUnits("month", -1, at("2024-03-31T00:00Z"), UTC))).toBe("2024-02-29T00:00:00.000Z");
  });
});

test("wall time that comes twice is the earlier one, that is skipped the later one", () => {
  expect(iso(wallTime("2026-10-25T02:30:00", BERLIN))).toBe("2026-10-25T00:30:00.000Z");
  expect(iso(wallTime("2026-03-29T02:30:00", BERLIN))).toBe("2026-03-29T01:30:00.000Z");
});

test("the date of an instant depends on the zone", () => {
  expect(dateIn(UTC, at("2026-12-31T23:30Z"))).toBe("2026-12-31");
  expect(dateIn(BERLIN, at("2026-12-31T23:30Z"))).toBe("2027-01-01");
});

test("the offset is the wall clock's lead over UTC, and the next change is when it changes", () => {
  expect(offsetAt(BERLIN, at("2026-07-01T00:00Z"))).toBe(2 * 3_600_000);
  expect(offsetAt({ kind: "offset", seconds: -19_800 }, 0)).toBe(-19_800_000);
  expect(iso(nextClockChange(BERLIN, at("2026-07-01T00:00Z")))).toBe("2026-10-25T01:00:00.000Z");
  expect(nextClockChange(UTC, 0)).toBe(Number.POSITIVE_INFINITY);
});
