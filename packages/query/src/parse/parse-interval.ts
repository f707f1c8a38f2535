import { MillraceError, type Interval, type Json } from "@millrace/core";
import { check, quotable } from "./check.ts";
import { WIRE } from "./wire.ts";
import { readUnits, UNIT_PATTERN } from "./parse-units.ts";

const NAMED: ReadonlyMap<string, Interval> = new Map([
  ["minutely", { kind: "calendar", unit: "minute" }],
  ["hourly", { kind: "calendar", unit: "hour" }],
  ["daily", { kind: "calendar", unit: "day" }],
  ["weekly", { kind: "calendar", unit: "week" }],
  ["monthly", { kind: "calendar", unit: "month" }],
  ["yearly", { kind: "calendar", unit: "year" }],
]);
const EVERY = new RegExp(`^every_(\\d{1,12})_(${UNIT_PATTERN})$`);

/** @throws MillraceError `InvalidIntervalError` naming what is allowed */
export function parseInterval(raw: Json): Interval {
  const text = check(WIRE.interval, raw, "interval", "InvalidIntervalError");
  const named = NAMED.get(text);
  if (named) return named;
  const [, digits, unit] = EVERY.exec(text) ?? [];
  const every = digits !== undefined && unit !== undefined ? readUnits(digits, unit) : undefined;
  if (every) return { kind: "every", ...every };
  throw new MillraceError(
    "InvalidIntervalError",
    `interval "${quotable(text)}" is not known. Use ${[...NAMED.keys()].join(", ")}, or every_N_ with a unit, such as every_15_minutes.`,
  );
}
