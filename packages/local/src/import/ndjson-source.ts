import { isObject, readIso, type Json, type JsonObject } from "@millrace/core";
import { importId, Occurrences } from "./ids.ts";
import { numberedLines } from "./lines.ts";
import type { ImportSource, Item } from "./source.ts";

/**
 * A file of one JSON object per line, all of one collection.
 * @param timestamp dotted path of the property that holds the time: ISO 8601 text, or milliseconds since 1970 as a number
 */
export function ndjsonSource(file: string, collection: string, timestamp: string): ImportSource {
  return {
    async *items(onProgress) {
      const occurrences = new Occurrences();
      for await (const { line, text } of numberedLines(file, onProgress)) yield toItem(line, text, occurrences);
    },
    notes: () => [],
  };

  function toItem(line: number, text: string, occurrences: Occurrences): Item {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return { line, bad: `not JSON: ${(error as Error).message}`, text };
    }
    if (!isObject(value)) return { line, bad: "not a JSON object", text };
    const time = timeOf(value, timestamp);
    if (time === undefined)
      return { line, bad: `${timestamp} is not a time: ${JSON.stringify(at(value, timestamp)) ?? "missing"}`, text };
    const content = JSON.stringify(value);
    const keen = { id: importId(time, content, occurrences.next(content)), timestamp: new Date(time).toISOString() };
    return {
      line,
      collection,
      event: { ...value, keen: { ...(isObject(value["keen"]) ? value["keen"] : {}), ...keen } },
    };
  }
}

function timeOf(event: JsonObject, path: string): number | undefined {
  const value = at(event, path);
  if (typeof value === "number" && Number.isFinite(value) && Math.abs(value) < 8.64e15) return Math.trunc(value);
  return typeof value === "string" ? readIso(value)?.ms : undefined;
}

function at(event: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = event;
  for (const name of path.split(".")) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
