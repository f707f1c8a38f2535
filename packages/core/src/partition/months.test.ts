import { LIMITS } from "../event/limits.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { monthsToAdd } from "./months.ts";
import type { Month } from "./table.ts";

const HOUR = 3_600_000;
const month = (name: string): Month => ({ month: name, version: 1, dropped: false });
const startOf = (name: string) => Date.UTC(Number(name.slice(0, 4)), Number(name.slice(4)) - 1, 1);
const instants = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2031, 0, 1) });

test("a month is added before any id of it can have been accepted, also by whoever knows the table of an hour ago", () => {
  fc.assert(
    fc.property(instants, (now) => {
      const furthest = now + HOUR + Math.max(LIMITS.trackerFutureMs, LIMITS.futureMs);
      for (const added of monthsToAdd([month("202001")], now)) expect(startOf(added)).toBeGreaterThan(furthest);
    }),
  );
});

test("with upkeep once a month at the least, every month has its place before it begins", () => {
  fc.assert(
    fc.property(
      instants,
      fc.array(fc.integer({ min: 1, max: 30 * 24 }), { minLength: 24, maxLength: 24 }),
      (start, gaps) => {
        let now = start;
        let months = monthsToAdd([], now).map(month);
        for (const hours of gaps) {
          now += hours * HOUR;
          months = [...months, ...monthsToAdd(months, now).map(month)];
          const current = new Date(now).toISOString().slice(0, 7).replace("-", "");
          expect(months.map((each) => each.month)).toContain(current);
        }
        expect(new Set(months.map((each) => each.month)).size).toBe(months.length);
      },
    ),
  );
});

test("the very first call adds the current month too: nothing was stored before", () => {
  expect(monthsToAdd([], Date.UTC(2026, 10, 30, 23, 59))).toEqual(["202611", "202612", "202701"]);
  expect(monthsToAdd([month("202611")], Date.UTC(2026, 10, 30, 23, 59))).toEqual(["202701"]);
});
