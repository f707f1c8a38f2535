import { gunzipSync } from "node:zlib";

/** A request as an HTTP API hands it to Lambda, payload format 2.0. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The gateway takes them out of the headers into a list of their own. */
  readonly cookies?: readonly string[];
}

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body is bytes, which the gateway sends on as they are. */
  readonly isBase64Encoded?: boolean;
}

/** The text of an answer, packed or not. */
export function textOf({ headers, body, isBase64Encoded }: HttpResponse): string {
  if (isBase64Encoded !== true) return body;
  const bytes = Buffer.from(body, "base64");
  return (headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
}

/** As an HTTP API reads a path: decoded, and cut at what was an encoded question mark. */
function asDecoded(path: string): string {
  return decodeURIComponent(path).replace(/\?.*$/, "");
}

/** @param path as the viewer wrote it, encoded. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export function httpEvent({ method, path, query = "", headers = {}, body, cookies }: HttpRequest): object {
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: asDecoded(path),
    rawQueryString: query,
    ...(cookies && { cookies }),
    headers: {
      host: "api.test",
      "content-length": String(Buffer.byteLength(body ?? "")),
      ...headers,
      // CloudFront's function adds it with the secret (stacks/web.ts).
      ...("x-millrace-origin" in headers && { "x-millrace-path": path }),
    },
    ...(query !== "" && { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
    requestContext: {
      accountId: "123456789012",
      apiId: "api",
      domainName: "api.test",
      domainPrefix: "api",
      http: {
        method,
        path: asDecoded(path),
        protocol: "HTTP/1.1",
        sourceIp: "192.0.2.1",
        userAgent: headers["user-agent"] ?? "test",
      },
      requestId: "request",
      routeKey: "$default",
      stage: "$default",
      time: "01/Nov/2026:00:00:00 +0000",
      timeEpoch: 1_793_491_200_000,
    },
    ...(body !== undefined && { body: Buffer.from(body).toString("base64") }),
    isBase64Encoded: body !== undefined,
  };
}
