import { describe, expect, test } from "vitest";
import { addUnits, dateIn, parseZone, startOf, unitStarts, UTC, wallTime, zoneId, type Zone } from "./zone.ts";

const named = (name: string): Zone => ({ kind: "named", name });
const BERLIN = named("Europe/Berlin");
const LORD_HOWE = named("Australia/Lord_Howe");
const at = (iso: string) => Date.parse(iso);
const iso = (ms: number) => new Date(ms).toISOString();

describe("parseZone", () => {
  test("takes names in any case and seconds east of UTC as number or text", () => {
    expect(parseZone("europe/berlin")).toEqual(BERLIN);
    expect(parseZone(-18_000)).toEqual({ kind: "offset", seconds: -18_000 });
    expect(parseZone("19800")).toEqual({ kind: "offset", seconds: 19_800 });
    expect(parseZone(0)).toEqual(UTC);
  });

  test.each(["Mars/Base", "+05:00", "", 30, 70_000, null, ["UTC"]])("refuses %j", (input) => {
    expect(() => parseZone(input)).toThrow(expect.objectContaining({ code: "InvalidParameterError" }) as Error);
  });
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

describe("unitStarts", () => {
  test("the hour that comes twice is two units, the one that is skipped none", () => {
    const autumn = unitStarts("hour", at("2026-10-24T23:00Z"), at("2026-10-25T03:00Z"), BERLIN, 10);
    expect(autumn.map(iso)).toEqual([
      "2026-10-24T23:00:00.000Z",
      "2026-10-25T00:00:00.000Z",
      "2026-10-25T01:00:00.000Z",
      "2026-10-25T02:00:00.000Z",
    ]);
    const spring = unitStarts("hour", at("2026-03-29T00:00Z"), at("2026-03-29T02:00Z"), BERLIN, 10);
    expect(spring.map(iso)).toEqual(["2026-03-29T00:00:00.000Z", "2026-03-29T01:00:00.000Z"]);
  });

  test("with clocks that go back by half an hour, starts always increase and cover the night", () => {
    const starts = unitStarts("hour", at("2026-04-04T13:00Z"), at("2026-04-04T18:00Z"), LORD_HOWE, 20);
    for (const [i, start] of starts.entries()) {
      const before = starts[i - 1];
      if (before !== undefined) expect(start).toBeGreaterThan(before);
    }
    expect(starts[0]).toBe(at("2026-04-04T13:00Z"));
    expect((starts.at(-1) ?? 0) >= at("2026-04-04T17:00Z")).toBe(true);
    expect(unitStarts("day", at("2026-04-03T13:00Z"), at("2026-04-06T13:30Z"), LORD_HOWE, 10).map(iso)).toEqual([
      "2026-04-03T13:00:00.000Z",
      "2026-04-04T13:00:00.000Z",
      "2026-04-05T13:30:00.000Z",
    ]);
  });

  test("stops at the limit, so that too many can be told", () => {
    expect(unitStarts("minute", 0, at("2026-01-01T00:00Z"), UTC, 5)).toHaveLength(5);
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
