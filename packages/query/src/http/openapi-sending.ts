import { REPORT, WATCH } from "../sending/read-sending.ts";
import { SUBSCRIPTION } from "../sending/subscriptions.ts";
import { jsonSchema } from "./openapi-schemas.ts";

const NAME = { type: "string" };
const TIME = { type: "string", format: "date-time" };
const TARGETS = {
  type: "array",
  items: {
    type: "object",
    required: ["kind", "to", "id"],
    properties: { kind: { enum: ["slack", "webhook", "mail"] }, to: NAME, id: NAME },
  },
};
const RUN = {
  type: ["object", "null"],
  required: ["at", "ok", "message"],
  properties: { at: TIME, ok: { type: "boolean" }, message: NAME },
};
const PROGRESS = {
  next_at: { ...TIME, type: ["string", "null"] },
  last_run: RUN,
  waiting_for: { type: "array", items: NAME },
};

export const REPORT_BODY = jsonSchema(REPORT);
export const REPORT_EXAMPLE = {
  every: "weekly",
  weekday: "monday",
  hour: 8,
  timezone: "Europe/Berlin",
  to: [{ mail: "ada@example.com" }, { slack: "https://hooks.slack.com/services/T000/B000/XXXX" }],
};
export const REPORT_RESOURCE = {
  type: "object",
  required: [
    "name",
    "every",
    "hour",
    "timezone",
    "to",
    "filters",
    "paused",
    "created_at",
    "modified_at",
    ...Object.keys(PROGRESS),
  ],
  properties: {
    name: NAME,
    every: NAME,
    hour: { type: "integer" },
    to: TARGETS,
    filters: { type: "array" },
    paused: { type: "boolean" },
    ...PROGRESS,
  },
};

export const WATCH_BODY = jsonSchema(WATCH);
export const WATCH_EXAMPLE = {
  query: { analysis_type: "count", event_collection: "signups" },
  every: "hourly",
  alert: { below_percent: 50, of: "previous_week" },
  severity: "critical",
  to: [{ slack: "https://hooks.slack.com/services/T000/B000/XXXX" }],
};
export const WATCH_RESOURCE = {
  type: "object",
  required: [
    "name",
    "every",
    "alert",
    "severity",
    "to",
    "paused",
    "state",
    "created_at",
    "modified_at",
    ...Object.keys(PROGRESS),
  ],
  properties: {
    name: NAME,
    every: NAME,
    alert: { type: "object" },
    to: TARGETS,
    paused: { type: "boolean" },
    ...PROGRESS,
  },
};

export const SUBSCRIPTION_BODY = jsonSchema(SUBSCRIPTION);
export const SUBSCRIPTION_EXAMPLE = { address: "ada@example.com", every: "weekly", weekday: "monday" };
export const SUBSCRIPTION_RESOURCE = {
  type: "object",
  required: ["id", "address", "every", "hour", "timezone", "created_at", "ends_at"],
  properties: { id: NAME, address: NAME, every: NAME, hour: { type: "integer" }, timezone: NAME, ends_at: TIME },
};
export const OWN_SUBSCRIPTIONS = {
  type: "object",
  required: ["addresses", "subscriptions"],
  properties: {
    addresses: { type: "array", items: NAME },
    subscriptions: { type: "array", items: SUBSCRIPTION_RESOURCE },
  },
};
