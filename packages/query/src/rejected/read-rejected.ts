import {
  isObject,
  MillraceError,
  resolveTimeframe,
  type JsonObject,
  type RejectedPlace,
  type RejectedQuery,
} from "@millrace/core";
import * as z from "zod";
import { check } from "../parse/check.ts";
import { refuseUnknown } from "../parse/known.ts";
import { parseTime } from "../parse/parse-timeframe.ts";

/** Which rejected events are meant. */
export interface RejectedSearch {
  readonly query: RejectedQuery;
  /** Stands in their raw form, or in what was wrong with them; upper and lower case are one. */
  readonly text?: string;
}

/** The parameters that say which. */
export const WHICH = ["timeframe", "timezone", "reason", "collection"] as const;
/** What a date may be in JavaScript. */
const MOST_INSTANT = 8.64e15;
const NAME = z.string().min(1).max(300);

/**
 * Reads which rejected events are meant: all that are kept, unless the parameters say otherwise.
 * @param more names that the request may hold besides
 * @throws MillraceError naming the parameter that is wrong
 */
export function readRejectedSearch(
  raw: JsonObject,
  { project, now, more = [] }: { readonly project: string; readonly now: number; readonly more?: readonly string[] },
): RejectedSearch {
  refuseUnknown(raw, { known: [...WHICH, ...more], passed: ["api_key", "jsonp"], of: "rejected events" });
  const { timeframe, zone } = parseTime(raw);
  const range = timeframe ? resolveTimeframe(timeframe, now, zone) : { start: 0, end: now + 1 };
  const named = (name: "reason" | "collection" | "text") =>
    raw[name] === undefined ? {} : { [name]: check(NAME, raw[name], name) };
  return {
    query: { project, from: range.start, to: range.end, ...named("reason"), ...named("collection") },
    ...named("text"),
  };
}

/** As far as a store has such times and places: of what lies beyond it none can have told. */
const PLACE = z.tuple([
  z.int().min(-MOST_INSTANT).max(MOST_INSTANT),
  z.string().min(1),
  z.int().min(0).max(0x7fff_ffff),
]);

/** Where a page goes on, as the one before has told. @throws MillraceError `InvalidParameterError` */
export function readPlace(raw: JsonObject): RejectedPlace | undefined {
  if (raw["after"] === undefined) return undefined;
  const text = check(z.string().max(2_000), raw["after"], "after");
  try {
    const [receivedAt, batch, ordinal] = PLACE.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
    return { receivedAt, batch, ordinal };
  } catch (cause) {
    throw new MillraceError("InvalidParameterError", "after: this is not what an earlier answer has told.", { cause });
  }
}

/** A place as {@link readPlace} reads it. */
export function placeText({ receivedAt, batch, ordinal }: RejectedPlace): string {
  return Buffer.from(JSON.stringify([receivedAt, batch, ordinal])).toString("base64url");
}

/** A raw form for people: as the object that it is, else as its text. */
export function shownRaw(raw: string | null): JsonObject | string | null {
  if (raw === null) return null;
  try {
    const event: unknown = JSON.parse(raw);
    return isObject(event) ? (event as JsonObject) : raw;
  } catch {
    return raw;
  }
}
