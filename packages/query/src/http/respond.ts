import { pack, sentAsItIs } from "@millrace/access";
import { jsonPieces, mapInStints, MillraceError, utf8InStints, type Json } from "@millrace/core";
import type { Context } from "hono";

/** What to send, and of what kind. */
interface Answer {
  readonly body: string | Uint8Array;
  readonly type: string;
  readonly status?: number;
}

/**
 * Sends an answer, packed where the client takes that: here, where the text is at hand and its size is known to Lambda's limit.
 * @param most bytes as Lambda counts them; undefined: no limit
 * @throws MillraceError `AnswerTooLarge` that says the limit and what to do
 */
export async function respond(c: Context, answer: Answer, most: number | undefined): Promise<Response> {
  const { body: text, type, status = 200 } = answer;
  sentAsItIs(c);
  c.header("Content-Type", type);
  if (typeof text !== "string") {
    if (most !== undefined && base64Length(text.byteLength) > most) throw tooLarge(text.byteLength, most, "compressed");
    return c.body(new Uint8Array(text), status as 200);
  }
  // Where there is a limit, packing is what gets the largest through.
  const utf8 = await utf8InStints(text);
  const packed = await pack(c, utf8, most === undefined ? undefined : Infinity);
  if (packed) {
    if (most !== undefined && base64Length(packed.bytes.byteLength) > most) {
      throw tooLarge(Buffer.byteLength(text), most, "even compressed");
    }
    c.header("Content-Encoding", packed.encoding);
    return c.body(packed.bytes, status as 200);
  }
  if (most !== undefined && escapedLength(text, most) > most) {
    throw tooLarge(Buffer.byteLength(text), most, "and this client takes neither gzip nor Brotli (Accept-Encoding)");
  }
  return c.body(utf8, status as 200);
}

/** As JSON, which of a large answer is made in stints: half a second of work otherwise, that everybody waits for. */
export async function jsonText(value: Json): Promise<Answer> {
  return { body: (await mapInStints(jsonPieces(value), (piece) => piece)).join(""), type: "application/json" };
}

/** What the text is as a JSON string: Lambda's answer is one, so each quotation mark counts twice. */
function escapedLength(text: string, most: number): number {
  // No character has more than six bytes there.
  if (text.length * 6 <= most) return 0;
  const bytes = Buffer.byteLength(text);
  return bytes > most ? bytes : Buffer.byteLength(JSON.stringify(text));
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

function tooLarge(bytes: number, most: number, how: string): MillraceError {
  const size = (of: number) => `${(of / 1_000_000).toFixed(1)} MB`;
  return new MillraceError(
    "AnswerTooLarge",
    `The answer has ${size(bytes)}; at most ${size(most)} can be sent here, ${how}. Ask in parts: a shorter timeframe, filters, fewer groups, latest or property_names.`,
  );
}
