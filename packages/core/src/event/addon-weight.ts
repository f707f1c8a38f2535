import { isObject, type Json } from "../values/json.ts";
import { valueAt } from "../values/paths.ts";
import type { AcceptedEvent, KeenAddon } from "./event.ts";
import { LIMITS } from "./limits.ts";

/** Properties that each writes at most, beside the parameters of a URL. */
const LEAVES: Record<KeenAddon["name"], number> = {
  "keen:ip_to_geo": 7,
  "keen:ua_parser": 11,
  "keen:url_parser": 5,
  "keen:referrer_parser": 3,
  "keen:date_time_parser": 11,
};
/** Of a name and a value of an add-on's own (`minute: 30`, `browser.family: "Chrome"`). */
const LEAF_CHARS = 20;

/**
 * About how many characters the add-ons of an event will write, paths included: no less than they do, and no more than they may.
 * Whoever weighs an event before they have run must count it, since one text is read by as many of them as their list names.
 */
export function addonWeight({ addons, properties }: Pick<AcceptedEvent, "addons" | "properties">): number {
  if (!areAddons(addons) || !isObject(properties)) return 0;
  let weight = 0;
  for (const { name, input, output } of addons) {
    let leaves = LEAVES[name];
    let read = 0;
    for (const path of inputPaths(input)) {
      const value = valueAt(properties, path);
      // What is not there yet is a part of what those before it write.
      read += value === undefined ? weight : encodedChars(value);
      if (name === "keen:url_parser") leaves += parametersOf(value);
    }
    weight += read + leaves * (output.length + LEAF_CHARS);
    if (weight >= LIMITS.addonChars) return LIMITS.addonChars;
  }
  return weight;
}

/** The properties that an add-on reads. */
export function inputPaths(input: KeenAddon["input"]): string[] {
  return Object.values(input).filter((path) => typeof path === "string");
}

/** Of a text in a URL: what is not ASCII becomes three characters for each of its bytes. */
function encodedChars(value: Json): number {
  if (typeof value !== "string") return 0;
  const others = value.replaceAll(/[\x21-\x7e]+/g, "");
  return value.length - others.length + 3 * Buffer.byteLength(others);
}

function parametersOf(value: Json | undefined): number {
  return typeof value === "string" ? value.split("&").length : 0;
}

/** Somebody else may have written what is sent again: whoever runs it finds out, nobody may fall over it here. */
function areAddons(value: unknown): value is readonly KeenAddon[] {
  return (
    Array.isArray(value) &&
    value.every((entry) => {
      if (!isObject(entry)) return false;
      const { name, input, output } = entry;
      return typeof name === "string" && Object.hasOwn(LEAVES, name) && isObject(input) && typeof output === "string";
    })
  );
}
