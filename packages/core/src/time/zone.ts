import { Temporal } from "temporal-polyfill";
import { MillraceError } from "../error.ts";

/** A zone of the query API: a name with its rules, or a fixed offset in seconds east of UTC (Keen's number form, no DST). */
export type Zone =
  { readonly kind: "named"; readonly name: string } | { readonly kind: "offset"; readonly seconds: number };

export const UTC: Zone = { kind: "named", name: "UTC" };

export type CalendarUnit = "minute" | "hour" | "day" | "week" | "month" | "year";

/**
 * Reads a `timezone` parameter: an IANA name in any case, or seconds east of UTC as a number or numeric text.
 * @throws MillraceError `InvalidParameterError` for an unknown name, or an offset that is not whole minutes within ±18 h.
 */
export function parseZone(input: unknown): Zone {
  if (typeof input === "number" || (typeof input === "string" && /^[+-]?\d+$/.test(input))) {
    const seconds = Number(input);
    if (seconds % 60 !== 0 || Math.abs(seconds) > 18 * 3600) {
      throw new MillraceError(
        "InvalidParameterError",
        `timezone ${seconds} is not an offset in whole minutes within 18 hours of UTC.`,
      );
    }
    return seconds === 0 ? UTC : { kind: "offset", seconds };
  }
  if (typeof input !== "string") {
    throw new MillraceError(
      "InvalidParameterError",
      "timezone must be a zone name or a number of seconds east of UTC.",
    );
  }
  try {
    // Offsets such as "+05:00" are legal ids for Intl but not names; Keen has the number form for them.
    if (!/^[A-Za-z]/.test(input)) throw new RangeError("not a name");
    return { kind: "named", name: spelled.has(input) ? input : nameOf(input) };
  } catch {
    throw new MillraceError("InvalidParameterError", `timezone "${input.slice(0, 60)}" is not a known time zone.`);
  }
}

/**
 * Names that were read before, in their own spelling only: these are some hundreds, however many others are made up. Asking for one takes a
 * hundred times as long, and every question has one.
 */
const spelled = new Set<string>();

/** @throws RangeError for a zone that does not exist */
function nameOf(input: string): string {
  const name = new Intl.DateTimeFormat("en", { timeZone: input }).resolvedOptions().timeZone;
  if (name === input) spelled.add(name);
  return name;
}

/** The zone as text for answers: its name, or an offset such as `-05:00`. */
export function zoneId(zone: Zone): string {
  if (zone.kind === "named") return zone.name;
  const minutes = Math.abs(zone.seconds) / 60;
  const two = (n: number) => String(Math.trunc(n)).padStart(2, "0");
  return `${zone.seconds < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** Start of the calendar unit that holds `atMs`, in that zone. Weeks start on Sunday (Keen). */
export function startOf(unit: CalendarUnit, atMs: number, zone: Zone): number {
  return toMs(floorTo(unit, inZone(atMs, zone)));
}

/** `count` calendar units after `atMs` in that zone: a day may have 23 or 25 hours, a month 28 to 31 days. */
export function addUnits(unit: CalendarUnit, count: number, atMs: number, zone: Zone): number {
  return toMs(inZone(atMs, zone).add({ [`${unit}s`]: count }));
}

/** The instant of a wall-clock time in that zone; in a gap or overlap the earlier offset's reading (Temporal "compatible"). */
export function wallTime(iso: string, zone: Zone): number {
  return toMs(Temporal.PlainDateTime.from(iso).toZonedDateTime(zoneId(zone)));
}

/** Calendar date `yyyy-mm-dd` of an instant in that zone. */
export function dateIn(zone: Zone, atMs: number): string {
  return inZone(atMs, zone).toPlainDate().toString();
}

/** How far the zone's wall clock is ahead of UTC at that instant, in milliseconds. */
export function offsetAt(zone: Zone, atMs: number): number {
  return inZone(atMs, zone).offsetNanoseconds / 1e6;
}

/** When the zone's clocks are changed next after that instant; Infinity: never again, as far as is known. */
export function nextClockChange(zone: Zone, atMs: number): number {
  return inZone(atMs, zone).getTimeZoneTransition("next")?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
}

function inZone(atMs: number, zone: Zone): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zoneId(zone));
}

function toMs(at: Temporal.ZonedDateTime): number {
  return at.epochMilliseconds;
}

function floorTo(unit: CalendarUnit, at: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  switch (unit) {
    case "minute":
    case "hour":
      return at.round({ smallestUnit: unit, roundingMode: "floor" });
    case "day":
      return at.startOfDay();
    case "week":
      return at.subtract({ days: at.dayOfWeek % 7 }).startOfDay();
    case "month":
      return at.with({ day: 1 }).startOfDay();
    case "year":
      return at.with({ day: 1, month: 1 }).startOfDay();
  }
}
