import { isObject, MillraceError, parseExactJson, type JsonObject } from "@millrace/core";
import { quotable } from "../parse/check.ts";
import { cleanJson, readJsonText } from "../parse/json-text.ts";

/**
 * The parameters of a GET: each value is JSON text when it reads as an object, a list or a quoted string (keen-analysis quotes
 * even plain names), else it is taken as it stands. Empty values count as absent.
 * @throws MillraceError `InvalidParameterError` when a name is given twice with different values
 */
export function queryParameters(url: string): JsonObject {
  const raw = new Map<string, string>();
  for (const [name, text] of new URL(url).searchParams) {
    if (text === "") continue;
    if (raw.has(name) && raw.get(name) !== text) {
      throw new MillraceError("InvalidParameterError", `${quotable(name)} is given twice with different values.`);
    }
    raw.set(name, text);
  }
  return readable(Object.fromEntries([...raw].map(([name, text]) => [name, readJsonText(text)])));
}

/**
 * The parameters of a POST: a JSON object, whatever its Content-Type says; no body at all is an empty one.
 * @throws MillraceError `InvalidJSONError` when it is not UTF-8, not JSON or not an object
 */
export function bodyParameters(body: Uint8Array): JsonObject {
  if (body.byteLength === 0) return {};
  let value: unknown;
  try {
    value = parseExactJson(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new MillraceError("InvalidJSONError", "The body is not JSON.");
  }
  if (!isObject(value)) throw new MillraceError("InvalidJSONError", "The body must be a JSON object.");
  return readable(value);
}

/**
 * A copy that is safe to walk recursively: nesting is bounded, null and "" at the top count as absent, numbers are finite, and
 * text is well-formed, as stored text is (a lone surrogate could equal nothing).
 */
function readable(raw: JsonObject): JsonObject {
  const present = Object.entries(raw).filter(([, value]) => value !== null && value !== "");
  return Object.fromEntries(present.map(([name, value]) => [name.toWellFormed(), cleanJson(value, name)]));
}
