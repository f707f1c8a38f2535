import { dateFormat } from "../format/intl.ts";

/** One hour of the week. */
export interface WeekHour {
  /** How much there was in it, on average of those that have passed; null: none has. */
  readonly average: number | null;
  /** How many of them have passed. */
  readonly hours: number;
}

/** A bucket of an hour. */
export interface HourCount {
  /** Instants, milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

const DAYS = 7;
const HOURS = 24;

/**
 * The hours of the week, Monday first, each the average of all such hours that have passed in a zone: seven days and a half hold two
 * Mondays and one Sunday, and a sum would show two of one and one of the other.
 */
export function weekOf(counts: readonly HourCount[], zone: string, nowMs: number): readonly (readonly WeekHour[])[] {
  const sums = Array.from({ length: DAYS }, () => Array.from({ length: HOURS }, () => ({ sum: 0, hours: 0 })));
  const parts = dateFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    hourCycle: "h23",
  });
  for (const { start, end, count } of counts) {
    if (end > nowMs) continue;
    const [weekday = "", hour = ""] = parts.format(start).split(", ");
    const cell = sums[WEEKDAYS.indexOf(weekday)]?.[Number(hour)];
    if (!cell) continue;
    cell.sum += count;
    cell.hours += 1;
  }
  return sums.map((day) => day.map(({ sum, hours }) => ({ average: hours > 0 ? sum / hours : null, hours })));
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
