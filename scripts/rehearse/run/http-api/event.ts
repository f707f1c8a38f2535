import { randomUUID } from "node:crypto";
import type { Found } from "./route.ts";

/** A request as it reaches the gateway. */
export interface GatewayRequest {
  readonly method: string;
  /** Path and query, as on the request line. */
  readonly target: string;
  /** Names in lower case; one that came several times is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
}

/**
 * The path as an HTTP API understands it: decoded, and cut at a question mark that was encoded in it (an encoded slash separates as
 * any other). Undefined when it cannot be decoded.
 */
export function decodedPath(target: string): string | undefined {
  try {
    return decodeURIComponent(target.split("?")[0] ?? "").split("?")[0];
  } catch {
    return undefined;
  }
}

/** Bodies of these types are text, unless they are packed; all others, also those without a type, travel as base64. */
const TEXT = /^(?:text\/.*|application\/(?:json|javascript|xml))$/i;

/**
 * The event of payload format 2.0 that a function gets.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function eventOf(request: GatewayRequest, path: string, { route, parameters }: Found, apiId: string): object {
  const { method, target, body, sourceIp } = request;
  const query = target.includes("?") ? target.slice(target.indexOf("?") + 1) : "";
  const { cookie, ...headers } = request.headers;
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
  const text = TEXT.test(type) && headers["content-encoding"] === undefined;
  const host = headers["host"] ?? "";
  const at = new Date();
  return {
    version: "2.0",
    routeKey: route.key,
    rawPath: path,
    rawQueryString: query,
    ...(cookie !== undefined && { cookies: cookie.split(/; ?/) }),
    headers,
    ...(query !== "" && { queryStringParameters: joined(query) }),
    ...(Object.keys(parameters).length > 0 && { pathParameters: parameters }),
    requestContext: {
      accountId: "123456789012",
      apiId,
      domainName: host,
      domainPrefix: host.split(".")[0],
      http: { method, path, protocol: "HTTP/1.1", sourceIp, userAgent: headers["user-agent"] ?? "" },
      requestId: randomUUID(),
      routeKey: route.key,
      stage: "$default",
      time: at.toUTCString(),
      timeEpoch: at.getTime(),
    },
    ...(body.length > 0 && { body: body.toString(text ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !text,
  };
}

function joined(query: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query))
    values[name] = values[name] === undefined ? value : `${values[name]},${value}`;
  return values;
}
