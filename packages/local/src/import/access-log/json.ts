import { isObject, type Json, type JsonObject } from "@millrace/core";
import { readAddress, readForwarded, readHost } from "./address.ts";
import { readRequest, readStatus } from "./combined.ts";
import { unescapeTarget, unescapeText } from "./escapes.ts";
import type { AccessRecord, BadLine, LogFormat } from "./record.ts";
import { readTime, readUnix } from "../read/time.ts";
import { readW3cObject } from "./w3c.ts";

/**
 * Access logs of one JSON object a line: Caddy, Traefik, nginx with a `log_format … escape=json`, Envoy, Cloudflare's Logpush, Fastly,
 * Vercel, Google's balancers, API Gateway, Azure's front ends, the Elastic common schema, pino-http, and what names its fields like
 * one of them. A dotted name is looked up as it is, then as a path.
 */
const FIELDS = {
  time: [
    "StartUTC",
    "ts",
    "time_iso8601",
    "msec",
    "time_local",
    "@timestamp",
    "timestamp",
    "time",
    "StartLocal",
    "date",
    "EdgeStartTimestamp",
    "start_time",
    "eventTime",
    "requestTime",
    "requestTimeEpoch",
  ],
  forwarded: ["request.client_ip", "http_x_forwarded_for", "x_forwarded_for", "request_X-Forwarded-For"],
  address: [
    "remote_addr",
    "request.remote_ip",
    "ClientHost",
    "request.remote_addr",
    "remote_ip",
    "client_ip",
    "clientip",
    "ClientAddr",
    "ip",
    "remote_host",
    "ClientIP",
    "source.ip",
    "source.address",
    "client.ip",
    "client.address",
    "httpRequest.remoteIp",
    "proxy.clientIp",
    "req.remoteAddress",
    "remoteAddress",
    "downstream_remote_address",
    "properties.clientIp",
    "properties.clientIP",
  ],
  request: ["request", "http_request", "request_line"],
  method: [
    "request.method",
    "RequestMethod",
    "request_method",
    "method",
    "http_method",
    "httpMethod",
    "ClientRequestMethod",
    "http.request.method",
    "httpRequest.requestMethod",
    "proxy.method",
    "req.method",
    "properties.httpMethod",
  ],
  target: [
    "request.uri",
    "RequestPath",
    "request_uri",
    "uri",
    "path",
    "url",
    "ClientRequestURI",
    "ClientRequestPath",
    "url.original",
    "url.path",
    "httpRequest.requestUrl",
    "proxy.path",
    "req.url",
    "req.originalUrl",
    "properties.requestUri",
  ],
  protocol: [
    "request.proto",
    "RequestProtocol",
    "server_protocol",
    "protocol",
    "http_version",
    "ClientRequestProtocol",
    "httpRequest.protocol",
    "request_protocol",
  ],
  status: [
    "status",
    "DownstreamStatus",
    "status_code",
    "response.status",
    "OriginStatus",
    "EdgeResponseStatus",
    "http.response.status_code",
    "httpRequest.status",
    "proxy.statusCode",
    "res.statusCode",
    "response_code",
    "response_status",
    "properties.httpStatusCode",
    "properties.httpStatus",
  ],
  bytes: [
    "body_bytes_sent",
    "size",
    "DownstreamContentSize",
    "bytes_sent",
    "bytes",
    "EdgeResponseBytes",
    "http.response.body.bytes",
    "http.response.bytes",
    "httpRequest.responseSize",
    "response_body_size",
    "responseLength",
    "properties.responseBytes",
  ],
  referrer: [
    "http_referer",
    "request.headers.Referer",
    "request_Referer",
    "referer",
    "referrer",
    "http_referrer",
    "ClientRequestReferer",
    "http.request.referrer",
    "httpRequest.referer",
    "proxy.referer",
    "req.headers.referer",
    "request_referer",
  ],
  userAgent: [
    "http_user_agent",
    "request.headers.User-Agent",
    "request_User-Agent",
    "user_agent",
    "agent",
    "userAgent",
    "ClientRequestUserAgent",
    "user_agent.original",
    "httpRequest.userAgent",
    "proxy.userAgent",
    "req.headers.user-agent",
    "request_user_agent",
    "properties.userAgent",
  ],
  host: [
    "request.host",
    "RequestHost",
    "http_host",
    "host",
    "vhost",
    "server_name",
    "ClientRequestHost",
    "url.domain",
    "proxy.host",
    "req.headers.host",
    "authority",
    "properties.hostName",
    "properties.host",
  ],
} as const;

export const jsonLog: LogFormat = {
  name: "json",
  title: "JSON, as Caddy, Traefik and nginx write it",
  open: () => (line) => readJsonLine(line, Date.now()),
};

function readJsonLine(line: string, now: number): AccessRecord | BadLine {
  let value: unknown;
  try {
    value = parseLenient(line);
  } catch (error) {
    return { reason: `not JSON: ${(error as Error).message}` };
  }
  if (!isObject(value)) return { reason: "not a JSON object" };
  // CloudFront's standard logs can be had as JSON, with the names and the encoding of their columns.
  if (Object.hasOwn(value, "cs-method")) return readW3cObject(value, now);
  const time = FIELDS.time.map((name) => timeOf(lookUp(value, name), now)).find((found) => found !== undefined);
  if (time === undefined) return { reason: `no time in any of ${FIELDS.time.join(", ")}` };
  const line1 = text(value, "request");
  const request = line1 === undefined ? partsOf(value) : readRequest(line1);
  if (request === undefined) return { reason: "neither a request line nor a method and a path" };
  const bytes = Number(text(value, "bytes") ?? Number.NaN);
  const peer = text(value, "address");
  return {
    address:
      readForwarded(text(value, "forwarded") ?? "") ?? (peer === undefined ? undefined : (readAddress(peer) ?? peer)),
    time,
    ...request,
    status: readStatus(text(value, "status")),
    bytes: Number.isFinite(bytes) ? bytes : undefined,
    referrer: present(text(value, "referrer")),
    userAgent: present(text(value, "userAgent")),
    host: readHost(text(value, "host")),
  };
}

/**
 * nginx writes JSON by a format string, and what it puts in is not always JSON: without `escape=json` bytes as `\xhh`, and nothing or
 * `-` for a number that it does not have.
 * @throws SyntaxError that speaks of the line as it was
 */
function parseLenient(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const mended = line
      .replace(/(?:\\x[0-9A-Fa-f]{2})+/g, (bytes) => JSON.stringify(unescapeText(bytes)).slice(1, -1))
      .replace(/(":)\s*-?\s*(?=[,}])/g, "$1null");
    if (mended === line) throw error;
    try {
      return JSON.parse(mended);
    } catch {
      throw error;
    }
  }
}

function partsOf(value: JsonObject): Pick<AccessRecord, "method" | "target" | "protocol"> | undefined {
  const [method, target] = [text(value, "method"), text(value, "target")];
  if (method === undefined || target === undefined) return undefined;
  return { method, target: unescapeTarget(target), protocol: text(value, "protocol") };
}

function timeOf(value: Json | undefined, now: number): number | undefined {
  if (typeof value === "number") return readUnix(value, now);
  return typeof value === "string" ? readTime(value, now) : undefined;
}

/** The first of a field's names that holds a text or a number; of a list (Caddy's headers) the first element. */
function text(value: JsonObject, field: keyof typeof FIELDS): string | undefined {
  for (const name of FIELDS[field]) {
    const found = lookUp(value, name);
    const one = Array.isArray(found) ? found[0] : found;
    if (typeof one === "number" || (typeof one === "string" && one !== "")) return String(one);
  }
  return undefined;
}

function lookUp(value: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(value, name)) return value[name];
  let at: Json | undefined = value;
  for (const part of name.split(".")) {
    if (!isObject(at) || !Object.hasOwn(at, part)) return undefined;
    at = at[part];
  }
  return at;
}

function present(value: string | undefined): string | undefined {
  return value === "-" ? undefined : value;
}
