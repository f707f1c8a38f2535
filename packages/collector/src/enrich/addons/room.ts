import { isObject, LIMITS, type Json, type JsonObject } from "@millrace/core";

/**
 * What the add-ons of one event may read and write. Ingest has checked what was sent, and each add-on makes more of it: a character
 * becomes nine, and fifty add-ons may read the same text. Unbounded, a request of 100 KB is more than the memory of a collector.
 */
export interface Room {
  /** Whether these values may still be read; they are then counted. */
  toRead(values: Readonly<Record<string, Json>>): boolean;
  /**
   * What may be written at a path of a result: all of it but texts and paths that are too long for any property; undefined when
   * there is no room for so much.
   */
  toWrite(output: string, result: JsonObject): JsonObject | undefined;
  /** Whether anything was left out. */
  wasMissing(): boolean;
}

export function createRoom(properties: JsonObject): Room {
  let readable: number = LIMITS.addonChars;
  let writable: number = LIMITS.addonChars;
  let leaves = LIMITS.propertiesPerEvent - [...leavesOf(properties, "")].length;
  let missing = false;

  return {
    toRead(values) {
      for (const value of Object.values(values)) readable -= charsOf(value);
      missing ||= readable < 0;
      return readable >= 0;
    },
    toWrite(output, result) {
      const fitting = withoutTooLong(result, output);
      const kept = [...leavesOf(fitting, output)];
      const chars = kept.reduce((sum, [path, value]) => sum + path.length + charsOf(value), 0);
      // Ingest refuses more levels; a message may be older than that rule.
      const isDeep = output.split(".").length > LIMITS.addonOutputLevels;
      const fits = !isDeep && chars <= writable && kept.length <= leaves;
      missing ||= !fits || kept.length < [...leavesOf(result, output)].length;
      if (!fits) return undefined;
      writable -= chars;
      leaves -= kept.length;
      return fitting;
    },
    wasMissing: () => missing,
  };
}

function withoutTooLong(object: JsonObject, path: string): JsonObject {
  const kept = Object.entries(object).flatMap(([name, value]): [string, Json][] => {
    const at = `${path}.${name}`;
    if (isObject(value)) return [[name, withoutTooLong(value, at)]];
    return at.length > LIMITS.propertyPathChars || charsOf(value) > LIMITS.stringChars ? [] : [[name, value]];
  });
  return Object.fromEntries(kept);
}

function* leavesOf(object: JsonObject, path: string): Generator<readonly [path: string, value: Json]> {
  for (const [name, value] of Object.entries(object)) {
    const at = `${path}.${name}`;
    if (isObject(value)) yield* leavesOf(value, at);
    else yield [at, value];
  }
}

/** Of a text; a list that an add-on writes is two numbers. */
function charsOf(value: Json): number {
  return typeof value === "string" ? value.length : 0;
}
