import { isUtf8 } from "node:buffer";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { inOneTurn, MillraceError, parseExactJson } from "@millrace/core";
import type { Context } from "hono";

const unzip = promisify(gunzip);

/** A request body as text, with the size that came over the wire. */
export interface Body {
  readonly text: string;
  /** Bytes of the text, uncompressed. */
  readonly bytes: number;
}

/**
 * Reads a body of at most `limit` bytes, before and after decompression, whatever its content type says (beacons send JSON as
 * text/plain).
 * @throws MillraceError `RequestEntityTooLarge`, as soon as the limit is passed; `InvalidJSONError` for bytes that are not
 * UTF-8 or not gzip; `InvalidParameterError` for another content encoding
 */
export async function readBody(c: Context, limit: number): Promise<Body> {
  const raw = await readBytes(c, limit);
  const bytes = await decompress(raw, c.req.header("content-encoding") ?? "", limit);
  return { text: await inOneTurn(bytes.length, () => decodeText(bytes)), bytes: bytes.length };
}

/** An integer that a double would change is a bigint, for its event to be refused. @throws MillraceError `InvalidJSONError` */
export function parseJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    // The parser's own message quotes the text, which may be personal.
    throw new MillraceError("InvalidJSONError", "The body is not valid JSON.");
  }
}

/** @throws MillraceError `InvalidJSONError` for bytes that are not UTF-8. A byte order mark is dropped. */
export function decodeText(bytes: Buffer): string {
  // Replacing bad bytes would store something nobody sent.
  if (!isUtf8(bytes)) throw new MillraceError("InvalidJSONError", "The body is not valid UTF-8.");
  const text = bytes.toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

async function readBytes(c: Context, limit: number): Promise<Buffer> {
  const announced = c.req.header("content-length");
  if (announced !== undefined) {
    if (Number(announced) > limit) throw tooLarge(limit);
    // The HTTP server holds a body to its announced length, so it can be taken whole; the second look is for one that does not.
    const bytes = Buffer.from(await c.req.arrayBuffer());
    if (bytes.length > limit) throw tooLarge(limit);
    return bytes;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function decompress(bytes: Buffer, encoding: string, limit: number): Promise<Buffer> {
  const name = encoding.trim().toLowerCase();
  if (name === "" || name === "identity") return bytes;
  if (name !== "gzip" && name !== "x-gzip") {
    throw new MillraceError("InvalidParameterError", "Content-Encoding may be gzip or identity.");
  }
  try {
    return await unzip(bytes, { maxOutputLength: limit });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(limit);
    throw new MillraceError("InvalidJSONError", "The body is not valid gzip.", { cause });
  }
}

function tooLarge(limit: number): MillraceError {
  return new MillraceError("RequestEntityTooLarge", `The body is larger than ${limit} bytes.`);
}
