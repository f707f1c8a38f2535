import { promisify } from "node:util";
import { gunzip, gunzipSync } from "node:zlib";
import { mapInStints } from "../share/stints.ts";
import { isObject } from "../values/json.ts";
import { ENVELOPE_VERSION, REPLAY_VERSION, type Envelope } from "./envelope.ts";

/** Thrown for a message this collector cannot read: it must reach the dead-letter queue untouched. */
export class UnreadableMessage extends Error {}

/** A message that unpacks to more than this is nobody's of ours: version 1 knew no limit, but none of its messages was so large. */
const READABLE = { maxOutputLength: 64_000_000 };
const gunzipped = promisify<Buffer, typeof READABLE, Buffer>(gunzip);

/** What a message's text holds, whatever its version. @throws Error when it is no JSON, packed or plain, or far too large. */
export function parseMessage(text: string): unknown {
  const packed = packedIn(text);
  return JSON.parse(packed ? gunzipSync(packed, READABLE).toString() : text);
}

/** @throws UnreadableMessage when the text is not an envelope of a known version. */
export function decodeEnvelope(text: string): Envelope {
  let content: unknown;
  try {
    content = parseMessage(text);
  } catch (cause) {
    throw noEnvelope(cause);
  }
  return asEnvelope(content);
}

/**
 * As {@link decodeEnvelope}, a few milliseconds at a time, for whoever has others waiting.
 * @throws UnreadableMessage when the text is not an envelope of a known version.
 */
export async function readEnvelope(text: string): Promise<Envelope> {
  let content: unknown;
  try {
    const packed = packedIn(text);
    const json = packed ? (await gunzipped(packed, READABLE)).toString() : text;
    content = await parseLines(json).catch(() => JSON.parse(json) as unknown);
  } catch (cause) {
    throw noEnvelope(cause);
  }
  return asEnvelope(content);
}

const OPENING = '"events":[\n';
const CLOSING = "\n]}";

/**
 * JSON whose events have a line each, as {@link import("./encode.ts").packContent} writes them. Where each piece between two breaks is JSON
 * by itself, together they are what the whole is: within a value they would not be, and no text of JSON has a break.
 * @throws SyntaxError also for JSON in which the breaks lie otherwise
 */
async function parseLines(text: string): Promise<unknown> {
  const start = text.indexOf(OPENING);
  if (start < 0 || !text.endsWith(CLOSING)) return JSON.parse(text);
  const head: unknown = JSON.parse(`${text.slice(0, start)}"events":[]}`);
  const lines = text.slice(start + OPENING.length, -CLOSING.length).split(",\n");
  return { ...(head as object), events: await mapInStints(lines, (line) => JSON.parse(line) as unknown) };
}

function packedIn(text: string): Buffer | undefined {
  return text.startsWith("gz:") ? Buffer.from(text.slice(text.lastIndexOf(":", 24) + 1), "base64") : undefined;
}

function noEnvelope(cause: unknown): UnreadableMessage {
  return new UnreadableMessage("The message is not an envelope.", { cause });
}

function asEnvelope(content: unknown): Envelope {
  const { weight: _weight, ...envelope } = isObject(content) ? content : {};
  const { v, events, ordinals } = envelope;
  const known = v === 1 || v === ENVELOPE_VERSION || v === REPLAY_VERSION;
  if (!known || !Array.isArray(events)) {
    throw new UnreadableMessage(
      `The message has envelope version ${JSON.stringify(v)}; this collector reads 1 to ${REPLAY_VERSION}.`,
    );
  }
  const isReplay = v === REPLAY_VERSION;
  if (isReplay !== (ordinals !== undefined) || (isReplay && !arePlaces(ordinals, events.length))) {
    throw new UnreadableMessage("The message does not say which events of their request it holds.");
  }
  // What of it is missing or wrong is found where it is used: an event that nobody can read must not harm the others.
  return { ...(envelope as unknown as Envelope), v: isReplay ? REPLAY_VERSION : ENVELOPE_VERSION };
}

function arePlaces(ordinals: unknown, events: number): boolean {
  return (
    Array.isArray(ordinals) &&
    ordinals.length === events &&
    ordinals.every((ordinal) => Number.isSafeInteger(ordinal) && ordinal >= 0)
  );
}
