import {
  inputPaths,
  isBlocked,
  isObject,
  KEEN_ADDONS,
  LIMITS,
  mergedAt,
  MillraceError,
  valueAt,
  withoutPath,
  type Json,
  type JsonObject,
  type KeenAddon,
} from "@millrace/core";
import { propertyProblem } from "../event/names.ts";

/** The parameters an add-on must have; all of them name properties of the event. */
const REQUIRED: Record<KeenAddon["name"], readonly string[]> = {
  "keen:ip_to_geo": ["ip"],
  "keen:ua_parser": ["ua_string"],
  "keen:url_parser": ["url"],
  "keen:referrer_parser": ["referrer_url", "page_url"],
  "keen:date_time_parser": ["date_time"],
};
const MAX_ADDONS = 50;

/**
 * Checks the form of `keen.addons`; the collector runs them. {@link checkAddons} then checks them against their event.
 * @throws MillraceError `InvalidPropertyValueError` naming what is wrong
 */
export function readAddons(value: Json): KeenAddon[] {
  if (!Array.isArray(value)) throw addonError("keen.addons must be a list");
  if (value.length > MAX_ADDONS) throw addonError(`keen.addons may hold ${MAX_ADDONS} entries`);
  return value.map(readAddon);
}

/**
 * Checks that every add-on finds what it reads and has room for what it writes, in the order they will run: what an earlier one
 * takes away is gone, and what it may have written counts as there. Found later, an event that was accepted would have to be
 * thrown away, or a value of its sender's.
 * @param properties as they will be queued: placeholders and what the key fills in are there
 * @throws MillraceError `InvalidPropertyValueError` naming the add-on and the property
 */
export function checkAddons(addons: readonly KeenAddon[], properties: JsonObject): void {
  let view = properties;
  let chars = 0;
  const written: string[] = [];
  for (const { name, input, output } of addons) {
    for (const path of inputPaths(input)) chars += textLength(valueAt(view, path));
    if (chars > LIMITS.addonChars) {
      throw addonError(`together they read more than ${LIMITS.addonChars} characters of the event`);
    }
    for (const parameter of REQUIRED[name]) {
      const path = String(input[parameter]);
      const made = written.some((earlier) => path.startsWith(`${earlier}.`));
      if (path !== "keen.timestamp" && !made && valueAt(view, path) === undefined) {
        throw addonError(`${name} reads the property "${shown(path)}", which the event does not have`);
      }
    }
    if (input["remove_ip_property"] === true) view = withoutPath(view, String(input["ip"]));
    if (isBlocked(view, output)) {
      throw addonError(`${name} writes an object at "${shown(output)}", where the event has another value`);
    }
    view = mergedAt(view, output, {});
    written.push(output);
  }
}

function readAddon(entry: Json): KeenAddon {
  if (!isObject(entry)) throw addonError("an entry of keen.addons must be an object");
  const { name, input, output } = entry;
  const known = KEEN_ADDONS.find((addon) => addon === name);
  if (!known) throw addonError("an entry of keen.addons has a name that is not one of Keen's add-ons");
  if (!isObject(input)) throw addonError(`${known} needs an object "input"`);
  for (const parameter of REQUIRED[known]) {
    if (typeof input[parameter] !== "string") throw addonError(`${known} needs the input "${parameter}"`);
  }
  return { name: known, input: readInput(input, known), output: readOutput(output, known) };
}

function readInput(input: JsonObject, name: string): KeenAddon["input"] {
  const read: KeenAddon["input"] = Object.create(null);
  for (const parameter of Object.keys(input)) {
    const value = input[parameter];
    const boolean = parameter === "remove_ip_property";
    if (boolean ? typeof value !== "boolean" : !isPath(value)) {
      throw addonError(
        `the input "${shown(parameter)}" of ${name} must be ${boolean ? "a boolean" : "a property path"}`,
      );
    }
    read[parameter] = value as string | boolean;
  }
  return read;
}

function readOutput(output: Json | undefined, name: string): string {
  if (!isPath(output)) throw addonError(`${name} needs a property path "output"`);
  if (output === "keen" || output.startsWith("keen.")) throw addonError(`${name} may not write into "keen"`);
  const names = output.split(".");
  for (const part of names) {
    const problem = propertyProblem(part);
    if (problem !== undefined) throw addonError(`the output of ${name} is no property path: a name in it ${problem}`);
  }
  if (names.length > LIMITS.addonOutputLevels) {
    throw addonError(`the output of ${name} has ${names.length} levels; ${LIMITS.addonOutputLevels} are possible`);
  }
  return output;
}

function isPath(value: Json | undefined): value is string {
  return typeof value === "string" && value !== "" && value.length <= LIMITS.propertyPathChars && value.isWellFormed();
}

function textLength(value: Json | undefined): number {
  return typeof value === "string" ? value.length : 0;
}

function shown(path: string): string {
  return path.slice(0, 60);
}

function addonError(problem: string): MillraceError {
  return new MillraceError("InvalidPropertyValueError", `Add-ons: ${problem}.`);
}
