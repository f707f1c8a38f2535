import { t } from "../language/words.ts";
import {
  addDays,
  addHours,
  addMonths,
  dateOf,
  daysBetween,
  hoursBetween,
  monthsBetween,
  startOfMonth,
  startOfYear,
} from "./wall.ts";

/** The ranges of the picker: name in the URL, label, and the key that chooses it. `custom` takes `from` and `to`. */
export const RANGES = [
  { name: "today", label: t("Today"), key: "D" },
  { name: "yesterday", label: t("Yesterday"), key: "E" },
  { name: "24h", label: t("Last 24 hours"), key: "H" },
  { name: "7d", label: t("Last 7 days"), key: "W" },
  { name: "30d", label: t("Last 30 days"), key: "T" },
  { name: "91d", label: t("Last 91 days"), key: "N" },
  { name: "month", label: t("Month to date"), key: "M" },
  { name: "last-month", label: t("Last month"), key: "P" },
  { name: "year", label: t("Year to date"), key: "Y" },
  { name: "12mo", label: t("Last 12 months"), key: "L" },
  { name: "all", label: t("All time"), key: "A" },
  { name: "custom", label: t("Custom range"), key: "C" },
] as const;

export type RangeName = (typeof RANGES)[number]["name"];

/** What the URL says about the range. `from` and `to` (both inclusive dates, or wall times) only for `custom`. */
export interface RangeChoice {
  readonly range: RangeName;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A stretch of wall-clock time in the project's zone: start inclusive, end exclusive. */
export interface Period {
  readonly start: string;
  readonly end: string;
  /** Of a part whose end moves on with time: the end of the whole. */
  readonly whole?: string;
}

/** First and last day with events, both inclusive. */
export interface DataBounds {
  readonly first: string;
  readonly last: string;
}

/**
 * The period of a range. Ranges that reach to the present end with the current day (or hour), so that an event just sent is on
 * screen; the comparison makes up for the unfinished part (see compare.ts).
 * @returns undefined for `all` while the bounds of the data are unknown.
 */
export function resolveRange(choice: RangeChoice, now: string, bounds?: DataBounds | null): Period | undefined {
  const today = dateOf(now);
  const tomorrow = addDays(today, 1);
  switch (choice.range) {
    case "today":
      return { start: today, end: tomorrow };
    case "yesterday":
      return { start: addDays(today, -1), end: today };
    case "24h": {
      const hour = `${now.slice(0, 13)}:00`;
      return { start: addHours(hour, -23), end: addHours(hour, 1) };
    }
    case "7d":
      return { start: addDays(today, -6), end: tomorrow };
    case "30d":
      return { start: addDays(today, -29), end: tomorrow };
    case "91d":
      return { start: addDays(today, -90), end: tomorrow };
    case "month":
      return { start: startOfMonth(today), end: tomorrow };
    case "last-month":
      return { start: addMonths(startOfMonth(today), -1), end: startOfMonth(today) };
    case "year":
      return { start: startOfYear(today), end: tomorrow };
    case "12mo":
      return { start: addMonths(startOfMonth(today), -11), end: tomorrow };
    case "all":
      if (bounds === undefined) return undefined;
      return bounds ? { start: bounds.first, end: addDays(bounds.last, 1) } : { start: today, end: tomorrow };
    case "custom":
      return customPeriod(choice, today);
  }
}

function customPeriod(choice: RangeChoice, today: string): Period {
  const from = choice.from ?? today;
  const to = choice.to ?? from;
  const [first, last] = from <= to ? [from, to] : [to, from];
  return { start: first, end: last.length === 10 ? addDays(last, 1) : last };
}

/** True while the period has not ended: its last bucket is unfinished. */
export function isUnfinished(period: Period, now: string): boolean {
  return period.start <= now && now < period.end;
}

/** Ranges that are named after calendar months, and how many of them they are when they are whole. */
const MONTHS: Partial<Record<RangeName, number>> = { month: 1, "last-month": 1, year: 12, "12mo": 12 };

/**
 * The period beside this one, as a custom range: `-1` before, `1` after. What is named after months or years moves by them and is
 * whole there: before "year to date" lies last year. Whole months move by months, hours by hours, days by days.
 * @returns undefined when the step would lie entirely in the future.
 */
export function stepRange(range: RangeName, period: Period, steps: -1 | 1, now: string): RangeChoice | undefined {
  const moved = neighbour(range, period, steps);
  if (moved.start > now) return undefined;
  const hourly = moved.start.length > 10 || moved.end.length > 10;
  return hourly
    ? { range: "custom", from: moved.start, to: moved.end }
    : { range: "custom", from: moved.start, to: addDays(moved.end, -1) };
}

function neighbour(range: RangeName, period: Period, steps: -1 | 1): Period {
  const months = MONTHS[range];
  if (months === undefined) return shiftPeriod(period, steps);
  const start = addMonths(period.start, steps * months);
  return { start, end: addMonths(start, months) };
}

/** Moves a period by its own length, `steps` times. */
export function shiftPeriod(period: Period, steps: number): Period {
  const months = monthsBetween(period.start, period.end);
  if (months !== undefined && months > 0) {
    return { start: addMonths(period.start, steps * months), end: addMonths(period.end, steps * months) };
  }
  if (period.start.length > 10 || period.end.length > 10) {
    const hours = Math.max(1, hoursBetween(period.start, period.end));
    return { start: addHours(period.start, steps * hours), end: addHours(period.end, steps * hours) };
  }
  const days = Math.max(1, daysBetween(period.start, period.end));
  return { start: addDays(period.start, steps * days), end: addDays(period.end, steps * days) };
}
