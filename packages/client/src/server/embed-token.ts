import {
  EMBED_MOST_CHARS,
  EMBED_MOST_SECONDS,
  embedKid,
  parseEmbedSecret,
  type EmbedClaims,
  type EmbedSecret,
} from "@millrace/core";

export interface EmbedTokenOptions extends EmbedClaims {
  /** The project's embed secret, `mres_…`. It stays on the server. */
  readonly secret: string;
  /** How long it is good for, seconds, 24 hours at most. Default: 900. The page asks for another before that. */
  readonly expiresIn?: number;
  /** What it can be revoked by. Default: random. */
  readonly id?: string;
}

const DEFAULT_SECONDS = 900;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A token with which a page shows one customer what is theirs: signed with ES256, and sealed (A256GCM), so that whoever holds it cannot read
 * what it is filtered by. Asks nobody; runs wherever there is Web Crypto.
 * @throws Error for text that is no embed secret, a life that is too long, or a token that is too large
 */
export async function embedToken({
  secret,
  expiresIn = DEFAULT_SECONDS,
  id = crypto.randomUUID(),
  ...claims
}: EmbedTokenOptions): Promise<string> {
  const parts = parseEmbedSecret(secret);
  if (!parts)
    throw new Error("secret is not an embed secret: it begins with mres_ and is shown once, when it is made.");
  if (!(expiresIn > 0 && expiresIn <= EMBED_MOST_SECONDS)) {
    throw new Error(`expiresIn must be 1 to ${EMBED_MOST_SECONDS} seconds.`);
  }
  const iat = Math.floor(Date.now() / 1000);
  const payload = { iss: parts.project, iat, exp: iat + Math.floor(expiresIn), jti: id, ...claims };
  const token = await seal(await sign(payload, parts), parts);
  if (token.length <= EMBED_MOST_CHARS) return token;
  throw new Error(`The token has ${token.length} characters; ${EMBED_MOST_CHARS} are possible. Use fewer filters.`);
}

/** A JWS in its compact form (RFC 7515). */
async function sign(payload: object, { d, x, y, ...of }: EmbedSecret): Promise<string> {
  const input = `${encodeJson({ alg: "ES256", typ: "JWT", kid: embedKid(of) })}.${encodeJson(payload)}`;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("jwk", { kty: "EC", crv: "P-256", d, x, y }, algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, utf8(input));
  return `${input}.${encode(new Uint8Array(signature))}`;
}

/** A JWE in its compact form, whose key both sides have (RFC 7516, `dir`). */
async function seal(content: string, { seal: k, ...of }: EmbedSecret): Promise<string> {
  const header = encodeJson({ alg: "dir", enc: "A256GCM", cty: "JWT", kid: embedKid(of) });
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const key = await crypto.subtle.importKey("jwk", { kty: "oct", k }, "AES-GCM", false, ["encrypt"]);
  const algorithm = { name: "AES-GCM", iv, additionalData: utf8(header) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, utf8(content)));
  const [text, tag] = [sealed.subarray(0, -TAG_BYTES), sealed.subarray(-TAG_BYTES)];
  return `${header}..${[iv, text, tag].map(encode).join(".")}`;
}

function encodeJson(value: object): string {
  return encode(utf8(JSON.stringify(value)));
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** base64url; `Buffer` is not everywhere. */
function encode(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
