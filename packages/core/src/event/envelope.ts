import { gunzipSync, gzipSync } from "node:zlib";
import { MillraceError } from "../error.ts";
import type { AcceptedEvent } from "./event.ts";
import { LIMITS } from "./limits.ts";

/** The version this code writes. A collector sends an unknown version to the dead-letter queue untouched. */
export const ENVELOPE_VERSION = 1;

/** One request, one message, never split. */
export interface Envelope {
  v: typeof ENVELOPE_VERSION;
  /** UUIDv7 made at ingest; with an event's ordinal it is the event's provenance. */
  batch: string;
  project: string;
  /** Milliseconds UTC. */
  receivedAt: number;
  /** The ingest instance, the number of this message there, and its running total of accepted events (this one included). */
  instance: string;
  sequence: number;
  accepted: number;
  request: RequestSummary;
  events: AcceptedEvent[];
}

/** Ingest's own execution, which rides in the message instead of being written apart. */
export interface RequestSummary {
  executionId: string;
  function: string;
  coldStart: boolean;
  durationMs: number;
  route: string;
  bytes: number;
}

/** Thrown for a message this collector cannot read: it must reach the dead-letter queue untouched. */
export class UnreadableMessage extends Error {}

/**
 * The text that goes into the queue: JSON, or `gz:` + base64 of gzipped JSON above {@link LIMITS.gzipFromBytes}.
 * @throws MillraceError `RequestEntityTooLarge` when even so it exceeds what SQS takes: the client must send fewer events.
 */
export function encodeEnvelope(envelope: Envelope): string {
  const json = escapeForSqs(JSON.stringify(envelope));
  const bytes = Buffer.byteLength(json);
  if (bytes <= LIMITS.gzipFromBytes) return json;
  const packed = `gz:${gzipSync(json, { level: 3 }).toString("base64")}`;
  if (packed.length > LIMITS.messageBytes) {
    throw new MillraceError(
      "RequestEntityTooLarge",
      "The request is too large for one message. Send fewer events per request.",
      {
        context: { bytes, packedBytes: packed.length },
      },
    );
  }
  return packed;
}

/** What a message's text holds, whatever its version. @throws Error when it is no JSON, packed or plain. */
export function parseMessage(text: string): unknown {
  return JSON.parse(text.startsWith("gz:") ? gunzipSync(Buffer.from(text.slice(3), "base64")).toString() : text);
}

/** @throws UnreadableMessage when the text is not an envelope of a known version. */
export function decodeEnvelope(text: string): Envelope {
  let envelope: Envelope;
  try {
    envelope = parseMessage(text) as Envelope;
  } catch (cause) {
    throw new UnreadableMessage("The message is not an envelope.", { cause });
  }
  if (envelope?.v !== ENVELOPE_VERSION || !Array.isArray(envelope.events)) {
    throw new UnreadableMessage(
      `The message has envelope version ${String(envelope?.v)}; this collector reads ${ENVELOPE_VERSION}.`,
    );
  }
  return envelope;
}

/** SQS refuses U+FFFE and U+FFFF; as JSON escapes they pass and mean the same. Control characters are escaped by JSON already. */
function escapeForSqs(json: string): string {
  return json.replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}
