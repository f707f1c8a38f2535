import type { JsonObject, PathsQuery } from "@millrace/core";
import { check } from "../check.ts";
import { parseEvents } from "../parse-events.ts";
import { WIRE } from "../wire.ts";

/** What is asked for where nothing is said. */
const DEFAULTS = { session: "$visit.id", direction: "next", depth: 3, values: 10 } as const;

/** @throws MillraceError that names the parameter */
export function parsePaths(raw: JsonObject): PathsQuery {
  const { session_property: session, direction, anchor, depth, values, collapse_repeats: collapse } = raw;
  return {
    kind: "paths",
    ...parseEvents(raw),
    step: check(WIRE.step_property, raw["step_property"], "step_property"),
    session: session === undefined ? DEFAULTS.session : check(WIRE.session_property, session, "session_property"),
    direction: direction === undefined ? DEFAULTS.direction : check(WIRE.direction, direction, "direction"),
    ...(anchor !== undefined && { anchor: check(WIRE.anchor, anchor, "anchor") }),
    depth: depth === undefined ? DEFAULTS.depth : check(WIRE.depth, depth, "depth"),
    top: values === undefined ? DEFAULTS.values : check(WIRE.values, values, "values"),
    collapse: collapse === undefined || check(WIRE.collapse_repeats, collapse, "collapse_repeats"),
  };
}
