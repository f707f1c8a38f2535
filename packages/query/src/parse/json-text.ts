import { MillraceError, parseExactJson, type Json } from "@millrace/core";
import { quotable } from "./check.ts";

/** Deepest nesting in a request: filters nest 10 deep (two levels each), the rest much less. */
const MAX_DEPTH = 30;

/** The value of a text that reads as an object, a list or a quoted string; else the text as it stands. */
export function readJsonText(text: string): Json {
  if (!/^\s*["[{]/.test(text)) return text;
  try {
    return parseExactJson(text) as Json;
  } catch {
    return text;
  }
}

/**
 * A copy that is safe to walk recursively: nesting is bounded, numbers are finite, and text is well-formed, as stored text is (a
 * lone surrogate could equal nothing).
 * @param parameter for errors
 * @throws MillraceError `InvalidParameterError`
 */
export function cleanJson(value: Json | bigint, parameter: string, depth = 1): Json {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new MillraceError("InvalidParameterError", `${quotable(parameter)} holds a number that is too large.`);
  }
  if (typeof value === "bigint") {
    const problem = `holds the integer ${value}, which no number here is exactly: they are doubles. As text it compares with text.`;
    throw new MillraceError("InvalidParameterError", `${quotable(parameter)} ${problem}`);
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) {
    throw new MillraceError("InvalidParameterError", `${quotable(parameter)} is nested more than ${MAX_DEPTH} deep.`);
  }
  if (Array.isArray(value)) return value.map((element) => cleanJson(element, parameter, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), cleanJson(member, parameter, depth + 1)]),
  );
}
