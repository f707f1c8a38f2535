import { EVERYTHING, MillraceError, type EventSet, type JsonObject } from "@millrace/core";
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
  return {
    collections,
    ...parseTime(raw),
    filter: raw["filters"] === undefined ? EVERYTHING : parseFilters(raw["filters"]),
    bots: raw["bots"] === undefined ? "include" : check(WIRE.bots, raw["bots"], "bots"),
  };
}
