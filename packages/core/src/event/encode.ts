import { promisify } from "node:util";
import { gzip, gzipSync } from "node:zlib";
import { MillraceError } from "../error.ts";
import { inStints, utf8InStints } from "../share/stints.ts";
import { isObject } from "../values/json.ts";
import { addonWeight } from "./addon-weight.ts";
import type { Envelope, EnvelopeContent, EnvelopeHead } from "./envelope.ts";
import type { PackedEvent } from "./event.ts";
import { LIMITS } from "./limits.ts";
import { pathWeight } from "./path-weight.ts";

/** The events of a message as they will lie in it. Only {@link sealEnvelope} is missing. */
export interface PackedContent {
  /** What the events are with everything they share, characters. */
  readonly weight: number;
  /** The end of the message's JSON, or a gzip of it. */
  readonly rest: string | Buffer;
}

/** More than any head is long, in any form. */
export const HEAD_BYTES = 2_048;
const LEVEL = { level: 3 };
const gzipped = promisify<Buffer, typeof LEVEL, Buffer>(gzip);

/**
 * Writes the events of a message, a few milliseconds at a time: thousands of them would hold up everybody else. An event has a line of its
 * own, so that it can be read alone ({@link import("./decode.ts").readEnvelope}).
 * @throws MillraceError `RequestEntityTooLarge` when it weighs more than {@link LIMITS.unpackedBytes}, found before anything is put
 * together, or when even packed it exceeds what SQS takes: the client must send fewer events.
 */
export async function packContent(content: EnvelopeContent): Promise<PackedContent> {
  const { shared, pages = [], visits = [], events, ordinals } = content;
  const parts = { shared: json(shared ?? {}), pages: pages.map(json), visits: visits.map(json) };
  let weight = 0;
  const texts: string[] = [];
  await inStints(events, (event) => {
    const text = json(event);
    // What somebody else put into the queue, and was rejected, may be no object, and is sent again as it is.
    const { page, visit, addons, properties }: Partial<PackedEvent> = isObject(event) ? event : {};
    weight += text.length + parts.shared.length + lengthAt(parts.pages, page) + lengthAt(parts.visits, visit);
    weight += pathWeight(properties);
    if (addons) weight += addonWeight(event);
    if (weight > LIMITS.unpackedBytes) throw tooLarge({ weight, events: events.length });
    texts.push(text);
  });
  const rest =
    (ordinals ? `,"ordinals":${json(ordinals)}` : "") +
    (shared ? `,"shared":${parts.shared}` : "") +
    (pages.length > 0 ? `,"pages":[${parts.pages.join(",")}]` : "") +
    (visits.length > 0 ? `,"visits":[${parts.visits.join(",")}]` : "") +
    (events.length > 0 ? `,"events":[\n${texts.join(",\n")}\n]}` : `,"events":[]}`);
  const utf8 = await utf8InStints(rest);
  const bytes = utf8.length;
  if (bytes + HEAD_BYTES <= LIMITS.gzipFromBytes) return { weight, rest };
  const packed = await gzipped(utf8, LEVEL);
  const packedBytes = base64Length(packed.length + HEAD_BYTES);
  if (packedBytes > LIMITS.messageBytes) throw tooLarge({ bytes, packedBytes, events: events.length });
  return { weight, rest: packed };
}

/**
 * The text that goes into the queue: JSON, or `gz:` + weight + base64 of gzipped JSON above {@link LIMITS.gzipFromBytes}. Its
 * weight stands in front, so that whoever takes messages off the queue can weigh them unopened ({@link import("./message-weight.ts").messageWeight}).
 * The head comes last, when nothing can go wrong any more: it has a number that no message may lack. A gzip may have several members
 * (RFC 1952 section 2.2), of which it is the first.
 */
export function sealEnvelope(head: EnvelopeHead, { weight, rest }: PackedContent): string {
  const first = `{"weight":${weight},${json(head).slice(1, -1)}`;
  if (typeof rest === "string") return first + rest;
  return `gz:${weight}:${Buffer.concat([gzipSync(first, LEVEL), rest]).toString("base64")}`;
}

/** Both at once, of what has its numbers. @throws as {@link packContent} */
export async function encodeEnvelope(envelope: Envelope): Promise<string> {
  const { shared, pages, visits, events, ordinals, ...head } = envelope;
  const content = { events, ...(shared && { shared }), ...(pages && { pages }), ...(visits && { visits }) };
  return sealEnvelope(head, await packContent({ ...content, ...(ordinals && { ordinals }) }));
}

/** SQS refuses U+FFFE and U+FFFF; as JSON escapes they pass and mean the same. Control characters are escaped by JSON already. */
function json(value: object): string {
  return JSON.stringify(value).replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

function lengthAt(parts: readonly string[], index: number | undefined): number {
  return index === undefined ? 0 : (parts[index]?.length ?? 0);
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

function tooLarge(context: Record<string, number>): MillraceError {
  return new MillraceError(
    "RequestEntityTooLarge",
    "The request is too large for one message. Send fewer events per request.",
    { context },
  );
}
