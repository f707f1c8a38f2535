import { readIso, UTC, wallTime, type Zone } from "@millrace/core";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const CLF =
  /^(\d{1,2})\/([A-Za-z]{3})\/(\d{4})[: ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?(?: ?(Z|UTC|GMT|([+-])(\d{2}):?(\d{2})?))?$/;
const HTTP_DATE = /^[A-Za-z]{3}, (\d{2}) ([A-Za-z]{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;
const DIGITS = /^\d{9,19}(?:\.\d+)?$/;

/** The web is no older; a log that says so has its clock, or its unit, wrong. */
const EARLIEST = Date.UTC(1993, 0, 1);
/** What a clock may be ahead, in any zone. */
const AHEAD_MS = 36 * 3_600_000;

/**
 * Reads a time as logs and exports write it: `10/Oct/2025:13:55:36 -0700`, ISO 8601 with `T` or a blank, an HTTP date, or a
 * count since 1970 ({@link readUnix}). A text that names no zone is read in `zone`. A date that is in no calendar (31 February) is none,
 * rather than the day it would roll over to; a leap second is the last moment before it.
 * @returns milliseconds UTC, cut
 */
export function readTime(text: string, now: number, zone: Zone = UTC): number | undefined {
  if (DIGITS.test(text)) return readUnix(Number(text), now);
  const clf = CLF.exec(text);
  if (clf) {
    const [, day, month, year, hour, minute, second, fraction = "", named, sign, zoneHours = "0", zoneMinutes = "0"] =
      clf;
    const whole = utc(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
    if (whole === undefined || Number(zoneMinutes) > 59 || Number(zoneHours) > 14) return undefined;
    const local = whole + Number(`${fraction}000`.slice(0, 3));
    if (named === undefined) return wallTime(new Date(local).toISOString().slice(0, -1), zone);
    const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
    return sign === "-" ? local + offset : local - offset;
  }
  const http = HTTP_DATE.exec(text);
  if (http) {
    const [, day, month, year, hour, minute, second] = http;
    return utc(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  }
  // Caddy's console writes the date with slashes, databases name the zone, and the leap second is as above.
  const iso = text
    .replace(/^(\d{4})\/(\d\d)\/(\d\d)(?= )/, "$1-$2-$3")
    .replace(/( [+-]\d{4})? ?(?:UTC|GMT)$/, (_, offset: string | undefined) => offset ?? "Z")
    .replace(/^(\S{10}[T ]\d\d:\d\d):60(?!\d)/, "$1:59");
  return readIso(iso, zone)?.ms;
}

/** True for a time on some clock that does not say where the clock is. */
export function isOfNoZone(text: string): boolean {
  return /\d:\d\d/.test(text) && !/(?:[Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?)$/.test(text);
}

/** True for a time between the beginning of the web and tomorrow: what else a log says was a clock that was wrong. */
export function isOfTheWeb(ms: number, now: number): boolean {
  return ms >= EARLIEST && ms <= now + AHEAD_MS;
}

/**
 * A count since 1970 whose unit is told by its size: seconds, milliseconds, microseconds and nanoseconds of one moment differ by
 * thousands, so only one of them is a time between the beginning of the web and tomorrow.
 * @returns milliseconds, or undefined when no unit gives such a time: a guess would put the event into 1970
 */
export function readUnix(value: number, now: number): number | undefined {
  for (const factor of [1_000, 1, 0.001, 0.000_001]) {
    // Rounded first at a thousandth: 1659607200.52 times 1,000 is a hair below the number it stands for.
    const ms = Math.floor(Number((value * factor).toFixed(3)));
    if (isOfTheWeb(ms, now)) return ms;
  }
  return undefined;
}

function utc(
  year: number,
  month: string | undefined,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  const index = MONTHS.indexOf((month ?? "").toLowerCase());
  // 60 is a leap second, which the calendar of computers does not have: it is the last moment of its minute.
  if (index < 0 || hour > 23 || minute > 59 || second > 60) return undefined;
  const ms = Date.UTC(year, index, day, hour, minute, Math.min(second, 59));
  return day >= 1 && new Date(ms).getUTCDate() === day ? ms : undefined;
}
