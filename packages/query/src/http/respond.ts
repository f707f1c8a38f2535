import { jsonPieces, mapInStints, MillraceError, type Json } from "@millrace/core";
import type { Context } from "hono";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compress = promisify(gzip);
/** Smaller ones gain nothing worth the time. */
const WORTH_COMPRESSING = 100_000;

/** What to send, and of what kind. */
interface Answer {
  readonly body: string | Uint8Array;
  readonly type: string;
  readonly status?: number;
}

/**
 * Sends an answer, compressed where there is a limit of size and the client takes gzip.
 * @param most bytes as Lambda counts them; undefined: no limit
 * @throws MillraceError `AnswerTooLarge` that says the limit and what to do
 */
export async function respond(c: Context, answer: Answer, most: number | undefined): Promise<Response> {
  const { body: text, type, status = 200 } = answer;
  c.header("Content-Type", type);
  if (typeof text !== "string") {
    if (most !== undefined && base64Length(text.byteLength) > most) throw tooLarge(text.byteLength, most, "compressed");
    return c.body(new Uint8Array(text), status as 200);
  }
  if (most === undefined || text.length < WORTH_COMPRESSING) return c.body(text, status as 200);
  c.header("Vary", "Accept-Encoding", { append: true });
  if (takesGzip(c)) {
    const packed = await compress(text);
    if (base64Length(packed.byteLength) > most) throw tooLarge(Buffer.byteLength(text), most, "even compressed");
    c.header("Content-Encoding", "gzip");
    return c.body(new Uint8Array(packed), status as 200);
  }
  if (escapedLength(text, most) > most) {
    throw tooLarge(Buffer.byteLength(text), most, "and this client takes no gzip (Accept-Encoding)");
  }
  return c.body(text, status as 200);
}

/** As JSON, which of a large answer is made in stints: half a second of work otherwise, that everybody waits for. */
export async function jsonText(value: Json): Promise<Answer> {
  return { body: (await mapInStints(jsonPieces(value), (piece) => piece)).join(""), type: "application/json" };
}

function takesGzip(c: Context): boolean {
  const accepted = c.req.header("accept-encoding")?.toLowerCase().split(",") ?? [];
  return accepted.some((entry) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$)|$)/.test(entry));
}

/** What the text is as a JSON string: Lambda's answer is one, so each quotation mark counts twice. */
function escapedLength(text: string, most: number): number {
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
