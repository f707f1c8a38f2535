import { createHash, timingSafeEqual } from "node:crypto";
import { signatureOf, type Scope, type Signable } from "./signature.ts";

/** The keys of one session of a role, as Lambda gives them to a function. */
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Thrown for a request that AWS would not believe; the message says why. */
export class SignatureRefused extends Error {
  override readonly name = "SignatureRefused";
}

/** How far a request's date may be from the server's. */
const SKEW_MS = 5 * 60_000;
const HEADER =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Checks who signed a request, as AWS does: known keys, their session token, a fresh date, host and every `x-amz-` header signed,
 * the body's hash where one is named, and the signature itself.
 * @param keysOf the session of an access key id
 * @param now milliseconds UTC
 * @throws SignatureRefused
 */
export function verify<Keys extends SessionKeys>(
  request: Signable,
  keysOf: (accessKeyId: string) => Keys | undefined,
  now: number,
): { readonly keys: Keys; readonly scope: Scope } {
  const { headers, body } = request;
  const [, accessKeyId, date, region, service, names, signature] = HEADER.exec(headers["authorization"] ?? "") ?? [];
  if (!accessKeyId || !date || !region || !service || !names || !signature) throw new SignatureRefused("not signed");
  const keys = keysOf(accessKeyId);
  if (!keys) throw new SignatureRefused(`nobody's access key: ${accessKeyId}`);
  if (headers["x-amz-security-token"] !== keys.sessionToken) throw new SignatureRefused("not the session's token");
  const at = instantOf(headers["x-amz-date"] ?? "");
  if (!headers["x-amz-date"]?.startsWith(date) || !(Math.abs(now - at) <= SKEW_MS))
    throw new SignatureRefused(`signed at ${headers["x-amz-date"] ?? "no time"}`);
  const signed = names.split(";");
  for (const name of ["host", ...Object.keys(headers).filter((each) => each.startsWith("x-amz-"))])
    if (!signed.includes(name)) throw new SignatureRefused(`${name} is not signed`);
  const hash = headers["x-amz-content-sha256"];
  if (service === "s3" && hash === undefined) throw new SignatureRefused("S3 wants x-amz-content-sha256");
  if (hash !== undefined && hash !== "UNSIGNED-PAYLOAD" && hash !== createHash("sha256").update(body).digest("hex"))
    throw new SignatureRefused("the body is not the one that was signed");
  const scope = { accessKeyId, date, region, service };
  const expected = signatureOf(request, signed, scope, keys.secretAccessKey);
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature)))
    throw new SignatureRefused("the signature does not match");
  return { keys, scope };
}

/** `20261123T210500Z`, milliseconds UTC; NaN for anything else. */
function instantOf(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}
