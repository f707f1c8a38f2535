import { compactDecrypt, errors, importJWK, jwtVerify } from "jose";
import { EMBED_MOST_CHARS, isObject, MillraceError, parseExactJson, type JsonObject } from "@millrace/core";
import type { EmbedKey } from "./embed-key.ts";

/** Five parts, the second of them empty: a JWE whose key both sides have. No other key has a dot in it. */
const FORM = /^([A-Za-z0-9_-]+)\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const KID = /^([0-9a-f]{24})\.([0-9a-f]{8})$/;

/** What a token's outer header says of whose it is: a claim, until the token was opened. */
export interface TokenAddress {
  readonly project: string;
  readonly keyId: string;
}

/** Undefined for text that is no embed token. Nothing is believed of it yet. */
export function addressOfToken(text: string): TokenAddress | undefined {
  if (text.length > EMBED_MOST_CHARS) return undefined;
  const header = FORM.exec(text)?.[1];
  if (header === undefined) return undefined;
  const [, project, keyId] = KID.exec(kidIn(header) ?? "") ?? [];
  return project !== undefined && keyId !== undefined ? { project, keyId } : undefined;
}

function kidIn(header: string): string | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(header, "base64url").toString());
    return isObject(read) && typeof read["kid"] === "string" ? read["kid"] : undefined;
  } catch {
    return undefined;
  }
}

/** What back ends' clocks may be off by, seconds. */
const SKEW_SECONDS = 60;

/**
 * What a token says: unsealed, and its signature checked. The algorithms are ours and not the token's: A256GCM with the shared key
 * outside, ES256 inside, whatever a header names.
 * @throws MillraceError `InvalidApiKeyError` saying what is wrong with it
 */
export async function openToken(token: string, { project, keyId }: TokenAddress, key: EmbedKey, now: number) {
  const kid = `${project}.${keyId}`;
  try {
    const sealed = await compactDecrypt(token, Buffer.from(key.seal, "base64url"), {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    const publicKey = await importJWK({ kty: "EC", crv: "P-256", x: key.x, y: key.y }, "ES256");
    const signed = new TextDecoder().decode(sealed.plaintext);
    const { payload, protectedHeader } = await jwtVerify(signed, publicKey, {
      algorithms: ["ES256"],
      issuer: project,
      requiredClaims: ["iat", "exp", "jti"],
      currentDate: new Date(now),
      clockTolerance: SKEW_SECONDS,
    });
    if (protectedHeader.kid !== kid) throw refused("it is signed with another key than it is sealed with");
    if ((payload.iat ?? 0) * 1000 > now + SKEW_SECONDS * 1000) throw refused("its time of issue (iat) lies ahead");
    const { iat = 0, exp = 0, jti = "" } = payload;
    return { issuedAt: iat, endsAt: exp, id: jti, claims: ownClaims(signed) };
  } catch (thrown) {
    throw thrown instanceof MillraceError ? thrown : explained(thrown);
  }
}

/** Read again, exactly: a number that no double holds would be another customer's in a forced filter. */
function ownClaims(signed: string): JsonObject {
  const text = Buffer.from(signed.split(".")[1] ?? "", "base64url").toString();
  const { iss: _iss, iat: _iat, exp: _exp, nbf: _nbf, jti: _jti, ...own } = parseExactJson(text) as JsonObject;
  return own;
}

/** @param why goes on "The embed token is refused: …" */
export function refused(why: string, cause?: unknown): MillraceError {
  return new MillraceError("InvalidApiKeyError", `The embed token is refused: ${why}.`, { cause });
}

function explained(thrown: unknown): MillraceError {
  if (thrown instanceof errors.JWTExpired) {
    const since = new Date((thrown.payload.exp ?? 0) * 1000).toISOString();
    return refused(`it ended at ${since}`, thrown);
  }
  if (thrown instanceof errors.JWTClaimValidationFailed)
    return refused(`its claim ${thrown.claim} does not fit`, thrown);
  if (thrown instanceof errors.JOSEAlgNotAllowed)
    return refused("it is not sealed with A256GCM and signed with ES256", thrown);
  if (thrown instanceof errors.JOSEError) return refused("it was not made with this project's secret", thrown);
  throw thrown;
}
