import {
  isObject,
  LIMITS,
  MillraceError,
  type Context as EventContext,
  type Json,
  type RawContext,
  type VisitEntry,
} from "@millrace/core";
import * as z from "zod";
import { parseAddress } from "../visitor/address.ts";
import { pageContext, reduceReferrer, reduceUrl, targetWithoutQuery } from "../event/urls.ts";
import type { Sender } from "../visitor/visitor.ts";

const text = (chars: number) =>
  z
    .string()
    .max(chars)
    .transform((value) => value.toWellFormed());
/** The beginning of a long one: an old log is not refused for a line that nobody would write today. */
const beginning = (chars: number) => z.string().transform((value) => value.slice(0, chars).toWellFormed());
/** Before reduction: what counts is how long it is after it. */
const address = text(LIMITS.stringChars);

/** `$context`, the root property with which an import (master key) says what the server would otherwise find out itself. */
export const IMPORT_CONTEXT = "$context";

const schema = z.strictObject({
  ip: text(LIMITS.idChars).optional(),
  user_agent: beginning(LIMITS.userAgentChars).optional(),
  url: address.optional(),
  referrer: address.optional(),
  title: beginning(LIMITS.titleChars).optional(),
  language: text(LIMITS.languageChars).optional(),
  /** IANA name: the country is estimated from it. */
  timezone: text(LIMITS.timezoneChars).optional(),
  /** What was clicked or downloaded; its query is dropped. */
  target: address.optional(),
  visit_id: text(LIMITS.idChars).optional(),
  /** URL and referrer of the page view that began the visit. */
  visit_url: address.optional(),
  visit_referrer: address.optional(),
  visit_page: z.number().int().min(1).optional(),
  engaged_ms: z.number().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  /** Percent of the page's height that was seen for the first time. */
  scroll: z.number().min(0).max(100).optional(),
  widget: text(LIMITS.widgetChars).optional(),
  widget_version: text(LIMITS.widgetChars).optional(),
  widget_placement: text(LIMITS.widgetChars).optional(),
  /** What the widget did, or what was done with it: `shown`, `seen`, `interacted`, `converted`, or a word of its own. */
  widget_action: text(LIMITS.widgetChars).optional(),
  /** How long the action took. */
  widget_ms: z.number().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
});

/** Members of `$context` that are the event's fields as they are. */
const AS_GIVEN = [
  "language",
  "visit_id",
  "visit_page",
  "engaged_ms",
  "scroll",
  "widget",
  "widget_version",
  "widget_placement",
  "widget_action",
  "widget_ms",
] as const;

export interface ImportContext {
  readonly context: EventContext;
  readonly raw: RawContext;
  readonly sender?: Sender;
}

/**
 * Reads `$context`. The visitor comes from its address and user agent with the salt of the event's own day, so that importing old
 * events makes the same visitor-days as recording them would have.
 * @throws MillraceError `InvalidPropertyValueError` naming the first bad field
 */
export function readImportContext(value: Json): ImportContext {
  const parsed = schema.safeParse(isObject(value) ? value : undefined);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = [IMPORT_CONTEXT, ...(issue?.path ?? [])].join(".");
    throw new MillraceError("InvalidPropertyValueError", `${where}: ${issue?.message ?? "is not valid"}.`);
  }
  const given = parsed.data;
  const page = given.url === undefined ? undefined : reduceUrl(given.url);
  const referrer = given.referrer === undefined ? undefined : reduceReferrer(given.referrer);
  // The first page of a visit is where it began, whoever says so.
  const begins = given.visit_page === 1 && given.visit_url === undefined;
  const visit =
    given.visit_id === undefined
      ? undefined
      : entryOf(begins ? given.url : given.visit_url, begins ? given.referrer : given.visit_referrer);
  const cut = given.ip === undefined ? undefined : parseAddress(given.ip)?.cut;
  return {
    context: {
      ...(page && pageContext(page)),
      ...(given.title !== undefined && { page_title: given.title }),
      ...(given.target !== undefined && { target: targetWithoutQuery(given.target) }),
      ...Object.fromEntries(AS_GIVEN.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]]))),
    },
    raw: {
      ...(cut !== undefined && { ip: cut }),
      ...(given.user_agent !== undefined && { userAgent: given.user_agent }),
      ...(given.timezone !== undefined && { timezone: given.timezone }),
      ...(page && { url: page.url }),
      ...(referrer !== undefined && { referrer }),
      ...(visit && { visit }),
    },
    ...(given.ip !== undefined && { sender: { address: given.ip, userAgent: given.user_agent ?? "" } }),
  };
}

function entryOf(url: string | undefined, referrer: string | undefined): VisitEntry | undefined {
  // A visit whose beginning nobody tells came from somewhere unknown, which is something else than directly.
  if (url === undefined && referrer === undefined) return undefined;
  const page = url === undefined ? undefined : reduceUrl(url)?.url;
  const before = referrer === undefined ? undefined : reduceReferrer(referrer);
  return { ...(page !== undefined && { url: page }), ...(before !== undefined && { referrer: before }) };
}
