import type { Context, MiddlewareHandler } from "hono";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const zip = promisify(gzip);
const brotli = promisify(brotliCompress);

/** Below it the answer fits into the first packet anyway. */
const LEAST_BYTES = 1_024;
/** Beyond it nobody waits for bytes but for the work, a program asks, and the copies would weigh on one machine's memory. */
const MOST_BYTES = 16_000_000;
/** Quality 4 of 11: 385 KB of JSON take 1.4 ms. What gzip makes of them in 2.3 ms is a fifth larger. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

const WAYS = ["br", "gzip"] as const;

/** Texts. An event stream is one too, but its end is not waited for. */
const TEXT = /^(?!text\/event-stream)(text\/|application\/(json|javascript|openapi\+json|x-ndjson)\b|image\/svg\+xml)/;

/** A body as it is sent, and the `Content-Encoding` it has then. */
export interface Packed {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly encoding: (typeof WAYS)[number];
}

/**
 * Packs a text in the way that the client likes best, on a thread of zlib's.
 * @param most bytes beyond which it is not worth it
 * @returns undefined where it is sent as it is: too small, too large, or the client takes none of our ways
 */
export async function pack(
  c: Context,
  text: string | Uint8Array,
  most: number = MOST_BYTES,
): Promise<Packed | undefined> {
  const encoding = encodingOf(c.req.header("accept-encoding"), WAYS);
  if (encoding === undefined || text.length < LEAST_BYTES || text.length > most) return undefined;
  const bytes = encoding === "br" ? await brotli(text, BROTLI) : await zip(text);
  return { bytes: new Uint8Array(bytes), encoding };
}

/**
 * Packs the texts that a handler answers, unless it has said {@link sentAsItIs}.
 *
 * What is packed can be guessed at by its length where it holds a secret beside something that the guesser chose (BREACH). Here no
 * other site can ask in a reader's name: keys are in no cookie, and the console's cookie is `SameSite=Strict`. An answer of the
 * console that holds both all the same, since the page itself asks for it, must keep them apart: see the opening of packages/local.
 */
export const packing: MiddlewareHandler = async (c, next) => {
  // Before the handler, as all headers of every answer: one that comes after makes Hono rebuild it as a stream.
  c.header("Vary", "Accept-Encoding");
  await next();
  if (c.get(AS_IT_IS) !== true) await packAnswer(c);
};

const AS_IT_IS = "sentAsItIs";

/** For a handler that packs by itself, or knows that there is nothing to gain: the body is not looked at again. */
export function sentAsItIs(c: Context): void {
  c.set(AS_IT_IS, true);
}

async function packAnswer(c: Context): Promise<void> {
  const { res } = c;
  const { headers, status } = res;
  if (c.req.method === "HEAD" || status === 204 || status === 304 || status === 206) return;
  if (headers.has("Content-Encoding") || !TEXT.test(headers.get("Content-Type") ?? "")) return;
  if (encodingOf(c.req.header("accept-encoding"), WAYS) === undefined) return;
  const body = new Uint8Array(await res.arrayBuffer());
  const packed = await pack(c, body);
  const sent = new Headers(headers);
  sent.delete("Content-Length");
  if (packed) sent.set("Content-Encoding", packed.encoding);
  if (!sent.get("Vary")?.includes("Accept-Encoding")) sent.append("Vary", "Accept-Encoding");
  // Hono would put the headers of the one before over these.
  c.res = undefined;
  c.res = new Response(packed?.bytes ?? body, { status, headers: sent });
}

/** What a client likes best of these, by its own weights and else in this order; undefined: it takes none of them. */
export function encodingOf<Way extends string>(accepted: string | undefined, ways: readonly Way[]): Way | undefined {
  const weights = new Map(accepted?.toLowerCase().split(",").map(weighed));
  const weightOf = (way: string) => weights.get(way) ?? weights.get("*") ?? 0;
  const [best] = ways.filter((way) => weightOf(way) > 0).sort((a, b) => weightOf(b) - weightOf(a));
  return best;
}

/** `gzip;q=0.5` → its name and weight. A weight that is no number takes nothing. */
function weighed(entry: string): [name: string, weight: number] {
  const [name = "", ...parameters] = entry.split(";").map((part) => part.trim());
  const weight = parameters.find((parameter) => /^q\s*=/.test(parameter));
  return [name, weight === undefined ? 1 : Number(weight.replace(/^q\s*=\s*/, "")) || 0];
}
