import { PayloadTooLarge } from "../../../lambda/lambda.ts";
import type { DeployedApi } from "../deployed/deployment.ts";
import { preflight, withCors } from "./cors.ts";
import { decodedPath, eventOf, type GatewayRequest } from "./event.ts";
import { findRoute } from "./route.ts";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `Set-Cookie`, one for each. */
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

export interface HttpApiParts {
  readonly api: DeployedApi;
  /**
   * Calls a function for a route.
   * @throws what the function throws, or when the API may not call it
   */
  readonly invoke: (functionArn: string, sourceArnEnd: string, event: object) => Promise<unknown>;
}

/** What the gateway itself takes; a function takes less (see lambda.ts). */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** An HTTP API in front of functions, as far as its behaviour reaches them and their callers: routes, limits, encodings, CORS. */
export function createHttpApi({ api, invoke }: HttpApiParts): (request: GatewayRequest) => Promise<HttpAnswer> {
  const own = (status: number, message: string): HttpAnswer => ({
    status,
    headers: { "content-type": "application/json" },
    cookies: [],
    body: Buffer.from(JSON.stringify({ message })),
  });

  async function routed(request: GatewayRequest): Promise<HttpAnswer> {
    const path = decodedPath(request.target);
    if (path === undefined) return own(400, "Bad Request");
    if (request.body.length > MAX_BODY_BYTES) return own(413, "Request Entity Too Large");
    const found = findRoute(api.routes, request.method, path);
    if (!found) return own(404, "Not Found");
    try {
      const end = `$default/${found.route.key === "$default" ? "$default" : found.route.key.replace(" ", "")}`;
      return answerOf(await invoke(found.route.integration, end, eventOf(request, path, found, api.id)));
    } catch (error) {
      if (error instanceof PayloadTooLarge && error.side === "event") return own(413, "Request Too Long");
      return own(500, "Internal Server Error");
    }
  }

  return async (request) => {
    const { method, headers } = request;
    const isPreflight = method === "OPTIONS" && "origin" in headers && "access-control-request-method" in headers;
    if (api.cors !== null && isPreflight)
      return { status: 204, headers: preflight(api.cors, headers), cookies: [], body: Buffer.alloc(0) };
    const answer = await routed(request);
    return { ...answer, headers: withCors(api.cors, headers, { ...answer.headers }) };
  };
}

/** What a function may answer in payload format 2.0: an object with a status, or anything else, which is then the body. */
function answerOf(answer: unknown): HttpAnswer {
  if (typeof answer !== "object" || answer === null || !("statusCode" in answer))
    return {
      status: 200,
      headers: { "content-type": "application/json" },
      cookies: [],
      body: Buffer.from(textOf(answer)),
    };
  const { statusCode, headers = {}, cookies = [], body = "", isBase64Encoded = false } = answer as FunctionAnswer;
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status: Number(statusCode),
    headers: { "content-type": "text/plain;charset=UTF-8", ...(Object.fromEntries(lower) as Record<string, string>) },
    cookies,
    body: Buffer.from(body, isBase64Encoded ? "base64" : "utf8"),
  };
}

interface FunctionAnswer {
  readonly statusCode: number | string;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

function textOf(answer: unknown): string {
  return typeof answer === "string" ? answer : JSON.stringify(answer);
}
