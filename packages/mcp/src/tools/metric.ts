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
  compare_to: z
    .union([z.string(), z.looseObject({ start: z.string(), end: z.string() })])
    .default("previous_period")
    .describe('The time to compare with: "previous_period", "previous_year", or {"start", "end"}.'),
});

export const compare: Tool<z.output<typeof comparison>> = {
  name: "compare",
  title: "Compare with an earlier time",
  description:
    "The same number now and in an earlier time, in all or by property: what grew, what fell. Use it for every question about change.",
  input: comparison,
  run: (api, { analysis, ...asked }, signal) => api.ask(`/queries/${analysis}`, withoutBots(asked), signal),
  rowsOf: rowsOfResult,
  advice: NARROW,
};
