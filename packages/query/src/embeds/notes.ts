import type { EmbedRules } from "@millrace/access";
import { parseZone, readIso, type JsonObject } from "@millrace/core";
import type { Versioned } from "../stored/definitions.ts";

/** Of an annotation what a chart shows, and nothing else that its content may hold. */
export function noteOf({ title, content }: Pick<Versioned, "title" | "content">): JsonObject {
  return { at: content["at"] ?? null, text: title };
}

/**
 * The notes that a token's chart may show: like the events, none from before its window and none from its end on.
 * @param timezone the project's, in which notes are written
 */
export function notesWithin(
  notes: readonly JsonObject[],
  { start, end }: NonNullable<EmbedRules["window"]> = {},
  timezone: string,
): JsonObject[] {
  const zone = parseZone(timezone);
  const from = start === undefined ? Number.NEGATIVE_INFINITY : Date.parse(start);
  const to = end === undefined ? Number.POSITIVE_INFINITY : Date.parse(end);
  return notes.filter(({ at }) => {
    const time = typeof at === "string" ? readIso(at, zone)?.ms : undefined;
    return time !== undefined && time >= from && time < to;
  });
}
