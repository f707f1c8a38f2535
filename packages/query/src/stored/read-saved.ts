import { isObject, MillraceError, type Json, type JsonObject } from "@millrace/core";
import { check } from "../parse/check.ts";
import { refuseUnknown } from "../parse/known.ts";
import { parseQuery } from "../parse/parse-query.ts";
import { SAVED } from "../parse/wire.ts";
import { checkName } from "./names.ts";
import type { SavedDefinition } from "./saved-queries.ts";

/** Of a definition with its metadata, characters of JSON: far above any question, far below what an item of the registry takes. */
const MOST_CHARS = 100_000;

/** What a saved query shows beside its definition. Clients that change one send all of it back. */
const SHOWN = [
  "created_date",
  "last_modified_date",
  "user_last_modified_date",
  "is_public",
  "run_information",
  "urls",
  "api_key",
];

/** A `PUT`, read: the definition, and the name it is to have from now on where that is another. */
export interface SavedPut {
  readonly name: string;
  readonly definition: SavedDefinition;
}

/**
 * Reads the body of `PUT …/queries/saved/{name}`. The question goes through the parser of live queries, so what is saved can be
 * asked; null in it counts as absent.
 * @param name that of the path; `query_name` in the body renames (Keen)
 * @throws MillraceError naming what is wrong
 */
export function readSaved(raw: JsonObject, name: string): SavedPut {
  refuseUnknown(raw, { known: Object.keys(SAVED), passed: SHOWN, of: "a saved query" });
  const newName = raw["query_name"] === undefined ? name : check(SAVED.query_name, raw["query_name"], "query_name");
  check(SAVED.query, raw["query"], "query");
  const query = withoutNulls(isObject(raw["query"]) ? raw["query"] : {});
  const { analysis_type: analysisType, ...parameters } = query;
  const analysis = check(SAVED.analysis_type, analysisType, "query.analysis_type");
  const refreshRate =
    raw["refresh_rate"] === undefined ? 0 : check(SAVED.refresh_rate, raw["refresh_rate"], "refresh_rate");
  const metadata = raw["metadata"];
  const definition = { analysis, parameters, refreshRate, ...(metadata !== undefined && { metadata }) };
  const chars = JSON.stringify(definition).length;
  if (chars > MOST_CHARS) {
    throw new MillraceError(
      "RequestEntityTooLarge",
      `The definition has ${chars} characters of JSON; ${MOST_CHARS} are possible.`,
    );
  }
  parseQuery(analysis, parameters);
  if (analysis === "extraction" && refreshRate > 0) {
    throw new MillraceError("InvalidParameterError", "refresh_rate: an extraction cannot be cached; use 0.");
  }
  return { name: checkName(newName, "query_name"), definition };
}

/** A query builder sends null for what was left empty. */
function withoutNulls(query: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== null && value !== ("" satisfies Json)),
  );
}
