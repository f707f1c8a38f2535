import { isObject, MillraceError, type Json, type JsonObject } from "@millrace/core";
import { cleanJson, readJsonText } from "../json-text.ts";
import { refuseUnknown } from "../known.ts";

/**
 * One part of a question with parameters of its own, such as a step: null and "" count as absent, and members that are JSON text are
 * read (Keen's clients write a step's timeframe like that).
 * @param path its place in the request, such as `steps[1]`
 * @throws MillraceError `InvalidParameterError`
 */
export function readPart(
  raw: Json,
  path: string,
  known: readonly string[],
  passed: readonly string[] = [],
): JsonObject {
  if (!isObject(raw)) throw new MillraceError("InvalidParameterError", `${path} must be an object.`);
  refuseUnknown(raw, { known, passed, of: path });
  const present = Object.entries(raw).filter(([, value]) => value !== null && value !== "");
  return Object.fromEntries(present.map(([name, value]) => [name, readText(value, `${path}.${name}`)]));
}

/** A value that may come as JSON text. @throws MillraceError `InvalidParameterError` when it is nested too deep */
export function readText(value: Json, path: string): Json {
  return typeof value === "string" ? cleanJson(readJsonText(value), path) : value;
}

/** What goes wrong inside says where. */
export function within<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof MillraceError)
      throw new MillraceError(thrown.code, `${path}: ${thrown.message}`, { cause: thrown });
    throw thrown;
  }
}
