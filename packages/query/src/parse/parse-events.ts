import { EVERYTHING, MillraceError, type EventSet, type Json, type JsonObject, type TimeColumn } from "@millrace/core";
import { check } from "./check.ts";
import { parseFilters } from "./parse-filters.ts";
import { parseTime } from "./parse-timeframe.ts";
import { WIRE } from "./wire.ts";

/** The events that these parameters are about: collections, time, filters, bots. @throws MillraceError naming the parameter */
export function parseEvents(raw: JsonObject): EventSet {
  const collections = [...new Set([check(WIRE.event_collection, raw["event_collection"], "event_collection")].flat())];
  if (collections.length === 0) {
    throw new MillraceError("InvalidParameterError", "event_collection must name at least one collection.");
  }
  const time = parseTime(raw);
  if (raw["time_property"] !== undefined && time.timeframe === undefined) {
    throw new MillraceError("MissingParameterError", "timeframe is required with time_property.");
  }
  return {
    collections,
    ...time,
    ...(raw["time_property"] !== undefined && { time: timeColumn(raw["time_property"]) }),
    filter: raw["filters"] === undefined ? EVERYTHING : parseFilters(raw["filters"]),
    bots: raw["bots"] === undefined ? "include" : check(WIRE.bots, raw["bots"], "bots"),
  };
}

function timeColumn(raw: Json): TimeColumn {
  return check(WIRE.time_property, raw, "time_property") === "$visit.start" ? "visit_start" : "timestamp";
}
