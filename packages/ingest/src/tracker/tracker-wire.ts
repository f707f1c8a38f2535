import { LIMITS, MillraceError } from "@millrace/core";
import * as z from "zod";

const UUID_V7 = /^[0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/;
const MAX_EVENTS = 500;
const MAX_SEQUENCE = 1_000_000_000;
/** A day: more engaged time between two events is a clock that ran on while the computer slept. */
const MAX_ENGAGED_MS = 24 * 3_600_000;

/** What can be seen of a page's height. */
const MAX_SCROLL_PERCENT = 100;
/** A widget that takes longer is one that nobody waited for. */
const MAX_WIDGET_MS = 24 * 3_600_000;

/** More than a page can have recorded. A write key is public: what is claimed beyond it counts as this much. */
const MAX_LOST = 100_000;

const text = (chars: number) =>
  z
    .string()
    .max(chars)
    .transform((value) => value.toWellFormed());
/** Context is a help, not the event: what is wrong in it is left out. */
const help = (chars: number) => text(chars).optional().catch(undefined);
/** For people to read: the beginning of a long one serves them better than none. */
const title = z.string().transform((value) => value.slice(0, LIMITS.titleChars).toWellFormed());
/** Before reduction: what counts is how long it is after it. */
const address = text(LIMITS.stringChars);

/** What counts as much as it can be. */
const measure = (most: number) =>
  z
    .number()
    .min(0)
    .transform((value) => Math.min(value, most))
    .optional();

export const batchSchema = z.object({
  v: z.literal(1),
  /** Write key: it says which project. */
  k: z.string(),
  /** UUIDv7 of the document load. */
  i: z.string().toLowerCase().regex(UUID_V7),
  /** The client's clock when it sent this attempt. */
  s: z.number(),
  c: z
    .object({
      l: help(LIMITS.languageChars),
      z: help(LIMITS.timezoneChars),
      /** Screen and viewport: width and height of each. */
      w: z.array(z.number().int().min(0).max(100_000)).min(2).max(4).optional().catch(undefined),
      r: help(LIMITS.stringChars),
      /** Whether a program drives the browser. */
      b: z.boolean().optional().catch(undefined),
      /** How many fingers its screen feels. */
      p: z.number().int().min(0).max(256).optional().catch(undefined),
      /** Version of its system, as client hints tell it. */
      h: help(LIMITS.platformVersionChars),
    })
    .catch({}),
  d: z
    .object({ id: help(LIMITS.userIdChars) })
    .optional()
    .catch(undefined),
  /** Events of this load that the sender gave up since it last told. */
  l: z
    .number()
    .int()
    .min(0)
    .transform((lost) => Math.min(lost, MAX_LOST))
    .optional()
    .catch(undefined),
  e: z.array(z.unknown()).min(1).max(MAX_EVENTS),
});

const eventSchema = z.object({
  /** Number of the event in its load: with the load's id its identity. */
  q: z.number().int().min(0).max(MAX_SEQUENCE),
  /** Collection. */
  n: z.string(),
  /** Milliseconds before `s`. */
  t: z.number().min(0),
  /** Number of the page in this load. */
  g: z.number().int().min(0).max(MAX_SEQUENCE).optional(),
  u: address.optional(),
  T: title.optional(),
  p: z.unknown().optional(),
  /** What tells pages of this path apart, on sites that say so. */
  r: text(LIMITS.routeChars).optional(),
  m: measure(MAX_ENGAGED_MS),
  y: measure(MAX_SCROLL_PERCENT),
  x: address.optional(),
  w: text(LIMITS.widgetChars).optional(),
  V: help(LIMITS.widgetChars),
  P: help(LIMITS.widgetChars),
  a: help(LIMITS.widgetChars),
  L: measure(MAX_WIDGET_MS),
});

/** One request of the tracker; its events are still to be read one by one. */
export type TrackerBatch = z.infer<typeof batchSchema>;
export type TrackerEvent = z.infer<typeof eventSchema>;

/** @throws MillraceError `InvalidBatchError` naming the first bad field */
export function readTrackerBatch(body: unknown): TrackerBatch {
  const parsed = batchSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new MillraceError("InvalidBatchError", `The batch is not one of the tracker's: ${problemOf(parsed.error)}.`);
}

/** @throws MillraceError `InvalidEventError` naming the first bad field */
export function readTrackerEvent(event: unknown): TrackerEvent {
  const parsed = eventSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new MillraceError("InvalidEventError", `The event is not one of the tracker's: ${problemOf(parsed.error)}.`);
}

function problemOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.join(".") || "it"}: ${issue.message}` : "unknown";
}
