import {
  MillraceError,
  type EventSet,
  type Json,
  type JsonObject,
  type RetentionPeriod,
  type RetentionQuery,
} from "@millrace/core";
import { check, quotable } from "../check.ts";
import { parseEvents } from "../parse-events.ts";
import { retentionSet, WIRE } from "../wire.ts";
import { readPart, readText, within } from "./part.ts";

const PERIODS: ReadonlyMap<string, RetentionPeriod> = new Map([
  ["daily", "day"],
  ["weekly", "week"],
  ["monthly", "month"],
]);

/** @throws MillraceError that names the parameter; `timeframe` is required: the cohorts are its periods */
export function parseRetention(raw: JsonObject): RetentionQuery {
  const actor = check(WIRE.actor_property, raw["actor_property"], "actor_property");
  const first = parseSet(raw, "first", raw["first"]);
  if (first.timeframe === undefined) throw new MillraceError("MissingParameterError", "timeframe is required.");
  return {
    kind: "retention",
    actor,
    first,
    // Who does not say otherwise asks who did the same again.
    returning: raw["returning"] === undefined ? first : parseSet(raw, "returning", raw["returning"]),
    period: parsePeriod(raw["interval"]),
    unbounded: raw["unbounded"] !== undefined && check(WIRE.unbounded, raw["unbounded"], "unbounded"),
  };
}

function parseSet({ timeframe, timezone, bots }: JsonObject, path: string, value: Json | undefined): EventSet {
  if (value === undefined) throw new MillraceError("MissingParameterError", `${path} is required.`);
  const part = readPart(readText(value, path), path, Object.keys(retentionSet.shape));
  const inherited = Object.entries({ timeframe, timezone, bots }).filter(([, each]) => each !== undefined);
  return within(path, () => parseEvents({ ...(Object.fromEntries(inherited) as JsonObject), ...part }));
}

function parsePeriod(raw: Json | undefined): RetentionPeriod {
  const text = check(WIRE.interval, raw, "interval", "InvalidIntervalError");
  const period = PERIODS.get(text);
  if (period) return period;
  throw new MillraceError(
    "InvalidIntervalError",
    `interval "${quotable(text)}" is not possible with retention. Use ${[...PERIODS.keys()].join(", ")}.`,
  );
}
