import { ACCESS_PERMISSIONS } from "@millrace/access";
import { LIMITS_QUERY } from "@millrace/core";
import * as z from "zod";

/**
 * The parameters of a query as they travel: each is checked with its schema here, and the OpenAPI document is made from the
 * same ones. Names nobody knows are refused (known.ts).
 */
const NAME_CHARS = 1_000;
const name = z.string().min(1).max(NAME_CHARS);

const oneOrMany = (most: number) =>
  z.union([name, z.array(name).max(most)], { error: `must be a name or a list of at most ${most} names` });

/** Numbers and booleans arrive as text in a GET. */
const numeric = z.union(
  [
    z.number(),
    z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .transform(Number),
  ],
  {
    error: "must be a number",
  },
);
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")], {
  error: "must be true or false",
});

export const OPERATORS = [
  "eq",
  "ne",
  "lt",
  "lte",
  "gt",
  "gte",
  "exists",
  "in",
  "contains",
  "not_contains",
  "regex",
  "within",
  "did",
  "did_not",
] as const;

/** One comparison. Which values an operator takes is checked when it is read. */
export const leafFilter = z.object({
  property_name: name,
  operator: z.enum([...OPERATORS, "or", "and", "not"]),
  property_value: z.unknown().meta({
    description:
      "What the operator takes; did and did_not: an object with event_collection and, if need be, filters, the events in which the property's value is looked for.",
  }),
});

/** What `within` takes: Keen's order is longitude, latitude. */
export const placeOperand = z.object(
  {
    coordinates: z.tuple([z.number(), z.number()], { error: "must be [longitude, latitude]" }),
    max_distance_miles: z.number({ error: "must be a number" }).min(0, { error: "must not be negative" }),
  },
  { error: "must be an object with coordinates and max_distance_miles" },
);

/** What `did` takes: the events in which an actor is looked for, in the time of the question. */
export const deedOperand = z.object(
  { event_collection: oneOrMany(100), filters: z.unknown().optional() },
  { error: "must be an object with event_collection and, if need be, filters" },
);

/** A node over other filters; they are checked one by one, so that an error can name its place. */
export const nodeFilter = z.object({
  operator: z.enum(["or", "and", "not"]),
  operands: z.array(z.unknown(), { error: "must be a list of filters" }).min(1),
});

const orderEntry = z.object({
  property_name: name,
  direction: z
    .string()
    .toUpperCase()
    .pipe(z.enum(["ASC", "DESC"]))
    .optional(),
});

const rank = numeric.pipe(
  z
    .number()
    .min(0)
    .max(100)
    .refine((p) => Math.round(p * 100) / 100 === p, { error: "must have at most two decimals" }),
);

/** One entry of `analyses` in a multi_analysis. */
export const analysisEntry = z.object(
  {
    analysis_type: z.string(),
    target_property: z.unknown().optional(),
    percentile: z.unknown().optional(),
    percentiles: z.unknown().optional(),
    filters: z.unknown().optional(),
  },
  { error: "must be an object with analysis_type" },
);

const absolute = z.object({ start: z.string(), end: z.string() });

const limit = z.number({ error: "must be a number" });

/** Of a group_by key with `buckets`. */
export const bucketsEntry = z.object(
  { size: limit.positive({ error: "must be greater than 0" }), offset: limit.optional() },
  { error: "must be an object with size" },
);

/** One range of a group_by key: half-open, `from` inclusive, `to` exclusive; one of them may be left out. */
export const rangeEntry = z.object(
  { from: limit.optional(), to: limit.optional(), alias: name.optional() },
  { error: "must be an object with from, to or both" },
);

export const rangesEntry = z
  .array(z.unknown(), { error: "must be a list of ranges" })
  .min(1, { error: "must have at least one range" })
  .max(LIMITS_QUERY.ranges, { error: `must have at most ${LIMITS_QUERY.ranges} ranges` });

/** A key of groups whose numbers are put together. Its parts are checked one by one, so that an error can name its place. */
export const binsEntry = z.object({
  property_name: name,
  alias: name.optional(),
  buckets: z.unknown().optional(),
  ranges: z.unknown().optional(),
});

/** One step of a funnel, beside its filters and times, which are read like those of a question. */
export const funnelStep = z.object(
  {
    event_collection: oneOrMany(100),
    actor_property: z.union([name, z.tuple([name]).transform(([only]) => only)], { error: "must be a name" }),
    timeframe: z.unknown().optional(),
    timezone: z.unknown().optional(),
    filters: z.unknown().optional(),
    inverted: flag.optional(),
    optional: flag.optional(),
    with_actors: flag.optional(),
    bots: z.unknown().optional(),
  },
  { error: "must be an object with event_collection and actor_property" },
);

/** The events of one side of a retention question; time and bots are those of the whole. */
export const retentionSet = z.object(
  { event_collection: oneOrMany(100), filters: z.unknown().optional() },
  { error: "must be an object with event_collection" },
);

export const WIRE = {
  event_collection: oneOrMany(100).meta({ examples: ["pageviews"] }),
  timeframe: z
    .union([z.string(), absolute], {
      error: 'must be text such as "this_7_days", or an object with start and end in ISO 8601',
    })
    .meta({ examples: ["this_7_days", { start: "2026-01-01T00:00:00Z", end: "2026-02-01T00:00:00Z" }] }),
  timezone: z
    .union([z.string(), z.number()], { error: "must be a zone name or a number of seconds east of UTC" })
    .meta({ examples: ["Europe/Paris", 3_600] }),
  time_property: z.enum(["keen.timestamp", "$visit.start"]),
  interval: z.string().meta({ examples: ["daily", "every_2_weeks"] }),
  filters: z
    .array(z.unknown(), { error: "must be a list of filters" })
    .max(LIMITS_QUERY.filterNodes, { error: `must have at most ${LIMITS_QUERY.filterNodes} filters` }),
  group_by: z
    .union([name, binsEntry, z.array(z.union([name, binsEntry])).max(LIMITS_QUERY.groupFields)], {
      error: `must be a name, an object with property_name and buckets or ranges, or a list of at most ${LIMITS_QUERY.groupFields} of these`,
    })
    .meta({
      examples: ["country", ["country", { property_name: "price", buckets: { size: 10 } }]],
    }),
  order_by: z.union(
    [name, orderEntry, z.array(z.union([name, orderEntry])).max(LIMITS_QUERY.groupFields + LIMITS_QUERY.measures)],
    {
      error: 'must be a name, {"property_name": …, "direction": "ASC" or "DESC"}, or a list of these',
    },
  ),
  limit: numeric.pipe(z.int().min(1)),
  target_property: name,
  percentile: rank,
  percentiles: z
    .array(rank, { error: "must be a list of numbers from 0 to 100" })
    .min(1, { error: "must name at least one percentile" })
    .max(LIMITS_QUERY.percentiles, { error: `must have at most ${LIMITS_QUERY.percentiles} percentiles` })
    .meta({ examples: [[50, 90, 99]] }),
  analyses: z.record(z.string(), z.unknown(), { error: "must be an object of analyses by label" }),
  other: name.meta({ examples: ["Other"] }),
  compare_to: z
    .union([z.enum(["previous_period", "previous_year"]), absolute], {
      error: 'must be "previous_period", "previous_year", or an object with start and end in ISO 8601',
    })
    .meta({ examples: ["previous_period", { start: "2025-01-01", end: "2025-02-01" }] }),
  zero_fill: flag,
  max_age: numeric.pipe(z.number().min(0)),
  include_metadata: flag,
  bots: z.enum(["include", "exclude", "only"]),
  latest: numeric.pipe(z.int().min(1).max(LIMITS_QUERY.extractionEvents)),
  property_names: oneOrMany(1_000),
  steps: z
    .array(z.unknown(), { error: "must be a list of steps, or JSON text of one" })
    .min(1, { error: "must have at least one step" })
    .max(LIMITS_QUERY.funnelSteps, { error: `must have at most ${LIMITS_QUERY.funnelSteps} steps` }),
  standard_fields: flag,
  content_type: z.string().meta({ examples: ["text/csv"] }),
  ordered: flag,
  window: z.string({ error: 'must be text such as "7_days"' }).meta({ examples: ["7_days", "30_minutes"] }),
  breakdown: name,
  actor_property: name,
  first: z.unknown(),
  returning: z.unknown(),
  unbounded: flag,
  step_property: name,
  session_property: name,
  direction: z.enum(["next", "previous"]),
  anchor: z.union([z.string(), z.number(), z.boolean()], { error: "must be text, a number or a boolean" }),
  depth: numeric.pipe(z.int().min(1).max(LIMITS_QUERY.pathDepth)),
  values: numeric.pipe(z.int().min(1).max(LIMITS_QUERY.pathValues)),
  collapse_repeats: flag,
} as const;

/** A batch, and what each of its entries must have beside its own parameters. */
export const BATCH = {
  queries: z.record(z.string(), z.unknown(), { error: "must be an object of queries by label" }),
  max_age: WIRE.max_age,
  analysis_type: z.string(),
  saved_query_name: z.string(),
} as const;

/** Keen's range of a cached query: 4 to 48 hours, in seconds. */
const REFRESH_RATES = { least: 14_400, most: 172_800 } as const;

/** A saved query, as `PUT` takes it. */
export const SAVED = {
  query_name: z.string(),
  refresh_rate: numeric
    .pipe(z.int())
    .refine((rate) => rate === 0 || (rate >= REFRESH_RATES.least && rate <= REFRESH_RATES.most), {
      error: `must be 0, or ${REFRESH_RATES.least} to ${REFRESH_RATES.most} seconds`,
    }),
  query: z.record(z.string(), z.unknown(), { error: "must be an object with analysis_type" }),
  metadata: z.unknown(),
  analysis_type: z.string(),
} as const;

/** A board, goal, segment or annotation, as `PUT` takes it. */
export const DEFINITION = {
  title: z.string().trim().min(1).max(200),
  content: z.record(z.string(), z.unknown(), { error: "must be an object" }),
  version: numeric.pipe(z.int().min(0)),
} as const;

/** A dataset, as `PUT` takes it. */
export const DATASET = {
  display_name: z.string().min(1).max(1_000),
  query: z.record(z.string(), z.unknown(), { error: "must be an object with analysis_type" }),
  index_by: oneOrMany(5),
  analysis_type: z.string(),
} as const;

/** A page of datasets: Keen's limits. */
export const DATASET_PAGE = { limit: numeric.pipe(z.int().min(1).max(100)), after_name: z.string() } as const;

/** A page of a list by name. */
export const PAGE = {
  limit: numeric.pipe(z.int().min(1).max(1_000)),
  after: z.string(),
} as const;

/** A group of an access key's options that is null restricts nothing, as one that is absent. */
const group = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).nullish();
const names = z.array(name).max(1_000).nullish();
const filterList = z.array(z.unknown(), { error: "must be a list of filters" }).nullish();

/** What an access key is made of. Filters and autofill are checked where they are read. */
export const ACCESS_KEY = {
  name: z.string().trim().min(1).max(200),
  is_active: flag,
  permitted: z.array(z.enum(ACCESS_PERMISSIONS)).max(ACCESS_PERMISSIONS.length),
  options: z.strictObject({
    writes: group({ autofill: z.record(z.string(), z.unknown()).nullish() }),
    queries: group({ filters: filterList }),
    saved_queries: group({ allowed: names, blocked: names, filters: filterList }),
    cached_queries: group({ allowed: names, blocked: names }),
    datasets: group({
      operations: z.array(z.enum(["read", "list", "retrieve"])).nullish(),
      allowed: z
        .record(
          z.string(),
          z.strictObject({ index_by: z.record(z.string(), z.array(z.unknown()).max(1_000)).nullish() }).nullable(),
          { error: "must be an object of datasets by name" },
        )
        .nullish(),
      blocked: names,
    }),
  }),
} as const;

export type Parameter = keyof typeof WIRE;
