import type { Unit } from "../state/metrics.ts";

/** How both charts look: lines across, buckets below, values beside. */
export const GRID = { vertical: false, stroke: "var(--line)" } as const;

const TEXT = { fill: "var(--ink-faint)", fontSize: 12 } as const;

export const BUCKETS = {
  dataKey: "at",
  interval: "equidistantPreserveStart",
  minTickGap: 36,
  tickLine: false,
  axisLine: { stroke: "var(--line-strong)" },
  tick: TEXT,
  tickMargin: 8,
  padding: { left: 12, right: 12 },
} as const;

/** The axis of values, from zero to the first mark that no value exceeds; of negative values the chart chooses the marks. */
export function valueAxis(values: readonly (number | null | undefined)[], unit: Unit) {
  const known = values.filter((value) => value !== null && value !== undefined);
  const look = { width: 52, tickLine: false, axisLine: false, tick: TEXT, tickCount: 5 } as const;
  if (known.some((value) => value < 0)) return look;
  const ticks = marksTo(Math.max(0, ...known), unit);
  return { ...look, ticks, interval: 0, domain: [0, ticks.at(-1) ?? 1] } as const;
}

/** At most so many steps. */
const STEPS = 5;
/** Steps of time, in seconds. */
const CLOCK = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600];
const HOUR_MS = 3_600_000;
/** Below it two marks would read the same (see numberFormat), and there is no half event. */
const LEAST = { count: 1, decimal: 0.1, percent: 0.01, amount: 0.01 } as const;

/**
 * Marks that people would choose: steps of 1, 2 or 5 and their tens, of time those of a clock.
 * @returns from 0 to the first mark at or above `max`, at most six
 */
export function marksTo(max: number, unit: Unit): number[] {
  const step = stepFor(max / STEPS, unit);
  const count = Math.max(1, Math.ceil(max / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}

/** The smallest step of its kind that is no smaller than `least`. */
function stepFor(least: number, unit: Unit): number {
  if (unit === "duration") {
    const seconds = CLOCK.find((step) => step * 1_000 >= least);
    return seconds === undefined ? HOUR_MS * stepFor(least / HOUR_MS, "count") : seconds * 1_000;
  }
  const wanted = Math.max(LEAST[unit], least);
  const ten = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5].map((times) => times * ten).find((step) => step >= wanted * (1 - 1e-9)) ?? 10 * ten;
}
