import { gunzipSync, gzipSync } from "node:zlib";
import { MillraceError } from "../error.ts";
import { isObject } from "../values/json.ts";
import { addonWeight } from "./addon-weight.ts";
import type { AcceptedEvent, PackedEvent, SharedContext } from "./event.ts";
import { LIMITS } from "./limits.ts";
import { pathWeight } from "./path-weight.ts";

/** The version of a request's messages; 1 is read too, where every event carries its whole context. */
export const ENVELOPE_VERSION = 2;

/** That of messages that hold some events of a request, sent again: who does not know of `ordinals` must not guess them. */
export const REPLAY_VERSION = 3;

/** One request is one message, or several where one cannot hold it. */
export interface Envelope extends EnvelopeContent {
  v: typeof ENVELOPE_VERSION | typeof REPLAY_VERSION;
  /** UUIDv7 made at ingest; with an event's ordinal it is the event's provenance. */
  batch: string;
  project: string;
  /** Milliseconds UTC. */
  receivedAt: number;
  /**
   * The ingest instance, the number of this message there, and how many events of this project and hour of receipt it has offered to
   * the queue up to this message, its own and refused ones included. It only grows, whatever is sent at the same time.
   */
  instance: string;
  sequence: number;
  accepted: number;
  request: RequestSummary;
  /**
   * The places of the events in the request they came with, of {@link REPLAY_VERSION} alone: they had their end before, and their
   * identity stays the same. Absent: 0, 1, 2 and so on.
   */
  ordinals?: readonly number[];
}

/**
 * The events of a request. What they share stands here once: copied into each of 500 events, a context of some kilobytes makes
 * megabytes of a request of one. {@link eventAt} puts it together again, one event at a time.
 */
export interface EnvelopeContent {
  /** What all of them share. */
  readonly shared?: SharedContext;
  /** The pages they happened on. */
  readonly pages?: readonly SharedContext[];
  /** The visits they belong to. */
  readonly visits?: readonly SharedContext[];
  readonly events: readonly PackedEvent[];
}

/** Ingest's own execution, which rides in the message instead of being written apart. */
export interface RequestSummary {
  executionId: string;
  function: string;
  coldStart: boolean;
  durationMs: number;
  route: string;
  bytes: number;
  /** Of a caller that has a trace; absent: the execution's own. */
  trace?: string;
}

/** Thrown for a message this collector cannot read: it must reach the dead-letter queue untouched. */
export class UnreadableMessage extends Error {}

/** A message that unpacks to more than this is nobody's of ours: version 1 knew no limit, but none of its messages was so large. */
const READABLE_BYTES = 64_000_000;

/**
 * The text that goes into the queue: JSON, or `gz:` + weight + base64 of gzipped JSON above {@link LIMITS.gzipFromBytes}. Its
 * weight stands in front, so that whoever takes messages off the queue can weigh them unopened ({@link import("./message-weight.ts").messageWeight}).
 * @throws MillraceError `RequestEntityTooLarge` when it weighs more than {@link LIMITS.unpackedBytes}, found before anything is put
 * together, or when even packed it exceeds what SQS takes: the client must send fewer events.
 */
export function encodeEnvelope(envelope: Envelope): string {
  const { shared, pages = [], visits = [], events, ...head } = envelope;
  const parts = { shared: json(shared ?? {}), pages: pages.map(json), visits: visits.map(json) };
  let weight = 0;
  const texts = events.map((event) => {
    const text = json(event);
    // What somebody else put into the queue, and was rejected, may be no object, and is sent again as it is.
    const { page, visit, addons, properties }: Partial<PackedEvent> = isObject(event) ? event : {};
    weight += text.length + parts.shared.length + lengthAt(parts.pages, page) + lengthAt(parts.visits, visit);
    weight += pathWeight(properties);
    if (addons) weight += addonWeight(event);
    if (weight > LIMITS.unpackedBytes) throw tooLarge({ weight, events: events.length });
    return text;
  });
  const text = escapeForSqs(
    `{"weight":${weight},${json(head).slice(1, -1)}` +
      (shared ? `,"shared":${parts.shared}` : "") +
      (pages.length > 0 ? `,"pages":[${parts.pages.join(",")}]` : "") +
      (visits.length > 0 ? `,"visits":[${parts.visits.join(",")}]` : "") +
      `,"events":[${texts.join(",")}]}`,
  );
  const bytes = Buffer.byteLength(text);
  if (bytes <= LIMITS.gzipFromBytes) return text;
  const packed = `gz:${weight}:${gzipSync(text, { level: 3 }).toString("base64")}`;
  if (packed.length > LIMITS.messageBytes) {
    throw tooLarge({ bytes, packedBytes: packed.length, events: events.length });
  }
  return packed;
}

/** What a message's text holds, whatever its version. @throws Error when it is no JSON, packed or plain, or far too large. */
export function parseMessage(text: string): unknown {
  if (!text.startsWith("gz:")) return JSON.parse(text);
  const packed = Buffer.from(text.slice(text.lastIndexOf(":", 24) + 1), "base64");
  return JSON.parse(gunzipSync(packed, { maxOutputLength: READABLE_BYTES }).toString());
}

/** @throws UnreadableMessage when the text is not an envelope of a known version. */
export function decodeEnvelope(text: string): Envelope {
  let content: unknown;
  try {
    content = parseMessage(text);
  } catch (cause) {
    throw new UnreadableMessage("The message is not an envelope.", { cause });
  }
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

/** One event of an envelope with everything it shares put back into it. What is no object is answered as it is. */
export function eventAt(envelope: EnvelopeContent, ordinal: number): AcceptedEvent {
  const packed = envelope.events[ordinal];
  // The queue's text is not ours alone to write; whoever stores the event will find that it is none.
  if (!isObject(packed)) return packed as unknown as AcceptedEvent;
  const { page, visit, ...event } = packed;
  const shared = [
    envelope.shared,
    page === undefined ? undefined : envelope.pages?.[page],
    visit === undefined ? undefined : envelope.visits?.[visit],
  ].filter((part) => part !== undefined);
  if (shared.length === 0) return event;
  const context = Object.assign({}, ...shared.map((part) => part.context), event.context);
  const raw = Object.assign({}, ...shared.map((part) => part.raw), event.raw);
  return { ...event, context, raw };
}

function json(value: object): string {
  return JSON.stringify(value);
}

function lengthAt(parts: readonly string[], index: number | undefined): number {
  return index === undefined ? 0 : (parts[index]?.length ?? 0);
}

function tooLarge(context: Record<string, number>): MillraceError {
  return new MillraceError(
    "RequestEntityTooLarge",
    "The request is too large for one message. Send fewer events per request.",
    { context },
  );
}

/** SQS refuses U+FFFE and U+FFFF; as JSON escapes they pass and mean the same. Control characters are escaped by JSON already. */
function escapeForSqs(json: string): string {
  return json.replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}
