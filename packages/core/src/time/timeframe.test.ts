import { describe, expect, test } from "vitest";
import { hullOf, resolveTimeframe, type Timeframe } from "./timeframe.ts";
import { UTC, type CalendarUnit, type Zone } from "./zone.ts";

/** A Wednesday. */
const NOW = Date.parse("2026-03-11T15:20:30.500Z");

function resolved(side: "this" | "previous", count: number, unit: CalendarUnit, zone: Zone = UTC, now = NOW): string[] {
  const { start, end } = resolveTimeframe({ kind: "relative", side, count, unit }, now, zone);
  return [start, end].map((ms) => new Date(ms).toISOString().replace(":00.000Z", "Z"));
}

describe("relative timeframes", () => {
  test("this_N_units holds the whole current unit, its future included", () => {
    expect(resolved("this", 1, "day")).toEqual(["2026-03-11T00:00Z", "2026-03-12T00:00Z"]);
    expect(resolved("this", 7, "day")).toEqual(["2026-03-05T00:00Z", "2026-03-12T00:00Z"]);
    expect(resolved("this", 1, "week")).toEqual(["2026-03-08T00:00Z", "2026-03-15T00:00Z"]);
    expect(resolved("this", 3, "month")).toEqual(["2026-01-01T00:00Z", "2026-04-01T00:00Z"]);
    expect(resolved("this", 2, "minute")).toEqual(["2026-03-11T15:19Z", "2026-03-11T15:21Z"]);
  });

  test("previous_N_units ends where the current unit begins", () => {
    expect(resolved("previous", 1, "day")).toEqual(["2026-03-10T00:00Z", "2026-03-11T00:00Z"]);
    expect(resolved("previous", 2, "week")).toEqual(["2026-02-22T00:00Z", "2026-03-08T00:00Z"]);
    expect(resolved("previous", 1, "year")).toEqual(["2025-01-01T00:00Z", "2026-01-01T00:00Z"]);
  });

  test("this and previous meet without gap or overlap", () => {
    for (const unit of ["minute", "hour", "day", "week", "month", "year"] as const) {
      expect(resolved("previous", 1, unit)[1]).toBe(resolved("this", 1, unit)[0]);
    }
  });

  test("the zone decides which day it is, and how long", () => {
    const berlin: Zone = { kind: "named", name: "Europe/Berlin" };
    const now = Date.parse("2026-03-29T12:00Z");
    expect(resolved("this", 1, "day", berlin, now)).toEqual(["2026-03-28T23:00Z", "2026-03-29T22:00Z"]);
    expect(resolved("this", 1, "day", { kind: "offset", seconds: -18_000 }, Date.parse("2026-03-11T04:00Z"))).toEqual([
      "2026-03-10T05:00Z",
      "2026-03-11T05:00Z",
    ]);
  });
});

test("an absolute timeframe is itself, whatever the zone", () => {
  const timeframe: Timeframe = { kind: "absolute", start: 1, end: 2 };
  expect(resolveTimeframe(timeframe, NOW, { kind: "offset", seconds: 3600 })).toEqual({ start: 1, end: 2 });
});

test.each([
  [
    "of several, from the first start to the last end",
    [
      { start: 5, end: 6 },
      { start: 1, end: 3 },
      { start: 2, end: 9 },
    ],
    { start: 1, end: 9 },
  ],
  ["of one, itself", [{ start: 1, end: 3 }], { start: 1, end: 3 }],
  ["of none, nothing", [], undefined],
  ["of all time and another, all time", [{ start: 1, end: 3 }, undefined], undefined],
])("the shortest time that holds all: %s", (_, ranges, expected) => {
  expect(hullOf(ranges)).toEqual(expected);
});
