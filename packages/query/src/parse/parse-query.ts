import {
  groupName,
  isAdditive,
  MillraceError,
  type EventSet,
  type JsonObject,
  type MetricQuery,
  type Query,
} from "@millrace/core";
import { parseFunnel } from "./actors/parse-funnel.ts";
import { parsePaths } from "./actors/parse-paths.ts";
import { parseRetention } from "./actors/parse-retention.ts";
import { isAnalysis, type MeasureAnalysis } from "./analyses.ts";
import { check, quotable } from "./check.ts";
import { refuseUnknownParameters } from "./known.ts";
import { WIRE } from "./wire.ts";
import { parseEvents } from "./parse-events.ts";
import { parseExtraction } from "./parse-extraction.ts";
import { parseGroupBy } from "./parse-group-by.ts";
import { parseInterval } from "./parse-interval.ts";
import { parseMeasure, parseMeasures, SINGLE_LABEL } from "./parse-measures.ts";
import { parseOrder } from "./parse-order.ts";
import { parseCompareTo } from "./parse-timeframe.ts";

/**
 * The question in a request, as the model has it. A parameter that nobody knows, is wrong or cannot be honoured is an error,
 * never another question; what Keen's clients send beside a question is let through (known.ts).
 * @param analysis the last part of the path; it wins over `analysis_type` in the body
 * @throws MillraceError naming the parameter and what is allowed; `ResourceNotFoundError` for an unknown analysis
 */
export function parseQuery(analysis: string, raw: JsonObject): Query {
  if (!isAnalysis(analysis)) {
    throw new MillraceError(
      "ResourceNotFoundError",
      `Resource not found. There is no analysis "${quotable(analysis)}".`,
    );
  }
  refuseUnknownParameters(analysis, raw);
  if (analysis === "funnel") return parseFunnel(raw);
  if (analysis === "retention") return parseRetention(raw);
  if (analysis === "paths") return parsePaths(raw);
  const base = parseEvents(raw);
  if (analysis === "extraction") return parseExtraction(raw, base);
  return parseMetric(analysis, raw, base);
}

function parseMetric(analysis: MeasureAnalysis | "multi_analysis", raw: JsonObject, base: EventSet): MetricQuery {
  const single = analysis !== "multi_analysis";
  const measures = single
    ? [{ label: SINGLE_LABEL, measure: parseMeasure(analysis, raw) }]
    : parseMeasures(raw["analyses"]);
  const labels = measures.map((measure) => measure.label);
  const orderable = measures.filter(({ measure }) => measure.kind !== "percentiles").map(({ label }) => label);
  const groupBy = parseGroupBy(raw["group_by"], labels);
  if (raw["interval"] !== undefined && base.timeframe === undefined) {
    throw new MillraceError("MissingParameterError", "timeframe is required with interval.");
  }
  const query: MetricQuery = {
    ...base,
    kind: "metric",
    measures,
    single,
    ...(raw["interval"] !== undefined && { interval: parseInterval(raw["interval"]) }),
    groupBy,
    ...parseOrder(raw, groupBy.map(groupName), orderable),
    zeroFill: raw["zero_fill"] === undefined || check(WIRE.zero_fill, raw["zero_fill"], "zero_fill"),
    ...(raw["compare_to"] !== undefined && { compareTo: parseCompareTo(raw["compare_to"], base) }),
  };
  if (query.other === undefined || query.interval === undefined || isAdditive(query)) return query;
  throw new MillraceError(
    "UnsupportedQueryError",
    "other with interval is possible for count, sum, minimum and maximum: each bucket leaves out other groups.",
  );
}
