import { dateFormat } from "../format/intl.ts";

/**
 * Calendar arithmetic on wall-clock texts. The dashboard asks its questions in the project's own zone by sending times without an
 * offset plus `timezone`, so it never has to convert wall time to an instant: a date is `YYYY-MM-DD`, a time `YYYY-MM-DDTHH:mm`,
 * and both order as text. Internally they are read as if they were UTC, which has no gaps.
 */

/** Days in milliseconds, in the gapless calendar of this module. */
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The wall-clock time in a zone at an instant, to the minute. */
export function wallNow(zone: string, atMs: number): string {
  const parts = dateFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(atMs);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
  return `${of("year").padStart(4, "0")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}`;
}

/** The date of a wall time. */
export function dateOf(wall: string): string {
  return wall.slice(0, 10);
}

export function addDays(date: string, days: number): string {
  return new Date(ms(date) + days * DAY_MS).toISOString().slice(0, 10);
}

export function addHours(wall: string, hours: number): string {
  return new Date(ms(wall) + hours * HOUR_MS).toISOString().slice(0, 16);
}

/** The same day `months` later; a day the month lacks becomes its last (31 January + 1 = 28 February). Keeps the time of day. */
export function addMonths(wall: string, months: number): string {
  const first = new Date(ms(`${wall.slice(0, 7)}-01`));
  first.setUTCMonth(first.getUTCMonth() + months);
  const month = first.toISOString().slice(0, 7);
  const day = Math.min(Number(wall.slice(8, 10)), daysInMonth(month));
  return `${month}-${String(day).padStart(2, "0")}${wall.slice(10)}`;
}

export function startOfMonth(date: string): string {
  return `${date.slice(0, 7)}-01`;
}

export function startOfYear(date: string): string {
  return `${date.slice(0, 4)}-01-01`;
}

/** Whole days from one date to another; times of day are cut. */
export function daysBetween(from: string, to: string): number {
  return Math.round((ms(dateOf(to)) - ms(dateOf(from))) / DAY_MS);
}

/** Hours from one wall time to another, fractions included. */
export function hoursBetween(from: string, to: string): number {
  return (ms(to) - ms(from)) / HOUR_MS;
}

/** Whole calendar months from one first of a month to another, or undefined when either is no first of a month. */
export function monthsBetween(from: string, to: string): number | undefined {
  if (!isMonthStart(from) || !isMonthStart(to)) return undefined;
  return (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7));
}

/** True for a date or wall time that exists in the calendar. */
export function isWall(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/.test(text)) return false;
  const at = ms(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function isMonthStart(wall: string): boolean {
  return wall.slice(8, 10) === "01" && (wall.length === 10 || wall.endsWith("T00:00"));
}

function daysInMonth(month: string): number {
  return new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).getUTCDate();
}

function ms(wall: string): number {
  return Date.parse(wall.length === 10 ? `${wall}T00:00Z` : `${wall}Z`);
}
