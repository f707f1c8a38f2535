import { isObject, parseExactJson, type Json } from "@millrace/core";

/**
 * `JSON.parse`, but an integer that no double holds becomes a text: the past is imported as it was, and the server would refuse the
 * number, as it does of live events.
 * @param changed told the name of each property whose value became one
 * @throws SyntaxError as `JSON.parse`, and for a number beyond every double (1e999), which would be stored as null
 */
export function parseKeepingDigits(text: string, changed: (name: string) => void): unknown {
  return textForBigints(parseExactJson(text) as Json, "", changed);
}

function textForBigints(value: Json | bigint, name: string, changed: (name: string) => void): Json {
  if (typeof value === "bigint") {
    changed(name);
    return String(value);
  }
  if (typeof value === "number" && !Number.isFinite(value))
    throw new SyntaxError(`the number of "${name}" is beyond what a double holds`);
  if (Array.isArray(value)) return value.map((element) => textForBigints(element, name, changed));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, textForBigints(inner, key, changed)]));
}

/** The remark on such properties; none when there are none. */
export function remarkOnTexts(names: ReadonlySet<string>): string[] {
  if (names.size === 0) return [];
  const more = names.size > SHOWN ? ` and ${names.size - SHOWN} more` : "";
  return [`integers that no double holds became texts: ${[...names].slice(0, SHOWN).join(", ")}${more}`];
}

/** So many names are shown; the others are counted. */
const SHOWN = 5;
