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
    window: { type: "object", properties: { start: TIME, end: TIME } },
    theme: { enum: EMBED_THEMES },
    accent: TEXT,
    locale: TEXT,
  },
};
