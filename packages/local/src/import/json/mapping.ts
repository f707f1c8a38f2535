import { isObject, type Json, type JsonObject, type Zone } from "@millrace/core";

/**
 * Where an export keeps what every event has. Each value is a path: dots go into objects, and a name that holds dots itself is
 * found first. Several paths are tried in turn.
 */
export interface Mapping {
  readonly time: readonly string[];
  /** Whose clock a time is on that does not say. Default: UTC's. */
  readonly zone?: Zone;
  /** A property whose value names the collection, or a fixed name. */
  readonly collection: { readonly from: readonly string[] } | { readonly name: string };
  readonly id?: readonly string[];
  readonly user?: readonly string[];
  readonly address?: readonly string[];
  readonly userAgent?: readonly string[];
  readonly url?: readonly string[];
  readonly referrer?: readonly string[];
  readonly title?: readonly string[];
  /** The object whose properties are the event's; the others of the line are dropped. Default: the whole line. */
  readonly properties?: string;
  /** Changes the line's shape before it is read, where paths do not reach. */
  readonly unfold?: (line: JsonObject) => JsonObject;
  /** Names of collections that stand for a page view here. */
  readonly pageViews?: readonly string[];
}

/** The value at the first of the paths that leads to one. */
export function valueAt(line: JsonObject, paths: readonly string[] = []): Json | undefined {
  for (const path of paths) {
    const found = at(line, path);
    if (found !== undefined && found !== null && found !== "") return found;
  }
  return undefined;
}

/** The same, for what must be a text. Numbers are texts in many exports. */
export function textAt(line: JsonObject, paths: readonly string[] | undefined): string | undefined {
  const found = valueAt(line, paths);
  return typeof found === "string" ? found : typeof found === "number" ? String(found) : undefined;
}

function at(line: JsonObject, path: string): Json | undefined {
  if (Object.hasOwn(line, path)) return line[path];
  let value: Json | undefined = line;
  const parts = path.split(".");
  for (const [index, part] of parts.entries()) {
    if (!isObject(value)) return undefined;
    const rest = parts.slice(index).join(".");
    if (Object.hasOwn(value, rest)) return value[rest];
    if (!Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

const MAP_KEYS = [
  "time",
  "collection",
  "id",
  "user",
  "ip",
  "user_agent",
  "url",
  "referrer",
  "title",
  "properties",
] as const;

/**
 * Reads `--map time=properties.time,collection=event,id=uuid`.
 * @throws RangeError that names what is wrong
 */
export function parseMap(text: string): Partial<Record<(typeof MAP_KEYS)[number], string>> {
  const map: Partial<Record<(typeof MAP_KEYS)[number], string>> = {};
  for (const pair of text.split(",")) {
    const [key = "", path = ""] = pair.split(/=(.*)/s, 2).map((part) => part.trim());
    const known = MAP_KEYS.find((name) => name === key);
    if (known === undefined || path === "")
      throw new RangeError(
        `--map takes NAME=PROPERTY pairs with a comma between; NAME is one of ${MAP_KEYS.join(", ")}. Not: "${pair}".`,
      );
    map[known] = path;
  }
  return map;
}
