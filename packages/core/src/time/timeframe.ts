import { addUnits, startOf, type CalendarUnit, type Zone } from "./zone.ts";

/** A timeframe as asked. Start inclusive, end exclusive. */
export type Timeframe =
  | {
      readonly kind: "relative";
      readonly side: "this" | "previous";
      readonly count: number;
      readonly unit: CalendarUnit;
    }
  | { readonly kind: "absolute"; readonly start: number; readonly end: number };

/** A timeframe made explicit: milliseconds UTC, start inclusive, end exclusive. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Resolves a timeframe. `this_N_units` ends with the current unit, not now; `previous_N_units` excludes the current unit
 * (Keen's documented meaning).
 */
export function resolveTimeframe(timeframe: Timeframe, now: number, zone: Zone): TimeRange {
  if (timeframe.kind === "absolute") return { start: timeframe.start, end: timeframe.end };
  const { side, count, unit } = timeframe;
  const current = startOf(unit, now, zone);
  return side === "this"
    ? { start: addUnits(unit, 1 - count, current, zone), end: addUnits(unit, 1, current, zone) }
    : { start: addUnits(unit, -count, current, zone), end: current };
}

/** The shortest time that holds all of these; undefined where one of them is all time, or there is none. */
export function hullOf(ranges: readonly (TimeRange | undefined)[]): TimeRange | undefined {
  const known = ranges.flatMap((range) => range ?? []);
  if (known.length === 0 || known.length < ranges.length) return undefined;
  return { start: Math.min(...known.map(({ start }) => start)), end: Math.max(...known.map(({ end }) => end)) };
}
