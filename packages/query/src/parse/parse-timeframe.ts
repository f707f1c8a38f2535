import {
  isoUtc,
  MillraceError,
  parseZone,
  readIso,
  UTC,
  type CompareTo,
  type IsoTime,
  type Json,
  type JsonObject,
  type Timeframe,
  type Zone,
} from "@millrace/core";
import { check, quotable } from "./check.ts";
import { refuseUnknown } from "./known.ts";
import { WIRE } from "./wire.ts";
import { readUnits, UNIT_PATTERN } from "./parse-units.ts";

const RELATIVE = new RegExp(
  `^(this|previous|last)_(?:(\\d{1,12})_(${UNIT_PATTERN})|(minute|hour|day|week|month|year))$`,
);
const ALLOWED =
  'Use "this_" or "previous_" with a unit ("this_week") or a number of units ("previous_7_days"), "today", "yesterday", or {"start", "end"} in ISO 8601.';

/** When a query looks, and the zone that its days and buckets are in. No timeframe: all time. */
export interface ParsedTime {
  readonly timeframe?: Timeframe;
  readonly zone: Zone;
}

/**
 * Reads `timeframe` and `timezone`. An explicit offset in an absolute start wins: `timezone` is then ignored, also for the
 * buckets, and the offset stays the same over clock changes (Keen kept this on purpose). Text without offset is in `timezone`.
 * @throws MillraceError `InvalidTimeframeError`, or `InvalidParameterError` for the zone
 */
export function parseTime(raw: JsonObject): ParsedTime {
  const zone = raw["timezone"] === undefined ? UTC : parseZone(check(WIRE.timezone, raw["timezone"], "timezone"));
  if (raw["timeframe"] === undefined) return { zone };
  const timeframe = check(WIRE.timeframe, raw["timeframe"], "timeframe", "InvalidTimeframeError");
  if (typeof timeframe === "string") return { timeframe: relative(timeframe), zone };
  refuseUnknown(raw["timeframe"], { known: ["start", "end"], of: "timeframe", code: "InvalidTimeframeError" });
  return absolute(timeframe, "timeframe", zone);
}

/**
 * Reads `compare_to`. Text without offset is in the zone of the timeframe, whose buckets the other time's stand beside.
 * @throws MillraceError `InvalidTimeframeError`; `MissingParameterError` without a timeframe
 */
export function parseCompareTo(raw: Json, { timeframe, zone }: ParsedTime): CompareTo {
  const to = check(WIRE.compare_to, raw, "compare_to");
  if (timeframe === undefined) throw new MillraceError("MissingParameterError", "compare_to needs a timeframe.");
  if (typeof to === "string") return { kind: to };
  refuseUnknown(raw, { known: ["start", "end"], of: "compare_to", code: "InvalidTimeframeError" });
  return { kind: "timeframe", timeframe: absolute(to, "compare_to", zone).timeframe };
}

function absolute(asked: { readonly start: string; readonly end: string }, path: string, zone: Zone) {
  const start = instant(asked.start, `${path}.start`, zone);
  const effective = start.offset ?? zone;
  const end = instant(asked.end, `${path}.end`, effective);
  if (end.ms > start.ms)
    return { timeframe: { kind: "absolute" as const, start: start.ms, end: end.ms }, zone: effective };
  throw new MillraceError(
    "InvalidTimeframeError",
    `${path}.end (${isoUtc(end.ms)}) must be after ${path}.start (${isoUtc(start.ms)}).`,
  );
}

function relative(text: string): Timeframe {
  if (text === "today") return { kind: "relative", side: "this", count: 1, unit: "day" };
  if (text === "yesterday") return { kind: "relative", side: "previous", count: 1, unit: "day" };
  const [, side, digits, units, single] = RELATIVE.exec(text) ?? [];
  const read = readUnits(digits ?? "1", units ?? single ?? "");
  if (side === undefined || !read) {
    throw new MillraceError("InvalidTimeframeError", `timeframe "${quotable(text)}" is not known. ${ALLOWED}`);
  }
  // `last_` is the oldest name of `previous_`; scripts still use it.
  return { kind: "relative", side: side === "this" ? "this" : "previous", ...read };
}

function instant(text: string, path: string, zone: Zone): IsoTime {
  const time = readIso(text, zone);
  if (time) return time;
  throw new MillraceError(
    "InvalidTimeframeError",
    `${path} "${quotable(text)}" is not an ISO 8601 time. Write 2021-05-04, 2021-05-04T10:11 or 2021-05-04T10:11:12.345Z.`,
  );
}
