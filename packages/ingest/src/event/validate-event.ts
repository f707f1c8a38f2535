import { isObject, LIMITS, MillraceError, type Json, type JsonObject } from "@millrace/core";
import { checkPathLength, checkPropertyName } from "./names.ts";

/** Keen: numbers within signed 64 bits. As doubles: the largest such integer rounds up to this. */
const MIN_NUMBER = -(2 ** 63);
const BEYOND_NUMBER = 2 ** 63;

/**
 * Checks the custom properties of one event against Keen's rules and ours, and cleans them in place: text is made well-formed
 * (a lone surrogate becomes U+FFFD; stores and queues refuse it otherwise), -0 becomes 0.
 *
 * Names such as `__proto__` are ordinary: JSON.parse makes them own properties, and everything here reads and writes own
 * properties only.
 * @throws MillraceError `InvalidPropertyNameError`, `InvalidPropertyValueError`, or `InvalidEventError` when too deep or too wide
 */
export function checkProperties(properties: JsonObject): void {
  checkObject(properties, 1, { leaves: 0, path: 0 });
}

/** @throws MillraceError `InvalidEventError` when an event is not an object. `{}` is an event: it happened. */
export function checkIsObject(event: unknown): JsonObject {
  if (isObject(event)) return event;
  throw new MillraceError("InvalidEventError", "An event must be a JSON object.");
}

/** Counts the leaf paths of an event. Inside arrays there is none: their members have no path of their own. */
interface Tally {
  leaves: number;
  /** Characters of the path to the object being checked, with the dot behind it. */
  path: number;
}

function checkObject(object: JsonObject, depth: number, tally: Tally | undefined): void {
  checkDepth(depth);
  for (const name of Object.keys(object)) {
    checkPropertyName(name);
    const value = object[name] as Json;
    const before = tally?.path ?? 0;
    if (tally) {
      checkPathLength(before + name.length, name);
      tally.path = before + name.length + 1;
    }
    const clean = checkValue(value, name, depth, tally);
    if (tally) tally.path = before;
    if (name.isWellFormed()) {
      if (!Object.is(clean, value)) object[name] = clean;
    } else {
      const wellFormed = name.toWellFormed();
      if (Object.hasOwn(object, wellFormed)) {
        throw new MillraceError(
          "InvalidPropertyNameError",
          "Two property names differ only in characters that are none.",
        );
      }
      delete object[name];
      object[wellFormed] = clean;
    }
  }
}

function checkArray(array: Json[], name: string, depth: number): void {
  checkDepth(depth);
  if (array.length > LIMITS.arrayElements) {
    throw valueError(name, `has ${array.length} elements; ${LIMITS.arrayElements} are possible`);
  }
  for (const [index, value] of array.entries()) {
    const clean = checkValue(value, name, depth, undefined);
    if (!Object.is(clean, value)) array[index] = clean;
  }
}

function checkValue(value: Json | bigint, name: string, depth: number, tally: Tally | undefined): Json {
  if (isObject(value)) {
    checkObject(value, depth + 1, tally);
    return value;
  }
  if (Array.isArray(value)) {
    countLeaf(tally);
    checkArray(value, name, depth + 1);
    return value;
  }
  countLeaf(tally);
  if (typeof value === "string") return checkText(value, name);
  if (typeof value === "number") return checkNumber(value, name);
  if (typeof value === "bigint") throw inexact(value, name);
  return value;
}

function checkText(value: string, name: string): string {
  if (value.length > LIMITS.stringChars) {
    throw valueError(name, `is a text of ${value.length} characters; ${LIMITS.stringChars} are possible`);
  }
  return value.isWellFormed() ? value : value.toWellFormed();
}

/** JSON can spell numbers no double can hold: 1e400 arrives as infinity. */
function checkNumber(value: number, name: string): number {
  if (!(value >= MIN_NUMBER && value < BEYOND_NUMBER)) throw outside(name);
  return value === 0 ? 0 : value;
}

/** Two ids that differ in the last digit would be one number, in every count and filter, and nobody would be told. */
function inexact(value: bigint, name: string): MillraceError {
  if (BigInt.asIntN(64, value) !== value) return outside(name);
  return valueError(name, `is the integer ${value}, which cannot be kept exactly; send it as text`);
}

function outside(name: string): MillraceError {
  return valueError(name, "is a number outside of 64 bits");
}

function checkDepth(depth: number): void {
  if (depth <= LIMITS.depth) return;
  throw new MillraceError("InvalidEventError", `The event is nested deeper than ${LIMITS.depth} levels.`);
}

function countLeaf(tally: Tally | undefined): void {
  if (tally === undefined || ++tally.leaves <= LIMITS.propertiesPerEvent) return;
  throw new MillraceError("InvalidEventError", `The event has more than ${LIMITS.propertiesPerEvent} properties.`);
}

function valueError(name: string, problem: string): MillraceError {
  return new MillraceError("InvalidPropertyValueError", `The property "${name.slice(0, 60)}" ${problem}.`);
}
