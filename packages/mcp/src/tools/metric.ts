import * as z from "zod";
import { rowsOfResult } from "../fit.ts";
import { interval, METRIC } from "../parameters.ts";
import { NARROW, withoutBots } from "./question.ts";
import type { Tool } from "./tool.ts";

const question = z.looseObject({ ...METRIC, interval });

export const query: Tool<z.output<typeof question>> = {
  name: "query",
  title: "Ask a question",
  description:
    "One number over events, in all, by property (group_by) or over time (interval): counts, people, sums, averages, percentiles.",
  input: question,
  run: (api, { analysis, ...asked }, signal) => api.ask(`/queries/${analysis}`, withoutBots(asked), signal),
  rowsOf: rowsOfResult,
  advice: NARROW,
};

const comparison = z.looseObject({
  ...METRIC,
  interval,
  compare_to: z
    .union([z.string(), z.looseObject({ start: z.string(), end: z.string() })])
    .default("previous_period")
    .describe('The other time: "previous_period", "previous_year", or {"start", "end"} in ISO 8601.'),
});

export const compare: Tool<z.output<typeof comparison>> = {
  name: "compare",
  title: "Compare with another time",
  description:
    "The same number in two times, in all, by property or by bucket: what grew, what fell. Use it for every question about change. Rows come in pairs: asked is the timeframe's, compared the other time's; null is none.",
  input: comparison,
  run: (api, { analysis, ...asked }, signal) => api.ask(`/queries/${analysis}`, withoutBots(asked), signal),
  shape: (value) => paired(value as Compared),
  rowsOf: rowsOfResult,
  advice: NARROW,
};

/** What of the API's answer with `compare_to` is used here: both results list the same groups or buckets in the same order. */
interface Compared {
  readonly result: unknown;
  readonly comparison: { readonly timeframe: unknown; readonly result: unknown };
}

/** Row beside row, so that cutting a long answer keeps pairs. */
function paired({ result, comparison, ...beside }: Compared): object {
  const { timeframe, result: other } = comparison;
  const rows =
    Array.isArray(result) && Array.isArray(other)
      ? Array.from({ length: Math.max(result.length, other.length) }, (_, i) => ({
          asked: (result[i] as unknown) ?? null,
          compared: (other[i] as unknown) ?? null,
        }))
      : { asked: result, compared: other };
  return { result: rows, compared_timeframe: timeframe, ...beside };
}
