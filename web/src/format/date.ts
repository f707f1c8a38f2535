import type { IntervalName } from "../state/interval.ts";
import type { Period } from "../state/ranges.ts";
import { addDays, dateOf, daysBetween, monthsBetween } from "../state/wall.ts";
import { dateFormat } from "./intl.ts";

/** A bucket's label: `short` on the axis, `long` in a tooltip or table. */
export interface BucketFormat {
  readonly short: (startMs: number) => string;
  readonly long: (startMs: number, endMs: number) => string;
}

/** By so much clocks are set back: the hour that comes twice then says which of the two it is. */
const CHANGES_MS = [-3_600_000, -1_800_000, 1_800_000, 3_600_000];

/** Labels of buckets in the project's zone. */
export function bucketFormat(locale: string, zone: string, by: IntervalName, manyDays: boolean): BucketFormat {
  const format = (options: Intl.DateTimeFormatOptions) => dateFormat(locale, { timeZone: zone, ...options });
  const of: Record<IntervalName, () => BucketFormat> = {
    hour: () => {
      const short = format(
        manyDays ? { day: "numeric", month: "short", hour: "2-digit" } : { hour: "2-digit", minute: "2-digit" },
      );
      const long = format({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
      const offset = format({ timeZoneName: "shortOffset" });
      const which = (s: number): string => {
        if (!CHANGES_MS.some((by) => long.format(s + by) === long.format(s))) return "";
        return ` ${offset.formatToParts(s).find(({ type }) => type === "timeZoneName")?.value ?? ""}`;
      };
      return { short: (s) => short.format(s) + which(s), long: (s) => long.format(s) + which(s) };
    },
    day: () => {
      const short = format({ day: "numeric", month: "short" });
      const long = format({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
      return { short: (s) => short.format(s), long: (s) => long.format(s) };
    },
    week: () => {
      const short = format({ day: "numeric", month: "short" });
      const long = format({ day: "numeric", month: "short", year: "numeric" });
      return { short: (s) => short.format(s), long: (s, e) => long.formatRange(s, e - 1) };
    },
    month: () => {
      const short = format({ month: "short", year: "2-digit" });
      const long = format({ month: "long", year: "numeric" });
      return { short: (s) => short.format(s), long: (s) => long.format(s) };
    },
  };
  return of[by]();
}

/** A period in words, in its own calendar: `May 2015`, `17 – 20 May 2015`, `17 May 2015`. */
export function periodText(locale: string, period: Period): string {
  const format = (options: Intl.DateTimeFormatOptions) => dateFormat(locale, { timeZone: "UTC", ...options });
  const at = (wall: string) => Date.parse(wall.length === 10 ? `${wall}T00:00Z` : `${wall}Z`);
  if (period.start.length > 10 || period.end.length > 10) {
    const time = format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    return time.formatRange(at(period.start), at(period.end));
  }
  const months = monthsBetween(period.start, period.end);
  if (months === 1) return format({ month: "long", year: "numeric" }).format(at(period.start));
  if (months === 12 && period.start.slice(5, 7) === "01") return period.start.slice(0, 4);
  const day = format({ day: "numeric", month: "short", year: "numeric" });
  if (daysBetween(period.start, period.end) <= 1) return day.format(at(period.start));
  return day.formatRange(at(period.start), at(addDays(dateOf(period.end), -1)));
}

/** A date or a wall time in words, in its own calendar: `18 May 2026`, `18 May 2026, 14:00`. */
export function wallText(locale: string, wall: string): string {
  const isDay = wall.length === 10;
  const format = dateFormat(locale, {
    timeZone: "UTC",
    dateStyle: "medium",
    ...(!isDay && { timeStyle: "short" }),
  });
  return format.format(Date.parse(isDay ? `${wall}T00:00Z` : `${wall}Z`));
}

/** An instant, to the second: `29 Nov 2026, 14:05:10`. */
export function momentText(locale: string, zone: string, at: number): string {
  return Number.isNaN(at)
    ? ""
    : dateFormat(locale, { timeZone: zone, dateStyle: "medium", timeStyle: "medium" }).format(at);
}

/** The time of day, to the second: `14:05:10`. */
export function clockText(locale: string, zone: string, at: number): string {
  return dateFormat(locale, { timeZone: zone, timeStyle: "medium" }).format(at);
}

/** `just now`, `12 s ago`, `5 min ago`. */
export function ageText(locale: string, ageMs: number): string {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const seconds = Math.max(0, Math.round(ageMs / 1000));
  if (seconds < 60) return relative.format(-seconds, "second");
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), "minute");
  return relative.format(-Math.floor(seconds / 3600), "hour");
}
