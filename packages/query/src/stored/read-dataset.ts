import { isObject, MillraceError, type Json, type JsonObject } from "@millrace/core";
import { isMeasureAnalysis } from "../parse/analyses.ts";
import { check, quotable } from "../parse/check.ts";
import { refuseUnknown } from "../parse/known.ts";
import { parseQuery } from "../parse/parse-query.ts";
import { DATASET } from "../parse/wire.ts";
import type { Dataset } from "./datasets.ts";
import { checkName } from "./names.ts";

/** Characters of JSON. */
const MOST_CHARS = 20_000;

/** What a dataset shows beside its definition. */
const SHOWN = [
  "project_id",
  "organization_id",
  "dataset_name",
  "last_scheduled_date",
  "latest_subtimeframe_available",
  "milliseconds_behind",
  "api_key",
];

/**
 * Reads the body of `PUT …/datasets/{name}`. The question goes through the parser of live queries; it must have an interval, and a
 * timeframe that moves with the time.
 * @throws MillraceError naming what is wrong
 */
export function readDataset(raw: JsonObject, name: string): Omit<Dataset, "createdAt"> {
  refuseUnknown(raw, { known: ["display_name", "query", "index_by"], passed: SHOWN, of: "a dataset" });
  check(DATASET.query, raw["query"], "query");
  const sent = isObject(raw["query"]) ? raw["query"] : {};
  const { analysis_type: analysisType, project_id: _, ...parameters } = withoutNulls(sent);
  const analysis = check(DATASET.analysis_type, analysisType, "query.analysis_type");
  if (!isMeasureAnalysis(analysis) && analysis !== "multi_analysis") {
    throw refused(
      `query.analysis_type "${quotable(analysis)}" has no dataset: it must give a value for each interval.`,
    );
  }
  for (const needed of ["event_collection", "timeframe", "interval"]) {
    if (parameters[needed] === undefined)
      throw new MillraceError("MissingParameterError", `query.${needed} is required.`);
  }
  if (typeof parameters["timeframe"] !== "string") {
    throw refused('query.timeframe must be relative, such as "this_500_days".');
  }
  parseQuery(analysis, parameters);
  const definition = {
    name: checkName(name, "The name"),
    displayName:
      raw["display_name"] === undefined ? name : check(DATASET.display_name, raw["display_name"], "display_name"),
    analysis,
    parameters,
    indexBy: [...new Set([check(DATASET.index_by, raw["index_by"], "index_by")].flat())],
  };
  if (definition.indexBy.length === 0) throw refused("index_by must name at least one property.");
  if (JSON.stringify(definition).length <= MOST_CHARS) return definition;
  throw new MillraceError("RequestEntityTooLarge", `A dataset has at most ${MOST_CHARS} characters of JSON.`);
}

/**
 * What a request for results says of each index property: the values that it may mean. In a query string 93 and "93" look alike.
 * @param raw `index_by`: the value of the only index; else an object of values by property, or a list of them in order
 * @throws MillraceError naming what is missing
 */
export function readIndex({ indexBy }: Dataset, raw: Json | undefined): ReadonlyMap<string, readonly Json[]> {
  if (raw === undefined)
    throw new MillraceError("MissingParameterError", `index_by is required: ${indexBy.join(", ")}.`);
  const given = (name: string, i: number): Json | undefined => {
    if (isObject(raw)) return Object.hasOwn(raw, name) ? raw[name] : undefined;
    if (Array.isArray(raw)) return raw[i];
    return indexBy.length === 1 ? raw : undefined;
  };
  if (isObject(raw)) refuseUnknown(raw, { known: indexBy, of: "index_by" });
  return new Map(
    indexBy.map((name, i) => {
      const value = given(name, i);
      if (value === undefined)
        throw new MillraceError("MissingParameterError", `index_by: "${quotable(name)}" is required.`);
      if (typeof value === "object" && value !== null) throw refused(`index_by: "${quotable(name)}" must be a value.`);
      return [name, meanings(value)] as const;
    }),
  );
}

function meanings(value: string | number | boolean | null): Json[] {
  if (typeof value !== "string" || !/^(-?\d+(\.\d+)?|true|false|null)$/.test(value)) return [value];
  return [value, JSON.parse(value) as Json];
}

function withoutNulls(query: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== null && value !== ""));
}

function refused(message: string): MillraceError {
  return new MillraceError("InvalidParameterError", message);
}
