import * as z from "zod";
import { rowsOfResult } from "../fit.ts";
import { BASE, TIME } from "../parameters.ts";
import { NARROW, withoutBots } from "./question.ts";
import type { Tool } from "./tool.ts";

const actor = z.string().describe("Who: $visitor, $user, $visit.id, or a property such as an account's id.");
const events = z.looseObject({ event_collection: BASE.event_collection, filters: BASE.filters });

const steps = z.looseObject({
  ...TIME,
  steps: z
    .array(z.looseObject({ event_collection: z.string(), actor_property: actor, filters: BASE.filters }))
    .describe("The steps, at most 20. Each may have inverted (who did not) or optional."),
  ordered: z
    .boolean()
    .optional()
    .describe("true: each step after the one before it. Default: in any order, as Keen did."),
  window: z
    .string()
    .optional()
    .describe('With ordered: how long the whole may take, such as "7_days" or "30_minutes".'),
  breakdown: z
    .string()
    .optional()
    .describe("With ordered: one funnel for each value of this property of the first step."),
});

export const funnel: Tool<z.output<typeof steps>> = {
  name: "funnel",
  title: "Follow people through steps",
  description: "How many did the first step, how many of them the next one, and so on: where people are lost.",
  input: steps,
  run: (api, asked, signal) => api.ask("/queries/funnel", withoutBots(asked), signal),
  // The API repeats the steps as it understood them, which the model has just written.
  shape: (value) => ({ ...(value as object), steps: undefined }),
  rowsOf: rowsOfResult,
  advice: NARROW,
};

const cohorts = z.looseObject({
  ...TIME,
  actor_property: actor,
  interval: z
    .enum(["daily", "weekly", "monthly"])
    .describe("The width of a cohort and of the times they come back in."),
  first: events.describe("What begins it, such as a sign-up."),
  returning: events.optional().describe("What counts as coming back. Default: first once more."),
  unbounded: z.boolean().optional().describe("true: came back then or later. Default: in that very period."),
});

export const retention: Tool<z.output<typeof cohorts>> = {
  name: "retention",
  title: "Who came back",
  description:
    "Of those who began in each day, week or month: how many came back in it, in the next one, and so on. Visitors without consent have a new $visitor each day; use $user.",
  input: cohorts,
  run: (api, asked, signal) => api.ask("/queries/retention", withoutBots(asked), signal),
  rowsOf: rowsOfResult,
  advice: NARROW,
};

const ways = z.looseObject({
  ...BASE,
  step_property: z.string().describe("What a step is, such as $page.path."),
  session_property: z.string().optional().describe("What belongs together. Default: $visit.id."),
  direction: z.enum(["next", "previous"]).optional().describe("What followed, or what led there. Default: next."),
  anchor: z
    .union([z.string(), z.number(), z.boolean()])
    .optional()
    .describe("The step that paths begin at, such as /pricing. Default: the session's first, or last for previous."),
  depth: z.number().int().optional().describe("How many steps, at most 10. Default: 3."),
  values: z.number().int().optional().describe("How many steps of each place are named, at most 50. Default: 10."),
});

export const paths: Tool<z.output<typeof ways>> = {
  name: "paths",
  title: "Where sessions went",
  description: "What sessions did next, or before, step by step, with how many went each way.",
  input: ways,
  run: (api, asked, signal) => api.ask("/queries/paths", withoutBots(asked), signal),
  rowsOf: rowsOfResult,
  advice: "Ask again with a smaller depth or fewer values.",
};
