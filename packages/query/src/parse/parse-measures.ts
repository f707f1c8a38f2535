import {
  isObject,
  LIMITS_QUERY,
  MillraceError,
  type Json,
  type JsonObject,
  type LabelledMeasure,
  type Measure,
} from "@millrace/core";
import { ANALYSES, isMeasureAnalysis, type MeasureAnalysis } from "./analyses.ts";
import { check, quotable } from "./check.ts";
import { refuseUnknown } from "./known.ts";
import { analysisEntry, WIRE } from "./wire.ts";
import { parseFilters } from "./parse-filters.ts";

/** The label of the only measure of a plain query: the name of its value in rows, and in `order_by`. */
export const SINGLE_LABEL = "result";

/**
 * What one analysis computes.
 * @param path prefix of the parameters' names in errors, such as `analyses.total.`
 * @throws MillraceError `MissingParameterError` or `InvalidParameterError` naming the parameter
 */
export function parseMeasure(analysis: MeasureAnalysis, raw: JsonObject, path = ""): Measure<string> {
  if (analysis === "count") return { kind: "count" };
  const field = check(WIRE.target_property, raw["target_property"], `${path}target_property`);
  if (analysis === "median") return { kind: "percentile", field, percentile: 50 };
  if (analysis === "percentiles") {
    const percentiles = [...new Set(check(WIRE.percentiles, raw["percentiles"], `${path}percentiles`))];
    return { kind: "percentiles", field, percentiles };
  }
  if (analysis !== "percentile") return { kind: analysis, field };
  return { kind: "percentile", field, percentile: check(WIRE.percentile, raw["percentile"], `${path}percentile`) };
}

/**
 * The measures of a multi_analysis, in the order given. Each may have `filters` of its own.
 * @throws MillraceError naming the entry
 */
export function parseMeasures(raw: Json | undefined): LabelledMeasure<string>[] {
  check(WIRE.analyses, raw, "analyses");
  // Of the request itself: what the schema gives back lacks a label that is called __proto__.
  const entries = Object.entries(isObject(raw) ? raw : {});
  if (entries.length === 0) throw new MillraceError("InvalidParameterError", "analyses must have at least one entry.");
  if (entries.length > LIMITS_QUERY.measures) {
    throw new MillraceError(
      "InvalidParameterError",
      `analyses has ${entries.length} entries; the most is ${LIMITS_QUERY.measures}.`,
    );
  }
  return entries.map(([label, entry]) => parseEntry(label, entry as Json));
}

function parseEntry(label: string, entry: Json): LabelledMeasure<string> {
  const path = `analyses.${quotable(label)}`;
  const { analysis_type: analysis } = check(analysisEntry, entry, path);
  if (!isMeasureAnalysis(analysis)) {
    const allowed = Object.keys(ANALYSES).filter(isMeasureAnalysis).join(", ");
    throw new MillraceError(
      "InvalidParameterError",
      `${path}.analysis_type "${quotable(analysis)}" is not possible here. Use ${allowed}.`,
    );
  }
  const raw = isObject(entry) ? entry : {};
  refuseUnknown(raw, { known: Object.keys(analysisEntry.shape), of: path });
  const filters = raw["filters"] ?? undefined;
  return {
    label,
    measure: parseMeasure(analysis, raw, `${path}.`),
    ...(filters !== undefined && { filter: parseFilters(filters, `${path}.filters`) }),
  };
}
