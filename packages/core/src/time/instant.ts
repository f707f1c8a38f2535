import { MillraceError } from "../error.ts";
import { UTC, wallTime, type Zone } from "./zone.ts";

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?$/;

/** An ISO 8601 time as read: its instant, and the offset it named (undefined: none, so a zone decided). */
export interface IsoTime {
  readonly ms: number;
  readonly offset: Zone | undefined;
}

/**
 * Reads the ISO 8601 forms Keen accepts: date only, minutes, seconds, fractions (cut to milliseconds), `Z`, `+hh:mm`, `+hhmm`,
 * `+hh`. Text without an offset is wall time in `zone`. Returns undefined for anything else, dates that do not exist included.
 */
export function readIso(text: string, zone: Zone = UTC): IsoTime | undefined {
  const match = ISO.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "", offsetText] = match;
  const plain = `${year}-${month}-${day}T${hour}:${minute}:${second}.${`${fraction}000`.slice(0, 3)}`;
  const asUtc = Date.parse(`${plain}Z`);
  // Date.parse accepts 30 February and 24:00 by rolling over to another day.
  if (new Date(asUtc).getUTCDate() !== Number(day)) return undefined;
  if (offsetText === undefined) return { ms: wallTime(plain, zone), offset: undefined };
  const offset = offsetZone(offsetText);
  return offset && { ms: asUtc - (offset.kind === "offset" ? offset.seconds * 1000 : 0), offset };
}

/** @throws MillraceError `InvalidFilterError` naming the field, when the text is not an ISO time. No offset means UTC. */
export function parseInstant(text: string, fieldName: string): number {
  const time = readIso(text);
  if (!time)
    throw new MillraceError(
      "InvalidFilterError",
      `${fieldName} is compared with "${text.slice(0, 60)}", which is not an ISO 8601 time.`,
    );
  return time.ms;
}

function offsetZone(text: string): Zone | undefined {
  if (text.toUpperCase() === "Z") return UTC;
  const sign = text.startsWith("-") ? -1 : 1;
  const digits = text.slice(1).replace(":", "").padEnd(4, "0");
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2));
  if (hours > 18 || minutes > 59) return undefined;
  const seconds = sign * (hours * 3600 + minutes * 60);
  return seconds === 0 ? UTC : { kind: "offset", seconds };
}

/** `2021-05-04T10:11:12.345Z`: the form of every time in an answer. */
export function isoUtc(ms: number): string {
  return new Date(ms).toISOString();
}
