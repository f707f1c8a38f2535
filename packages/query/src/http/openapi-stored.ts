import { jsonSchema } from "./openapi-schemas.ts";
import { SAVED } from "../parse/wire.ts";

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
