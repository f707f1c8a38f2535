import type { DocumentedRoute, Operation } from "@millrace/access";
import * as z from "zod";
import { batchSchema } from "../tracker/tracker-wire.ts";

const EVENTS = "/3.0/projects/:project/events";

const json = (schema: object) => ({ "application/json": { schema } });
const CREATED = { type: "object", required: ["created"], properties: { created: { const: true } } };
/** Any JSON object is an event; `keen` is reserved in it. */
const EVENT = { type: "object", description: "One event: any properties. The object keen is reserved." };
const RESULT = {
  type: "object",
  required: ["success"],
  properties: {
    success: { type: "boolean" },
    error: { type: "object", required: ["name", "description"] },
  },
};

const IDEMPOTENCY_KEY = {
  "Idempotency-Key": {
    type: "string",
    pattern: '^"?[!#-~]{1,128}"?$',
    description:
      "The same request with the same key is stored once. A UUIDv7, unless every event has its keen.timestamp or keen.event_id.",
  },
};

const RECORD_ONE: Operation = {
  headers: IDEMPOTENCY_KEY,
  body: EVENT,
  answers: { 201: { description: "The event is queued durably.", content: json(CREATED) } },
};
const RECORD_MANY: Operation = {
  headers: IDEMPOTENCY_KEY,
  body: { type: "object", additionalProperties: { type: "array", items: EVENT } },
  answers: {
    200: {
      description: "One result for each event, in order: those that are good are queued durably.",
      content: json({ type: "object", additionalProperties: { type: "array", items: RESULT } }),
    },
  },
};
const text = { type: "string" };
const RECORD_BY_GET: Operation = {
  query: { data: text, api_key: text, jsonp: text, redirect: text },
  answers: {
    200: {
      description: "With jsonp a script; with an image's Accept header or without data, see the other answers.",
      content: {
        ...json({ type: ["object", "array"] }),
        "text/javascript": {},
        "image/gif": {},
        "application/javascript": {},
      },
    },
    201: { description: "The event is queued durably.", content: json(CREATED) },
    302: { description: "On to the address in redirect." },
  },
};
const REFUSED = {
  type: "object",
  required: ["index", "message", "error_code"],
  properties: { index: { type: "integer", description: "Place in e, from 0." }, message: text, error_code: text },
};
const RECORD_TRACKER: Operation = {
  body: bodyOf(batchSchema),
  answers: {
    202: {
      description: "The good events are queued durably; the others are named with the reason.",
      content: json({
        type: "object",
        required: ["refused"],
        properties: { refused: { type: "array", items: REFUSED } },
      }),
    },
  },
};

/** The routes that record, without their handlers: what the OpenAPI document says of them, wherever it is served. */
export const COLLECT_ROUTES = {
  one: {
    method: "POST",
    path: `${EVENTS}/:collection`,
    class: "collect",
    summary: "Record one event.",
    operation: RECORD_ONE,
  },
  byGet: {
    method: "GET",
    path: `${EVENTS}/:collection`,
    class: "collect",
    summary: "Record one event by image, script or link (with data); else read the collection's schema.",
    operation: RECORD_BY_GET,
  },
  many: {
    method: "POST",
    path: EVENTS,
    class: "collect",
    summary: "Record many events.",
    operation: RECORD_MANY,
  },
  tracker: {
    method: "POST",
    path: "/v1/e",
    class: "collect",
    summary: "Record a batch of the browser tracker.",
    operation: RECORD_TRACKER,
  },
} as const satisfies Record<string, DocumentedRoute>;

function bodyOf(schema: z.ZodType): object {
  const { $schema: _, ...body } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return body;
}
