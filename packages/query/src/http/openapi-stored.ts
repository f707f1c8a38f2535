import { jsonSchema } from "./openapi-schemas.ts";
import { ACCESS_KEY, DATASET, DEFINITION, SAVED } from "../parse/wire.ts";

const NAME = { type: "string" };
const TIME = { type: "string", format: "date-time" };

/** The body of a saved query's `PUT`. */
export const SAVED_BODY = {
  type: "object",
  required: ["query"],
  properties: {
    query: { type: "object", required: ["analysis_type"], properties: { analysis_type: { type: "string" } } },
    refresh_rate: jsonSchema(SAVED.refresh_rate),
    metadata: {},
    query_name: NAME,
  },
};

export const SAVED_EXAMPLE = {
  refresh_rate: 0,
  query: { analysis_type: "count", event_collection: "pageviews", timeframe: "this_14_days" },
  metadata: { display_name: "Page views" },
};

/** A saved query as it is shown. */
export const SAVED_RESOURCE = {
  type: "object",
  required: ["query_name", "created_date", "last_modified_date", "refresh_rate", "query", "urls"],
  properties: {
    query_name: NAME,
    created_date: TIME,
    last_modified_date: TIME,
    user_last_modified_date: TIME,
    refresh_rate: { type: "integer" },
    is_public: { type: "boolean" },
    query: { type: "object" },
    metadata: {},
    run_information: { type: ["object", "null"] },
    urls: { type: "object" },
  },
};

/** The body of a definition's `PUT`. */
export const DEFINITION_BODY = {
  type: "object",
  required: ["title", "content"],
  properties: {
    title: jsonSchema(DEFINITION.title),
    content: { type: "object" },
    version: jsonSchema(DEFINITION.version),
  },
};

export const DEFINITION_EXAMPLE = { title: "Signed up", content: { event: "signups", filters: [] } };

/** A definition as it is shown. */
export const DEFINITION_RESOURCE = {
  type: "object",
  required: ["name", "title", "content", "created_date", "last_modified_date", "version"],
  properties: {
    name: NAME,
    title: NAME,
    content: { type: "object" },
    created_date: TIME,
    last_modified_date: TIME,
    version: { type: "integer" },
  },
};

/** The body of `POST …/keys`. */
export const ACCESS_KEY_BODY = {
  type: "object",
  required: ["name"],
  additionalProperties: false,
  properties: {
    name: { type: "string", minLength: 1, maxLength: 200 },
    is_active: { type: "boolean" },
    permitted: jsonSchema(ACCESS_KEY.permitted),
    options: jsonSchema(ACCESS_KEY.options),
  },
};

export const ACCESS_KEY_EXAMPLE = {
  name: "customer-93",
  is_active: true,
  permitted: ["writes", "queries", "cached_queries"],
  options: {
    writes: { autofill: { customer: { id: "93" } } },
    queries: { filters: [{ property_name: "customer.id", operator: "eq", property_value: "93" }] },
    cached_queries: { allowed: ["views-of-93"] },
  },
};

/** An access key as it is shown. */
export const ACCESS_KEY_RESOURCE = {
  type: "object",
  required: ["key", "name", "is_active", "permitted", "project_id", "options"],
  properties: {
    key: { type: "string" },
    name: { type: "string" },
    is_active: { type: "boolean" },
    permitted: { type: "array", items: { type: "string" } },
    project_id: { type: "string" },
    options: { type: "object" },
  },
};

/** The body of a dataset's `PUT`. */
export const DATASET_BODY = {
  type: "object",
  required: ["query", "index_by"],
  properties: {
    display_name: NAME,
    query: {
      type: "object",
      required: ["analysis_type", "event_collection", "timeframe", "interval"],
      properties: { analysis_type: NAME, timeframe: NAME, interval: NAME },
    },
    index_by: jsonSchema(DATASET.index_by),
  },
};

export const DATASET_EXAMPLE = {
  display_name: "Purchases by country",
  query: {
    analysis_type: "count",
    event_collection: "purchases",
    timeframe: "this_500_days",
    interval: "daily",
    group_by: "country",
  },
  index_by: "product.id",
};

/** A dataset as it is shown. */
export const DATASET_RESOURCE = {
  type: "object",
  required: ["dataset_name", "display_name", "query", "index_by"],
  properties: {
    project_id: NAME,
    organization_id: NAME,
    dataset_name: NAME,
    display_name: NAME,
    query: { type: "object" },
    index_by: { type: "array", items: NAME },
    last_scheduled_date: TIME,
    latest_subtimeframe_available: TIME,
    milliseconds_behind: { type: "integer" },
  },
};
