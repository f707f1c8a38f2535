import { LIMITS, isEventId, type FieldKind, type StoredEvent } from "@millrace/core";
import { documentId } from "./document.ts";
import { CONTEXT_KINDS, MAX_INSTANT, MAX_INT } from "../schema.ts";
import { fitsTerm } from "../term.ts";

/** Bytes of a document id that OpenSearch accepts; one above fails the whole bulk, not only its document. */
const MAX_ID_BYTES = 512;

/** Why the mapping cannot hold this event, checked here because some of it would take the whole bulk down. */
export function unstorable(event: StoredEvent): string | undefined {
  if (!isEventId(event.id)) return "The id is not an event id.";
  if (Buffer.byteLength(documentId(event.project, event.id)) > MAX_ID_BYTES) return "The id is too long.";
  for (const name of ["timestamp", "receivedAt", "sequence", "accepted"] as const) {
    if (!Number.isSafeInteger(event[name])) return `${name} is not a whole number.`;
    if (Math.abs(event[name]) > MAX_INSTANT) return `${name} is out of range.`;
  }
  if (!Number.isInteger(event.ordinal) || event.ordinal < 0 || event.ordinal > MAX_INT) {
    return "ordinal is not a place in a request.";
  }
  const { context, flat } = event;
  for (const column of Object.keys(context)) {
    const kind = CONTEXT_KINDS.get(column);
    const problem = kind && unstorableValue(kind, context[column as keyof typeof context]);
    if (problem !== undefined) return `${column} ${problem}`;
  }
  for (const path of Object.keys(flat.strings)) {
    if (!fitsTerm(flat.strings[path] as string)) return `A string has more than ${LIMITS.stringChars} characters.`;
  }
  if (!fitsTerm(event.collection)) return "The collection's name is too long.";
  return undefined;
}

function unstorableValue(kind: FieldKind, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (kind) {
    case "string":
      return typeof value === "string" && fitsTerm(value) ? undefined : "is not a string that can be stored.";
    case "number":
    case "datetime":
      return Number.isFinite(value) ? undefined : "is not a number.";
    case "boolean":
      return typeof value === "boolean" ? undefined : "is not true or false.";
    case "strings":
      return Array.isArray(value) && value.every((each) => typeof each === "string" && fitsTerm(each))
        ? undefined
        : "is not a list of strings.";
  }
}
