import * as z from "zod";

/**
 * What a model is told about the parameters of a question. Objects are left open: the API knows its parameters better than this
 * text does, and refuses a wrong one with the name that was meant, which a model can act on.
 */
const collection = z
  .union([z.string(), z.array(z.string())])
  .describe('The event collection, such as "pageviews", or a list of them. list_collections tells which there are.');

const timeframe = z
  .union([z.string(), z.looseObject({ start: z.string(), end: z.string() })])
  .describe(
    'Which time: "this_7_days" (with today), "previous_1_weeks" (the whole week before this one), "previous_30_days", "today", or {"start", "end"} in ISO 8601, end excluded.',
  );

const timezone = z.string().optional().describe('Where days and weeks begin, such as "Europe/Paris". Default: UTC.');

const filters = z
  .array(z.looseObject({}))
  .optional()
  .describe(
    'All must hold: {"property_name", "operator", "property_value"} with eq, ne, lt, lte, gt, gte, in, exists, contains, not_contains, regex; {"operator":"or","operands":[…]} for one of several; {"property_name":"$visit.id","operator":"did" or "did_not","property_value":{"event_collection","filters"}} for visits that did something else.',
  );

const bots = z
  .enum(["include", "exclude", "only"])
  .optional()
  .describe('Visits by machines. Default: "exclude", as the dashboard counts; "include" counts every event.');

/** What every question may be narrowed by. */
export const BASE = { event_collection: collection, timeframe, timezone, filters, bots };
/** The same for questions whose steps name their collections. */
export const TIME = { timeframe, timezone, bots };

const ANALYSES = [
  "count",
  "count_unique",
  "sum",
  "average",
  "minimum",
  "maximum",
  "median",
  "percentile",
  "percentiles",
  "standard_deviation",
  "select_unique",
  "multi_analysis",
] as const;

export const METRIC = {
  ...BASE,
  analysis: z
    .enum(ANALYSES)
    .describe("What is computed over the events. count_unique of $visitor counts people, of $visit.id visits."),
  target_property: z.string().optional().describe("The property it is computed of; not for count."),
  percentile: z.number().optional().describe("0 to 100, for percentile only."),
  percentiles: z.array(z.number()).optional().describe("Several of them at once, for percentiles only."),
  analyses: z
    .record(z.string(), z.looseObject({}))
    .optional()
    .describe(
      'For multi_analysis only: {"your label": {"analysis_type", "target_property", "filters"}}, each over the same events.',
    ),
  group_by: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('One row per value, such as "$channel", "$visit.source", "$page.path", "$geo.country", "$browser.name".'),
  order_by: z
    .looseObject({ property_name: z.string(), direction: z.enum(["ASC", "DESC"]).optional() })
    .optional()
    .describe('{"property_name":"result","direction":"DESC"} puts the largest first.'),
  limit: z.number().int().optional().describe("Most groups. Ask for what you need: long answers are cut."),
};

export const interval = z
  .string()
  .optional()
  .describe('One row per "hourly", "daily", "weekly", "monthly", or "every_2_weeks".');
