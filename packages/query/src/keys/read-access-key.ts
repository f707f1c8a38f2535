import type { AccessDefinition, AccessOptions } from "@millrace/access";
import { isObject, MillraceError, type Filter, type Json, type JsonObject } from "@millrace/core";
import { check } from "../parse/check.ts";
import { refuseUnknown } from "../parse/known.ts";
import { parseForcedFilters } from "../parse/parse-filters.ts";
import { ACCESS_KEY } from "../parse/wire.ts";

/** Of a definition, characters of JSON: it is read with every request that the key makes. */
const MOST_CHARS = 20_000;

/** What a key shows beside its definition; clients that change one may send it back. */
const SHOWN = ["key", "project_id", "api_key"];

/** The forced filters of an access key, read by the parser of questions. */
export function readForcedFilters(filters: readonly Json[], path: string): Filter<string> {
  return parseForcedFilters([...filters], path);
}

/**
 * Reads the body of `POST …/keys`, and of `POST …/keys/{key}`, which replaces all of a key.
 * @param checkAutofill throws where these properties could not be recorded
 * @throws MillraceError naming what is wrong
 */
export function readAccessKey(raw: JsonObject, checkAutofill: (properties: JsonObject) => void): AccessDefinition {
  refuseUnknown(raw, { known: Object.keys(ACCESS_KEY), passed: SHOWN, of: "an access key" });
  const definition: AccessDefinition = {
    name: check(ACCESS_KEY.name, raw["name"], "name"),
    active: raw["is_active"] === undefined || check(ACCESS_KEY.is_active, raw["is_active"], "is_active"),
    permitted:
      raw["permitted"] === undefined ? [] : [...new Set(check(ACCESS_KEY.permitted, raw["permitted"], "permitted"))],
    options: readOptions(raw["options"]),
  };
  const chars = JSON.stringify(definition).length;
  if (chars > MOST_CHARS) {
    throw new MillraceError(
      "RequestEntityTooLarge",
      `The key has ${chars} characters of JSON; ${MOST_CHARS} are possible.`,
    );
  }
  const { writes, queries, saved_queries: saved } = definition.options;
  if (queries?.filters) readForcedFilters(queries.filters, "options.queries.filters");
  if (saved?.filters) readForcedFilters(saved.filters, "options.saved_queries.filters");
  // What is checked is cleaned in place. Keen's own properties are checked with each event, by the time it comes.
  const { keen: _, ...autofill } = structuredClone(writes?.autofill ?? {});
  checkAutofill(autofill);
  return definition;
}

/** Without the groups that are null. */
function readOptions(raw: Json | undefined): AccessOptions {
  if (raw === undefined) return {};
  check(ACCESS_KEY.options, raw, "options");
  // Of the request itself: what the schema gives back lacks a property that is called __proto__.
  const groups = Object.entries(isObject(raw) ? raw : {}).filter(([, group]) => group !== null);
  return Object.fromEntries(groups.map(([name, group]) => [name, withoutNulls(group)])) as AccessOptions;
}

function withoutNulls(group: Json): Json {
  return isObject(group) ? Object.fromEntries(Object.entries(group).filter(([, value]) => value !== null)) : group;
}
