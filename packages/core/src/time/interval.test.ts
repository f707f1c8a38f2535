import { describe, expect, test } from "vitest";
import { bucketEdges, type Interval } from "./interval.ts";
import { UTC, type Zone } from "./zone.ts";

const BERLIN: Zone = { kind: "named", name: "Europe/Berlin" };
const calendar = (unit: "minute" | "hour" | "day" | "week" | "month" | "year"): Interval => ({
  kind: "calendar",
  unit,
});
const every = (count: number, unit: "hour" | "day" | "month"): Interval => ({ kind: "every", count, unit });

function edges(interval: Interval, start: string, end: string, zone: Zone = UTC): string[] {
  return bucketEdges(interval, { start: Date.parse(start), end: Date.parse(end) }, zone).map((ms) =>
    new Date(ms).toISOString().replace(":00.000Z", "Z"),
  );
}
const hours = (interval: Interval, start: string, end: string, zone: Zone): number[] => {
  const all = bucketEdges(interval, { start: Date.parse(start), end: Date.parse(end) }, zone);
  return all.slice(1).map((edge, i) => (edge - (all[i] ?? 0)) / 3_600_000);
};

describe("calendar intervals", () => {
  test("the first and last bucket are clipped to the timeframe", () => {
    expect(edges(calendar("week"), "2015-01-01T00:00Z", "2015-01-25T00:00Z")).toEqual([
      "2015-01-01T00:00Z",
      "2015-01-04T00:00Z",
      "2015-01-11T00:00Z",
      "2015-01-18T00:00Z",
      "2015-01-25T00:00Z",
    ]);
    expect(edges(calendar("day"), "2026-01-01T06:30Z", "2026-01-02T01:00Z")).toEqual([
      "2026-01-01T06:30Z",
      "2026-01-02T00:00Z",
      "2026-01-02T01:00Z",
    ]);
  });

  test("a timeframe within one unit is one bucket", () => {
    expect(edges(calendar("month"), "2026-01-05T00:00Z", "2026-01-06T00:00Z")).toHaveLength(2);
  });

  test("days have 23 and 25 hours where the clocks change, 24.5 on Lord Howe", () => {
    expect(hours(calendar("day"), "2026-03-27T23:00Z", "2026-03-30T22:00Z", BERLIN)).toEqual([24, 23, 24]);
    expect(hours(calendar("day"), "2026-10-23T22:00Z", "2026-10-26T23:00Z", BERLIN)).toEqual([24, 25, 24]);
    const lordHowe: Zone = { kind: "named", name: "Australia/Lord_Howe" };
    expect(hours(calendar("day"), "2026-04-03T13:00Z", "2026-04-06T13:30Z", lordHowe)).toEqual([24, 24.5, 24]);
    expect(hours(calendar("day"), "2026-10-02T13:30Z", "2026-10-05T13:00Z", lordHowe)).toEqual([24, 23.5, 24]);
  });

  test("hours through the changes stay hours", () => {
    expect(hours(calendar("hour"), "2026-10-24T22:00Z", "2026-10-25T23:00Z", BERLIN)).toEqual(Array(25).fill(1));
    expect(hours(calendar("hour"), "2026-03-28T23:00Z", "2026-03-29T22:00Z", BERLIN)).toEqual(Array(23).fill(1));
  });
});

describe("every_N intervals", () => {
  test("count from the start of the timeframe, not from the calendar; the last is clipped", () => {
    expect(edges(every(2, "day"), "2026-01-02T06:00Z", "2026-01-07T00:00Z")).toEqual([
      "2026-01-02T06:00Z",
      "2026-01-04T06:00Z",
      "2026-01-06T06:00Z",
      "2026-01-07T00:00Z",
    ]);
  });

  test("months from 31 January do not drift: each is counted from the start", () => {
    expect(edges(every(1, "month"), "2026-01-31T00:00Z", "2026-05-01T00:00Z")).toEqual([
      "2026-01-31T00:00Z",
      "2026-02-28T00:00Z",
      "2026-03-31T00:00Z",
      "2026-04-30T00:00Z",
      "2026-05-01T00:00Z",
    ]);
  });

  test("days keep the zone's wall time", () => {
    expect(hours(every(2, "day"), "2026-03-27T23:00Z", "2026-03-31T22:00Z", BERLIN)).toEqual([47, 48]);
  });
});

test("edges always increase, begin at the start and end at the end", () => {
  for (const zone of ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia"]) {
    for (const interval of [calendar("hour"), calendar("day"), calendar("week"), every(5, "hour")]) {
      const range = { start: Date.parse("2026-03-01T00:17Z"), end: Date.parse("2026-12-01T00:00Z") };
      const all = bucketEdges(interval, range, { kind: "named", name: zone });
      expect([all[0], all.at(-1)]).toEqual([range.start, range.end]);
      for (let i = 1; i < all.length; i++) expect(all[i]).toBeGreaterThan(all[i - 1] as number);
    }
  }
});

test("more than ten thousand buckets are an error that says so, never fewer buckets", () => {
  expect(() => edges(calendar("minute"), "2026-01-01T00:00Z", "2026-01-31T00:00Z")).toThrow(
    expect.objectContaining({ code: "InvalidIntervalError" }) as Error,
  );
});
