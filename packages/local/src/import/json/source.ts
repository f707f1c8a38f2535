import { isObject, LIMITS, zoneId, type Json, type JsonObject } from "@millrace/core";
import { allLines } from "../read/all-lines.ts";
import { parseKeepingDigits, remarkOnTexts } from "../read/exact.ts";
import { hash52, importId, Occurrences } from "../read/ids.ts";
import type { ImportSource, Item, SourceFile } from "../read/source.ts";
import { isOfNoZone, readTime, readUnix } from "../read/time.ts";
import { elements, isWrittenFreely } from "./elements.ts";
import { textAt, valueAt, type Mapping } from "./mapping.ts";
import { admissibleNames } from "./names.ts";
import { PAGE_VIEWS } from "./presets.ts";

/** So many changed names are shown; the others are counted. */
const NAMES_SHOWN = 5;

type Made = Pick<Extract<Item, { event: unknown }>, "collection" | "event"> | { readonly bad: string };

/**
 * Files of one JSON object a line, or of one JSON array.
 * @param mapping where a line keeps its time, collection, id and context
 */
export function jsonSource(files: readonly SourceFile[], mapping: Mapping): ImportSource {
  const renamed = new Set<string>();
  const asText = new Set<string>();
  let withoutZone = 0;
  return {
    async *items(onProgress) {
      const occurrences = new Occurrences();
      const free = await Promise.all(files.map(async (file) => ((await isWrittenFreely(file.path)) ? [file] : [])));
      const objects = elements(allLines(files, onProgress), new Set(free.flat()));
      for await (const { file, line, index, text } of objects) {
        const trimmed = text.trim().replace(/,$/, "");
        // An array that was written an element a line reads like lines, but for its first and last.
        if (trimmed === "[" || trimmed === "]") continue;
        const place = { file: file.path, line, index };
        const made = toEvent(trimmed, file, occurrences);
        yield "bad" in made ? { ...place, bad: made.bad, text } : { ...place, ...made };
      }
    },
    notes: () => [],
    remarks: () => [...remarkOnNames(renamed), ...remarkOnZones(withoutZone), ...remarkOnTexts(asText)],
  };

  function remarkOnZones(times: number): string[] {
    if (times === 0) return [];
    const zone = mapping.zone === undefined ? "UTC (--timezone NAME says another)" : zoneId(mapping.zone);
    return [`${times.toLocaleString("en")} times name no zone and were taken for ${zone}`];
  }

  function toEvent(text: string, file: SourceFile, occurrences: Occurrences): Made {
    let value: unknown;
    try {
      value = parseKeepingDigits(text, (name) => asText.add(name));
    } catch (error) {
      return { bad: `not JSON: ${(error as Error).message}` };
    }
    if (!isObject(value)) return { bad: "not a JSON object" };
    const line = mapping.unfold?.(value) ?? value;
    const said = plainTime(valueAt(line, mapping.time));
    const time =
      typeof said === "number"
        ? readUnix(said, Date.now())
        : typeof said === "string"
          ? readTime(said.trim(), Date.now(), mapping.zone)
          : undefined;
    if (time === undefined) return { bad: whyNoTime(line, mapping.time) };
    const collection = collectionOf(line, mapping);
    if (collection === undefined) return { bad: `no collection: nothing in ${pathsOf(mapping.collection)}` };
    const own = mapping.properties === undefined ? line : valueAt(line, [mapping.properties]);
    if (own !== undefined && !isObject(own)) return { bad: `${mapping.properties} is not an object` };
    if (typeof said === "string" && isOfNoZone(said.trim())) withoutZone++;
    const { keen, $context, ...properties } = withoutAddress(own ?? {}, mapping);
    return {
      collection,
      event: {
        ...withoutReserved(admissibleNames(properties, (name) => renamed.add(name))),
        ...contextOf(line, mapping, $context),
        keen: {
          ...(isObject(keen) ? keen : {}),
          id: idOf(line, mapping, file, time, value, occurrences),
          timestamp: new Date(time).toISOString(),
        },
      },
    };
  }
}

function remarkOnNames(renamed: ReadonlySet<string>): string[] {
  if (renamed.size === 0) return [];
  const names = [...renamed];
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : "";
  return [`names with "." or "$" were changed: ${names.slice(0, NAMES_SHOWN).join(", ")}${more}`];
}

/** The address makes the visitor and is then forgotten; as a property it would be kept. */
function withoutAddress(own: JsonObject, { address = [], properties }: Mapping): JsonObject {
  const inside = properties === undefined ? "" : `${properties}.`;
  const names = address.filter((path) => path.startsWith(inside)).map((path) => path.slice(inside.length));
  return Object.fromEntries(Object.entries(own).filter(([name]) => !names.includes(name)));
}

/** `$keen` has become `keen`, which is ours; under another name nothing of it is lost. */
function withoutReserved({ keen, ...own }: JsonObject): JsonObject {
  return keen === undefined ? own : { ...own, keen_: keen };
}

function idOf(
  line: JsonObject,
  mapping: Mapping,
  file: SourceFile,
  time: number,
  value: JsonObject,
  occurrences: Occurrences,
): string {
  const id = textAt(line, mapping.id);
  // An id of the export's own is worth more than where the line was found.
  if (id !== undefined) return importId(time, JSON.stringify(["id", id]), "", 0);
  const content = JSON.stringify(value);
  return importId(time, content, file.stream, occurrences.next(content, file.path));
}

/** MongoDB's exports write a time as `{ "$date": … }`, and its milliseconds as `{ "$numberLong": "…" }`. */
function plainTime(value: Json | undefined): Json | undefined {
  const inner = isObject(value) ? (value["$date"] ?? value["$numberLong"]) : undefined;
  return inner === undefined ? value : plainTime(inner);
}

function whyNoTime(line: JsonObject, paths: readonly string[]): string {
  const value = valueAt(line, paths);
  const name = paths.join(" or ");
  if (value === undefined) return `${name} is not a time: it is missing`;
  const shown = JSON.stringify(value).slice(0, 60);
  return typeof value === "number" || /^"\d+(\.\d+)?"$/.test(shown)
    ? `${name} is not a time: ${shown} is no time of the web since 1993, be it seconds, milliseconds, microseconds or nanoseconds`
    : `${name} is not a time: ${shown}`;
}

function collectionOf(line: JsonObject, { collection, pageViews = [] }: Mapping): string | undefined {
  if ("name" in collection) return collection.name;
  const name = textAt(line, collection.from);
  if (name === undefined) return undefined;
  if (pageViews.includes(name)) return PAGE_VIEWS;
  return name.replace(/^\$+/, "") || undefined;
}

function pathsOf(collection: Mapping["collection"]): string {
  return "name" in collection ? collection.name : collection.from.join(", ");
}

/** What the server enriches from. A user's id stands in for the address that makes the visitor. */
function contextOf(line: JsonObject, mapping: Mapping, given: Json | undefined): JsonObject {
  const context: JsonObject = isObject(given) ? { ...given } : {};
  const fields = {
    ip: textAt(line, mapping.address) ?? userOf(line, mapping),
    user_agent: textAt(line, mapping.userAgent),
    url: textAt(line, mapping.url),
    referrer: textAt(line, mapping.referrer)?.replace(/^\$direct$/, ""),
    title: textAt(line, mapping.title),
  };
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined && value !== "" && value.length <= LIMITS.stringChars) context[name] = value;
  return Object.keys(context).length > 0 ? { $context: context } : {};
}

/** Hashed: some products put an e-mail address there, and what stands in for an address is never stored whole. */
function userOf(line: JsonObject, mapping: Mapping): string | undefined {
  const user = textAt(line, mapping.user);
  return user === undefined ? undefined : `user-${hash52(user).toString(36)}`;
}
