import { LIMITS_QUERY } from "@millrace/core";
import * as z from "zod";
import { MOST_QUERIES } from "../answer/run-batch.ts";
import { FILE_FORMS } from "../answer/run-file.ts";
import { ANALYSES, type Analysis } from "../parse/analyses.ts";
import { PARAMETERS } from "../parse/known.ts";
import {
  analysisEntry,
  binsEntry,
  bucketsEntry,
  funnelStep,
  leafFilter,
  nodeFilter,
  rangeEntry,
  rangesEntry,
  retentionSet,
  WIRE,
  type Parameter,
} from "../parse/wire.ts";

const REQUIRED: ReadonlySet<Parameter> = new Set([
  "event_collection",
  "target_property",
  "percentile",
  "percentiles",
  "analyses",
  "steps",
  "actor_property",
  "first",
  "step_property",
]);

const FILTER_LIST = { type: "array", items: { $ref: "#/components/schemas/Filter" } };
/** What a part of a question says of its events, beside the part's own parameters. */
const EVENTS = {
  timeframe: jsonSchema(WIRE.timeframe),
  timezone: jsonSchema(WIRE.timezone),
  filters: FILTER_LIST,
  bots: jsonSchema(WIRE.bots),
};

/** Lists that are checked entry by entry, so that an error names its place; here they are put together. */
const OWN: Partial<Record<Parameter, object>> = {
  filters: FILTER_LIST,
  group_by: groupBy(),
  analyses: {
    ...jsonSchema(WIRE.analyses),
    minProperties: 1,
    maxProperties: LIMITS_QUERY.measures,
    additionalProperties: { ...jsonSchema(analysisEntry), additionalProperties: false },
  },
  content_type: { enum: ["application/json", ...FILE_FORMS], examples: ["text/csv"] },
  steps: listOf(WIRE.steps, partOf(funnelStep)),
  first: partOf(retentionSet),
  returning: partOf(retentionSet),
};

/** A name, its numbers put together, or a list of both. */
function groupBy(): object {
  const { property_name, alias } = binsEntry.shape;
  const common = { property_name: jsonSchema(property_name), alias: jsonSchema(alias) };
  const bins = (own: Record<string, object>): object => ({
    type: "object",
    required: ["property_name", ...Object.keys(own)],
    properties: { ...common, ...own },
    additionalProperties: false,
  });
  const key = {
    anyOf: [
      jsonSchema(WIRE.target_property),
      bins({ buckets: { ...jsonSchema(bucketsEntry), additionalProperties: false } }),
      bins({ ranges: listOf(rangesEntry, { ...jsonSchema(rangeEntry), additionalProperties: false }) }),
    ],
  };
  const { examples } = jsonSchema(WIRE.group_by) as { examples: unknown[] };
  return { anyOf: [...key.anyOf, { type: "array", items: key, maxItems: LIMITS_QUERY.groupFields }], examples };
}

/** The schema of a part, whose events are described as those of a question are. */
function partOf(schema: z.ZodObject): object {
  const { properties, ...part } = jsonSchema(schema) as { properties: Record<string, object> };
  const own = Object.entries(EVENTS).filter(([name]) => name in properties);
  return { ...part, properties: { ...properties, ...Object.fromEntries(own) }, additionalProperties: false };
}

function listOf(list: z.ZodType, items: object): object {
  return { ...jsonSchema(list), items };
}

/** The parameters of each analysis, made from the schemas that check them. */
export function analysisSchemas(): [analysis: Analysis, summary: string, schema: object][] {
  return (Object.keys(ANALYSES) as Analysis[]).map((analysis) => [analysis, ANALYSES[analysis], schemaOf(analysis)]);
}

function schemaOf(analysis: Analysis): object {
  const names = PARAMETERS[analysis];
  return {
    type: "object",
    required: names.filter((name) => REQUIRED.has(name)),
    properties: Object.fromEntries(names.map((name) => [name, OWN[name] ?? jsonSchema(WIRE[name])])),
  };
}

/** A batch: questions by label, each with the parameters of its analysis. */
export const BATCH_SCHEMA = {
  type: "object",
  required: ["queries"],
  additionalProperties: false,
  properties: {
    queries: {
      type: "object",
      minProperties: 1,
      maxProperties: MOST_QUERIES,
      additionalProperties: {
        anyOf: [
          {
            type: "object",
            required: ["analysis_type"],
            properties: { analysis_type: { enum: Object.keys(ANALYSES) } },
          },
          {
            type: "object",
            required: ["saved_query_name"],
            additionalProperties: false,
            properties: { saved_query_name: { type: "string" } },
          },
          {
            type: "object",
            required: ["ledger"],
            additionalProperties: false,
            properties: { ledger: { type: "object" } },
          },
        ],
      },
    },
    max_age: jsonSchema(WIRE.max_age),
  },
};

/** Filters are checked node by node, so that an error names its place; here they are put together. */
export const FILTER_SCHEMAS = {
  Filter: {
    anyOf: [{ $ref: "#/components/schemas/FilterComparison" }, { $ref: "#/components/schemas/FilterNode" }],
  },
  FilterComparison: jsonSchema(leafFilter),
  FilterNode: {
    ...jsonSchema(nodeFilter),
    properties: { operator: jsonSchema(nodeFilter.shape.operator), operands: { ...FILTER_LIST, minItems: 1 } },
  },
};

const TIMEFRAME = {
  type: "object",
  required: ["start", "end"],
  properties: { start: { type: "string", format: "date-time" }, end: { type: "string", format: "date-time" } },
};

/** What every analysis answers. */
export const ANSWER_SCHEMAS = {
  Answer: {
    type: "object",
    required: ["result"],
    properties: {
      result: { description: "A value, rows, or buckets with one of these." },
      comparison: {
        description: "With compare_to: the same about another time, row beside row.",
        type: "object",
        required: ["timeframe", "result"],
        properties: { timeframe: TIMEFRAME, result: {} },
      },
      meta: { $ref: "#/components/schemas/Meta" },
      execution_metadata: {
        description: "With include_metadata, as Keen has it.",
        type: "object",
        required: ["total_processing_time", "events_scanned", "properties_per_event", "total_properties_scanned"],
        properties: {
          total_processing_time: { description: "Seconds.", type: "number" },
          events_scanned: { type: "integer" },
          properties_per_event: { type: "integer" },
          total_properties_scanned: { type: "integer" },
        },
      },
    },
  },
  Meta: {
    description: "There when it is asked for, and when there is something to say about the result.",
    type: "object",
    required: ["exact", "notes", "timezone"],
    properties: {
      exact: { description: "False: an estimate, or values may be missing; the notes say which.", type: "boolean" },
      notes: { type: "array", items: { type: "string" } },
      timezone: { type: "string" },
      age: { description: "Seconds since it was computed.", type: "number" },
      query: { description: "The question as it was understood.", type: "object" },
      events: { description: "Events of the collections and the timeframe.", type: "integer" },
      engine_ms: { type: "number" },
      budget: { type: "object", properties: { per_minute_ms: { type: "number" }, left_ms: { type: "number" } } },
    },
  },
};

/** Without `$schema`: inside an OpenAPI document the dialect is the document's. */
export function jsonSchema(schema: z.ZodType): object {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: "input" });
  return json;
}
