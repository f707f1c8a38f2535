import { describe, expect, test } from "vitest";
import { metricPlan, NOON, TYPED } from "../contract/fixtures.ts";
import { parseZone } from "../time/zone.ts";
import { planComparison } from "./compare.ts";
import { EVERYTHING } from "./filter.ts";
import type { CompareTo, MetricQuery } from "./query.ts";
import { scopeQuery } from "./scope.ts";
import type { Interval } from "../time/interval.ts";
import type { CalendarUnit } from "../time/zone.ts";
import type { Timeframe } from "../time/timeframe.ts";

const calendar = (unit: CalendarUnit): Interval => ({ kind: "calendar", unit });
const absolute = (start: string, end: string): Timeframe => ({
  kind: "absolute",
  start: Date.parse(start),
  end: Date.parse(end),
});

function compare(timeframe: Timeframe | undefined, compareTo: CompareTo, interval?: Interval, zone = "UTC") {
  const asked: Partial<MetricQuery> = {
    ...(timeframe && { timeframe }),
    zone: parseZone(zone),
    ...(interval && { interval }),
  };
  const query = scopeQuery(
    {
      kind: "metric",
      collections: ["visits"],
      filter: EVERYTHING,
      bots: "include",
      measures: [{ label: "result", measure: { kind: "count" } }],
      single: true,
      groupBy: [],
      orderBy: [],
      zeroFill: true,
      compareTo,
      ...asked,
    } as MetricQuery,
    { project: "p" },
  );
  return planComparison(query, metricPlan("p", asked), { now: NOON, properties: TYPED });
}

test("what has no time cannot be compared with another", () => {
  expect(() => compare(undefined, PREVIOUS)).toThrow(
    expect.objectContaining({ code: "MissingParameterError", message: "compare_to needs a timeframe." }) as Error,
  );
});

const iso = (ms: number | undefined) => new Date(ms ?? Number.NaN).toISOString().slice(0, 16);
const PREVIOUS: CompareTo = { kind: "previous_period" };
const YEAR: CompareTo = { kind: "previous_year" };
const span = ({ start, end }: { start: number; end: number }) => [iso(start), iso(end)];

describe("the other time", () => {
  test.each<[title: string, timeframe: Timeframe, to: CompareTo, zone: string, expected: string[]]>([
    [
      "this month: the month before, whatever its length",
      { kind: "relative", side: "this", count: 1, unit: "month" },
      PREVIOUS,
      "UTC",
      ["2026-02-01T00:00", "2026-03-01T00:00"],
    ],
    [
      "days over a change of clocks are days",
      absolute("2026-03-27T23:00Z", "2026-03-30T22:00Z"),
      PREVIOUS,
      "Europe/Berlin",
      ["2026-03-24T23:00", "2026-03-27T23:00"],
    ],
    [
      "no whole days: as long before",
      absolute("2026-03-10T06:00Z", "2026-03-10T09:30Z"),
      PREVIOUS,
      "UTC",
      ["2026-03-10T02:30", "2026-03-10T06:00"],
    ],
    [
      "to midnight, but not from one: as long before",
      absolute("2026-03-10T06:00Z", "2026-03-11T00:00Z"),
      PREVIOUS,
      "UTC",
      ["2026-03-09T12:00", "2026-03-10T06:00"],
    ],
    [
      "from midnight, but not to one: as long before",
      absolute("2026-03-10T00:00Z", "2026-03-10T18:00Z"),
      PREVIOUS,
      "UTC",
      ["2026-03-09T06:00", "2026-03-10T00:00"],
    ],
    [
      "a timeframe of its own",
      absolute("2026-03-10T00:00Z", "2026-03-11T00:00Z"),
      { kind: "timeframe", timeframe: absolute("2024-01-01T00:00Z", "2024-01-05T00:00Z") },
      "UTC",
      ["2024-01-01T00:00", "2024-01-05T00:00"],
    ],
    [
      "a year before, in a zone",
      absolute("2026-03-29T22:00Z", "2026-03-30T22:00Z"),
      YEAR,
      "Europe/Berlin",
      ["2025-03-29T23:00", "2025-03-30T22:00"],
    ],
  ])("%s", (_, timeframe, to, zone, expected) => {
    expect(span(compare(timeframe, to, undefined, zone).range)).toEqual(expected);
  });
});

describe("buckets beside buckets", () => {
  test("29 February has none in other years", () => {
    const { plan, buckets } = compare(absolute("2024-02-28T00:00Z", "2024-03-02T00:00Z"), YEAR, calendar("day"));
    expect(buckets?.map(({ index }) => index)).toEqual([undefined, 0, 1]);
    expect(plan.edges?.map(iso)).toEqual(["2023-02-28T00:00", "2023-03-01T00:00", "2023-03-02T00:00"]);
  });

  test("hours of a day of 25 beside one of 24", () => {
    const { plan, buckets } = compare(
      absolute("2026-10-24T22:00Z", "2026-10-25T23:00Z"),
      PREVIOUS,
      calendar("hour"),
      "Europe/Berlin",
    );
    expect(buckets).toHaveLength(25);
    expect(buckets?.filter(({ index }) => index === undefined)).toHaveLength(1);
    expect(plan.edges).toHaveLength(25);
  });

  test("weeks stand beside whole weeks", () => {
    const { buckets } = compare(
      { kind: "relative", side: "previous", count: 2, unit: "week" },
      PREVIOUS,
      calendar("week"),
    );
    expect(buckets?.map(span)).toEqual([
      ["2026-02-08T00:00", "2026-02-15T00:00"],
      ["2026-02-15T00:00", "2026-02-22T00:00"],
    ]);
  });

  test("another time has its own, and what it lacks is empty", () => {
    const to: CompareTo = { kind: "timeframe", timeframe: absolute("2026-01-01T00:00Z", "2026-01-02T12:00Z") };
    const { buckets } = compare(absolute("2026-03-01T00:00Z", "2026-03-04T00:00Z"), to, calendar("day"));
    expect(buckets?.map(({ index }) => index)).toEqual([0, 1, undefined]);
  });

  test("nearly as many as there may be", () => {
    const { buckets } = compare(
      absolute("2026-03-01T00:00Z", "2026-03-07T22:00Z"),
      PREVIOUS,
      calendar("minute"),
      "Asia/Tokyo",
    );
    expect(buckets).toHaveLength(9_960);
  });
});
