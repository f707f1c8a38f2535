import { describe, expect, test } from "vitest";
import { everyStarts, unitStarts } from "./units.ts";
import { addUnits, nextClockChange, startOf, UTC, type CalendarUnit, type Zone } from "./zone.ts";

const named = (name: string): Zone => ({ kind: "named", name });
const BERLIN = named("Europe/Berlin");
const LORD_HOWE = named("Australia/Lord_Howe");
const at = (iso: string) => Date.parse(iso);
const iso = (ms: number) => new Date(ms).toISOString();

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

describe("plain arithmetic between two changes of the clocks gives what the calendar gives", () => {
  // Half-hour changes, a skipped day, a repeated day, changes at midnight, negative summer time, four changes a year, odd minutes.
  const ZONES: readonly Zone[] = [
    UTC,
    ...[
      "Europe/Berlin",
      "Europe/Dublin",
      "Europe/Moscow",
      "America/New_York",
      "America/St_Johns",
      "America/Sao_Paulo",
      "America/Santiago",
      "America/Caracas",
      "Australia/Lord_Howe",
      "Pacific/Apia",
      "Pacific/Kwajalein",
      "Pacific/Chatham",
      "Asia/Kolkata",
      "Asia/Kathmandu",
      "Asia/Pyongyang",
      "Asia/Tehran",
      "Africa/Casablanca",
      "Africa/Monrovia",
      "Antarctica/Troll",
    ].map(named),
    { kind: "offset", seconds: -12_600 },
  ];
  const UNITS: readonly CalendarUnit[] = ["minute", "hour", "day", "week", "month", "year"];
  const HOUR_MS = 3_600_000;
  const UNIT_HOURS = { minute: 1 / 60, hour: 1, day: 24, week: 168, month: 730, year: 8_766 };
  const MOST = 30;

  /** The same, asking the calendar for every single start. */
  function unitStartsByCalendar(unit: CalendarUnit, from: number, to: number, zone: Zone): number[] {
    const starts: number[] = [];
    for (let now = from; now < to && starts.length < MOST;) {
      starts.push(now);
      const later = addUnits(unit, 1, now, zone);
      const start = startOf(unit, later, zone);
      now = start > now ? start : later;
    }
    return starts;
  }

  function everyStartsByCalendar(count: number, unit: CalendarUnit, from: number, to: number, zone: Zone): number[] {
    const starts: number[] = [];
    for (let now = from; now < to && starts.length < MOST; now = addUnits(unit, starts.length * count, from, zone)) {
      starts.push(now);
    }
    return starts;
  }

  function check(unit: CalendarUnit, count: number, instant: number, zone: Zone): void {
    const end = instant + MOST * UNIT_HOURS[unit] * HOUR_MS;
    const start = startOf(unit, instant, zone);
    const what = JSON.stringify({ unit, count, zone, instant: iso(instant) });
    expect(unitStarts(unit, start, end, zone, MOST), what).toEqual(unitStartsByCalendar(unit, start, end, zone));
    expect(everyStarts({ unit, count }, instant, end, zone, MOST), what).toEqual(
      everyStartsByCalendar(count, unit, instant, end, zone),
    );
  }

  test.each(ZONES.map((zone) => [zone.kind === "named" ? zone.name : "an offset", zone] as const))(
    "%s at random times, and a few steps before each change of its clocks",
    (name, zone) => {
      let state = name.length * 7_919;
      const random = (below: number) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
      };
      for (const unit of UNITS) {
        const hours = UNIT_HOURS[unit];
        for (let round = 0; round < 2; round++) {
          const some = at("1965-01-01T00:00Z") + random(75 * 365 * 24 * 60) * 60_000 + random(2) * random(60_000);
          check(unit, 1 + random(3), some, zone);
          const change = nextClockChange(zone, some);
          if (change === Number.POSITIVE_INFINITY) continue;
          check(unit, 1 + random(3), change - Math.floor(random(30) * hours * HOUR_MS), zone);
          check(unit, 1, change, zone);
        }
      }
    },
  );

  test.each([
    ["Pacific/Apia", "2011-12-28T09:59:00Z"],
    ["Pacific/Kwajalein", "1993-08-19T12:00:00Z"],
    ["Australia/Lord_Howe", "2026-04-04T13:00:00Z"],
    ["Australia/Lord_Howe", "2026-10-03T13:30:00Z"],
    ["Europe/Berlin", "2026-10-24T00:30:00Z"],
    ["Europe/Berlin", "2026-03-28T01:30:00Z"],
    ["America/Sao_Paulo", "2018-11-02T03:00:00Z"],
    ["Africa/Casablanca", "2026-02-14T02:30:00Z"],
  ])("%s around %s", (name, instant) => {
    for (const unit of UNITS) for (const count of [1, 2]) check(unit, count, at(instant), named(name));
  });
});
