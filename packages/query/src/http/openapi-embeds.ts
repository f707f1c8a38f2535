import { EMBED_OPERATIONS, EMBED_PANEL_NAMES, EMBED_THEMES } from "@millrace/core";

const TEXT = { type: "string" };
const TIME = { type: "string", format: "date-time" };
const NAMES = { type: "array", items: TEXT };

/** An embed secret as it is listed. */
export const EMBED_KEY = {
  type: "object",
  required: ["key_id", "created_at"],
  additionalProperties: false,
  properties: { key_id: TEXT, created_at: TIME },
};

/** The same when it is made. */
export const NEW_EMBED_KEY = {
  ...EMBED_KEY,
  required: [...EMBED_KEY.required, "secret"],
  properties: { ...EMBED_KEY.properties, secret: TEXT },
};

/** What a token lets see. */
export const EMBED_DESCRIPTION = {
  type: "object",
  required: ["timezone", "expires_at", "panels", "collections", "properties", "operations"],
  additionalProperties: false,
  properties: {
    timezone: TEXT,
    expires_at: TIME,
    panels: { type: "array", items: { enum: EMBED_PANEL_NAMES } },
    collections: NAMES,
    properties: NAMES,
    operations: { type: "array", items: { enum: EMBED_OPERATIONS } },
    annotations: {
      type: "array",
      items: {
        type: "object",
        required: ["at", "text"],
        additionalProperties: false,
        properties: { at: TEXT, text: TEXT },
      },
    },
    window: { type: "object", properties: { start: TIME, end: TIME } },
    theme: { enum: EMBED_THEMES },
    accent: TEXT,
    locale: TEXT,
  },
};

/** A share link as it is listed: a name and an end, and what a token would say. */
export const SHARE_LINK = {
  type: "object",
  required: ["id", "name", "created_at", "expires_at", "has_password", "filters"],
  properties: {
    id: TEXT,
    name: TEXT,
    created_at: TIME,
    expires_at: TIME,
    has_password: { type: "boolean" },
    filters: { type: "array" },
  },
};

/** The same when it is made. */
export const NEW_SHARE_LINK = {
  ...SHARE_LINK,
  required: [...SHARE_LINK.required, "key", "path"],
  properties: { ...SHARE_LINK.properties, key: TEXT, path: TEXT },
};

/** What can be said of whatever is shown to somebody. */
const SHOWN = {
  filters: { type: "array", items: { $ref: "#/components/schemas/Filter" } },
  panels: { type: "array", minItems: 1, items: { enum: EMBED_PANEL_NAMES } },
  collections: { ...NAMES, minItems: 1 },
  properties: NAMES,
  operations: { type: "array", minItems: 1, items: { enum: EMBED_OPERATIONS } },
  annotations: { type: "boolean" },
  window: EMBED_DESCRIPTION.properties.window,
  theme: { enum: EMBED_THEMES },
  accent: TEXT,
  locale: TEXT,
};

/** The body of `POST …/share-links`. */
export const SHARE_LINK_BODY = {
  type: "object",
  required: ["name"],
  additionalProperties: false,
  properties: {
    name: { type: "string", minLength: 1, maxLength: 200 },
    expires_in_days: { type: "number", exclusiveMinimum: 0, maximum: 366 },
    password: { type: "string", minLength: 12, maxLength: 1000 },
    ...SHOWN,
  },
};

/** The body of `POST …/embed-tokens`. */
export const EMBED_TOKEN_BODY = {
  type: "object",
  required: ["customer", "filters"],
  additionalProperties: false,
  properties: { customer: { type: "string", minLength: 1, maxLength: 200 }, origins: NAMES, ...SHOWN },
};

export const EMBED_TOKEN_EXAMPLE = {
  customer: "acme",
  filters: [{ property_name: "account", operator: "eq", property_value: "acme" }],
  origins: ["https://app.example.com"],
};

/** What it is answered with. */
export const NEW_EMBED_TOKEN = {
  type: "object",
  required: ["token", "expires_at"],
  additionalProperties: false,
  properties: { token: TEXT, expires_at: TIME },
};

export const SHARE_LINK_EXAMPLE = { name: "For the board", expires_in_days: 14, panels: ["metrics", "trend"] };

/** The body of `POST …/share-links/open`. */
export const OPENING_BODY = {
  type: "object",
  required: ["link", "password"],
  additionalProperties: false,
  properties: { link: { ...TEXT, maxLength: 100 }, password: { ...TEXT, maxLength: 1000 } },
};

/** What a link and its password are exchanged for. */
export const OPENED_SHARE_LINK = {
  type: "object",
  required: ["key", "expires_at"],
  additionalProperties: false,
  properties: { key: TEXT, expires_at: TIME },
};
