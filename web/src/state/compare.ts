import { t } from "../language/words.ts";
import { isUnfinished, shiftPeriod, type Period, type RangeName } from "./ranges.ts";
import { addDays, addHours, addMonths, dateOf, daysBetween, hoursBetween, monthsBetween } from "./wall.ts";

/** What a range is compared with. */
export const COMPARISONS = [
  { name: "previous", label: t("Previous period") },
  { name: "year", label: t("Same period last year") },
  { name: "off", label: t("No comparison") },
] as const;

export type Comparison = (typeof COMPARISONS)[number]["name"];

export interface ComparisonPeriods {
  /** The whole earlier period: the second line of the chart. */
  readonly full: Period;
  /**
   * As much of it as has passed of the current one: what totals are compared with. A Monday morning compared with a whole week
   * would always look like a collapse.
   */
  readonly fair: Period;
}

/** The periods to compare with, or undefined when there is nothing to compare: switched off, or all time. */
export function comparisonOf(
  period: Period,
  mode: Comparison,
  range: RangeName,
  now: string,
): ComparisonPeriods | undefined {
  if (mode === "off" || range === "all") return undefined;
  const move = mode === "year" ? yearBefore(period, range) : earlier(period, range);
  const full = { start: move(period.start), end: move(period.end) };
  if (!isUnfinished(period, now)) return { full, fair: full };
  const end = move(toFiveMinutes(now));
  const passed = end > full.start ? end : addHours(atMidnight(full.start), 1);
  return { full, fair: { start: full.start, end: passed, whole: full.end } };
}

/** Whether the end of what has passed lies elsewhere at the second wall time than at the first. */
export function hasMoved(from: string, to: string): boolean {
  return toFiveMinutes(from) < toFiveMinutes(to);
}

/**
 * Ranges named after months and years go back by them. Others of a week or more go back by whole weeks, so that a Sunday is compared
 * with a Sunday: 30 days with the 30 that begin 35 days before. The rest goes back by its own length.
 */
function earlier(period: Period, range: RangeName): (wall: string) => string {
  if (range === "month") return (wall) => addMonths(wall, -1);
  if (range === "year" || range === "12mo") return lastYear;
  const weeks = Math.ceil(daysOf(period) / 7);
  if (hasWeekdays(period)) return (wall) => moveDays(wall, -7 * weeks);
  const before = shiftPeriod(period, -1);
  const hours = hoursBetween(before.start, period.start);
  // Only `now` is neither end: it moves by the same distance as the start.
  return (wall) => {
    if (wall === period.start) return before.start;
    if (wall === period.end) return before.end;
    return addHours(atMidnight(wall), -hours);
  };
}

/** The same dates a year ago; where weekdays matter, 52 weeks ago. */
function yearBefore(period: Period, range: RangeName): (wall: string) => string {
  return range !== "year" && range !== "12mo" && range !== "month" && hasWeekdays(period)
    ? (wall) => moveDays(wall, -364)
    : lastYear;
}

/** A week or more that is no calendar unit of its own. */
function hasWeekdays(period: Period): boolean {
  return daysOf(period) >= 7 && !monthsBetween(period.start, period.end);
}

function daysOf({ start, end }: Period): number {
  return start.length > 10 || end.length > 10 ? 0 : daysBetween(start, end);
}

function moveDays(wall: string, days: number): string {
  return addDays(dateOf(wall), days) + wall.slice(10);
}

function lastYear(wall: string): string {
  return addMonths(wall, -12);
}

function atMidnight(wall: string): string {
  return wall.length === 10 ? `${dateOf(wall)}T00:00` : wall;
}

/** Cut to five minutes, so that the question stays the same for a while and its answer can be reused. */
function toFiveMinutes(wall: string): string {
  return `${wall.slice(0, 14)}${String(Math.floor(Number(wall.slice(14, 16)) / 5) * 5).padStart(2, "0")}`;
}
