import { describe, expect, test } from "vitest";
import { parseZone } from "../time/zone.ts";
import type { Interval } from "../time/interval.ts";
import { newProject, storedEvent } from "./fixtures.ts";
import type { Subject } from "./subject.ts";

interface ZoneCase {
  readonly title: string;
  readonly zone: string | number;
  readonly interval: Interval;
  /** UTC. */
  readonly start: string;
  readonly end: string;
  /** When events happen, UTC, and the bucket each must fall into. */
  readonly events: readonly (readonly [at: string, bucket: number])[];
}

const day: Interval = { kind: "calendar", unit: "day" };
const hour: Interval = { kind: "calendar", unit: "hour" };

const CASES: readonly ZoneCase[] = [
  {
    title: "the day of 23 hours ends an hour early",
    zone: "Europe/Berlin",
    interval: day,
    start: "2026-03-27T23:00Z",
    end: "2026-03-30T22:00Z",
    events: [
      ["2026-03-27T23:00Z", 0],
      ["2026-03-28T22:59:59.999Z", 0],
      ["2026-03-28T23:00Z", 1],
      ["2026-03-29T21:59:59.999Z", 1],
      ["2026-03-29T22:00Z", 2],
      ["2026-03-30T21:59:59.999Z", 2],
    ],
  },
  {
    title: "the day of 25 hours ends an hour late",
    zone: "Europe/Berlin",
    interval: day,
    start: "2026-10-23T22:00Z",
    end: "2026-10-26T23:00Z",
    events: [
      ["2026-10-24T21:59:59.999Z", 0],
      ["2026-10-24T22:00Z", 1],
      ["2026-10-25T22:59:59.999Z", 1],
      ["2026-10-25T23:00Z", 2],
    ],
  },
  {
    title: "the hour that comes twice is two buckets",
    zone: "Europe/Berlin",
    interval: hour,
    start: "2026-10-24T23:00Z",
    end: "2026-10-25T03:00Z",
    events: [
      ["2026-10-24T23:30Z", 0],
      ["2026-10-25T00:30Z", 1],
      ["2026-10-25T01:30Z", 2],
      ["2026-10-25T02:30Z", 3],
    ],
  },
  {
    title: "a zone with a half hour has its days where they are",
    zone: "Asia/Kolkata",
    interval: day,
    start: "2026-01-01T18:30Z",
    end: "2026-01-03T18:30Z",
    events: [
      ["2026-01-02T18:29:59.999Z", 0],
      ["2026-01-02T18:30Z", 1],
    ],
  },
  {
    title: "three quarters of an hour too",
    zone: "Asia/Kathmandu",
    interval: hour,
    start: "2026-01-01T00:15Z",
    end: "2026-01-01T02:15Z",
    events: [
      ["2026-01-01T01:14:59.999Z", 0],
      ["2026-01-01T01:15Z", 1],
    ],
  },
  {
    title: "clocks that move by half an hour: the day has 24.5 hours",
    zone: "Australia/Lord_Howe",
    interval: day,
    start: "2026-04-03T13:00Z",
    end: "2026-04-06T13:30Z",
    events: [
      ["2026-04-04T12:59:59.999Z", 0],
      ["2026-04-04T13:00Z", 1],
      ["2026-04-05T13:29:59.999Z", 1],
      ["2026-04-05T13:30Z", 2],
    ],
  },
  {
    title: "a fixed offset knows no summer time",
    zone: -18_000,
    interval: day,
    start: "2026-03-07T05:00Z",
    end: "2026-03-10T05:00Z",
    events: [
      ["2026-03-08T04:59:59.999Z", 0],
      ["2026-03-08T05:00Z", 1],
      ["2026-03-09T05:00Z", 2],
    ],
  },
  {
    title: "months have their own lengths, and the first and last are clipped",
    zone: "UTC",
    interval: { kind: "calendar", unit: "month" },
    start: "2026-01-15T00:00Z",
    end: "2026-04-02T00:00Z",
    events: [
      ["2026-01-15T00:00Z", 0],
      ["2026-01-31T23:59:59.999Z", 0],
      ["2026-02-01T00:00Z", 1],
      ["2026-02-28T23:59:59.999Z", 1],
      ["2026-03-01T00:00Z", 2],
      ["2026-04-01T00:00Z", 3],
    ],
  },
  {
    title: "weeks begin on Sunday",
    zone: "UTC",
    interval: { kind: "calendar", unit: "week" },
    start: "2015-01-01T00:00Z",
    end: "2015-01-25T00:00Z",
    events: [
      ["2015-01-03T23:59Z", 0],
      ["2015-01-04T00:00Z", 1],
      ["2015-01-11T00:00Z", 2],
      ["2015-01-24T23:59Z", 3],
    ],
  },
  {
    title: "chunks of several days count from the start of the timeframe",
    zone: "Europe/Berlin",
    interval: { kind: "every", count: 3, unit: "day" },
    start: "2026-03-26T23:00Z",
    end: "2026-04-02T22:00Z",
    events: [
      ["2026-03-29T21:59:59.999Z", 0],
      ["2026-03-29T22:00Z", 1],
      ["2026-04-01T22:00Z", 2],
    ],
  },
  {
    title: "a year of days passes through both changes",
    zone: "America/New_York",
    interval: day,
    start: "2026-01-01T05:00Z",
    end: "2027-01-01T05:00Z",
    events: [
      ["2026-01-01T05:00Z", 0],
      ["2026-03-08T04:59Z", 65],
      ["2026-03-08T05:00Z", 66],
      ["2026-03-09T03:59Z", 66],
      ["2026-03-09T04:00Z", 67],
      ["2026-11-01T04:00Z", 304],
      ["2026-11-02T04:59Z", 304],
      ["2026-11-02T05:00Z", 305],
      ["2027-01-01T04:59:59.999Z", 364],
    ],
  },
  {
    title: "before 1970",
    zone: "UTC",
    interval: day,
    start: "1969-12-30T00:00Z",
    end: "1970-01-02T00:00Z",
    events: [
      ["1969-12-30T00:00Z", 0],
      ["1969-12-31T23:59:59.999Z", 1],
      ["1970-01-01T00:00Z", 2],
    ],
  },
  {
    title: "a month in each of five centuries",
    zone: "UTC",
    interval: { kind: "calendar", unit: "month" },
    start: "1800-01-01T00:00Z",
    end: "2300-01-01T00:00Z",
    events: [
      ["1800-01-31T23:59Z", 0],
      ["1900-02-28T23:59Z", 1201],
      ["1900-03-01T00:00Z", 1202],
      ["2000-02-29T23:59Z", 2401],
      ["2299-12-31T23:59Z", 5999],
    ],
  },
];

export function timeCases(use: () => Subject): void {
  describe("time buckets", () => {
    test.each(CASES)("$title", async ({ zone, interval, start, end, events }) => {
      const project = newProject();
      await use().load(events.map(([at]) => storedEvent({ project, timestamp: Date.parse(at) })));
      const rows = await use().rows(project, {
        zone: parseZone(zone),
        interval,
        timeframe: { kind: "absolute", start: Date.parse(start), end: Date.parse(end) },
      });
      const expected = new Map<number, number>();
      for (const [, bucket] of events) expected.set(bucket, (expected.get(bucket) ?? 0) + 1);
      expect(rows).toEqual([...expected].map(([bucket, count]) => ({ bucket, group: [], values: [count] })));
    });

    test("by the start of its visit an event counts where that began, whenever it happened itself", async () => {
      const project = newProject();
      const hourAt = (n: number) => Date.UTC(2026, 0, 1, n);
      const view = (begun: number | null, happened: number, c: string) =>
        storedEvent({
          project,
          timestamp: hourAt(happened),
          context: begun === null ? {} : { visit_start: hourAt(begun) },
          properties: { c },
        });
      await use().load([
        view(10.9, 10.9, "x"),
        view(10.9, 11.1, "y"),
        view(11.5, 14, "y"),
        view(9, 10.5, "x"),
        view(null, 11, "x"),
      ]);
      const timeframe = { kind: "absolute", start: hourAt(10), end: hourAt(12) } as const;
      const asked = { timeframe, time: "visit_start" } as const;
      expect(await use().rows(project, { ...asked, interval: hour })).toEqual([
        { bucket: 0, group: [], values: [2] },
        { bucket: 1, group: [], values: [1] },
      ]);
      expect(await use().rows(project, asked)).toEqual([{ bucket: 0, group: [], values: [3] }]);
      expect(await use().rows(project, { ...asked, interval: hour, groupBy: ["c"] })).toEqual([
        { bucket: 0, group: ["x"], values: [1] },
        { bucket: 0, group: ["y"], values: [1] },
        { bucket: 1, group: ["y"], values: [1] },
      ]);
    });

    test("groups inside buckets: only the cells that have events", async () => {
      const project = newProject();
      const at = (day_: number, c: string) =>
        storedEvent({ project, timestamp: Date.UTC(2026, 0, day_, 5), properties: { c } });
      await use().load([at(1, "x"), at(1, "y"), at(3, "x"), at(3, "x")]);
      const rows = await use().rows(project, {
        interval: day,
        groupBy: ["c"],
        timeframe: { kind: "absolute", start: Date.UTC(2026, 0, 1), end: Date.UTC(2026, 0, 5) },
      });
      expect(rows).toEqual([
        { bucket: 0, group: ["x"], values: [1] },
        { bucket: 0, group: ["y"], values: [1] },
        { bucket: 2, group: ["x"], values: [2] },
      ]);
    });
  });
}
