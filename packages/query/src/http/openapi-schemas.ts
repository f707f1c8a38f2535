import * as z from "zod";
import { MOST_QUERIES } from "../answer/run-batch.ts";
import { ANALYSES, type Analysis } from "../parse/analyses.ts";
import { PARAMETERS } from "../parse/known.ts";
import { funnelStep, leafFilter, nodeFilter, WIRE, type Parameter } from "../parse/wire.ts";

const REQUIRED: ReadonlySet<Parameter> = new Set([
  "event_collection",
  "target_property",
  "percentile",
  "percentiles",
  "analyses",
  "steps",
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
  steps: listOf(WIRE.steps, partOf(funnelStep)),
};

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

/** Without `$schema`: inside an OpenAPI document the dialect is the document's. */
export function jsonSchema(schema: z.ZodType): object {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: "input" });
  return json;
}
