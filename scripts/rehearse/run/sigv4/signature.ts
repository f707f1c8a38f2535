import { createHash, createHmac } from "node:crypto";

/** A request as it arrived, and what its `Authorization` says was signed. */
export interface Signable {
  readonly method: string;
  /** Path and query, as on the request line. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** What a signature is bound to. */
export interface Scope {
  readonly accessKeyId: string;
  /** `yyyymmdd`. */
  readonly date: string;
  readonly region: string;
  /** The service's signing name, such as `es`. */
  readonly service: string;
}

const sha256 = (content: Uint8Array | string) => createHash("sha256").update(content).digest("hex");
const hmac = (key: string | Buffer, content: string) => createHmac("sha256", key).update(content).digest();

/**
 * The signature of a request, by the published steps and without any library that also signs (AWS, "Create a signed request").
 * @param signed names of the signed headers, in their order
 */
export function signatureOf(request: Signable, signed: readonly string[], scope: Scope, secret: string): string {
  const canonical = sha256(canonicalRequest(request, signed, scope.service));
  const { date, region, service } = scope;
  const toSign = [
    "AWS4-HMAC-SHA256",
    request.headers["x-amz-date"] ?? "",
    `${date}/${region}/${service}/aws4_request`,
    canonical,
  ].join("\n");
  const key = [date, region, service, "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign).toString("hex");
}

function canonicalRequest(
  { method, target, headers, body }: Signable,
  signed: readonly string[],
  service: string,
): string {
  const [path = "", query = ""] = splitOnce(target, "?");
  const lines = signed.map((name) => `${name}:${(headers[name] ?? "").trim().replace(/ +/g, " ")}\n`);
  // S3 signs the hash that a header names (it may be "not signed"); the others sign what arrived.
  const hash = service === "s3" ? (headers["x-amz-content-sha256"] ?? "") : sha256(body);
  return [method, canonicalPath(path, service), canonicalQuery(query), lines.join(""), signed.join(";"), hash].join(
    "\n",
  );
}

/** S3 takes the path as it is sent; all others without `.`, `..` and empty parts, each part encoded once more. */
function canonicalPath(path: string, service: string): string {
  if (service === "s3") return path;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(encoded(part));
  }
  return `/${parts.join("/")}${parts.length > 0 && path.endsWith("/") ? "/" : ""}`;
}

function canonicalQuery(query: string): string {
  return query
    .split("&")
    .filter((each) => each !== "")
    .map((each) => splitOnce(each, "=").map((part) => encoded(decodeURIComponent(part))))
    .map(([name = "", value = ""]) => `${name}=${value}`)
    .sort((a, b) => (a < b ? -1 : 1))
    .join("&");
}

/** All but the unreserved characters as `%XX`. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function splitOnce(text: string, by: string): string[] {
  const at = text.indexOf(by);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
