import type { ReportError } from "@millrace/access";
import { invocationOf, lambdaExecutions } from "@millrace/monitor";
import { executionMiddleware } from "@millrace/ops";
import type { Context, Hono, MiddlewareHandler } from "hono";
import { handle, type LambdaContext } from "hono/aws-lambda";
import { linkedSecret, switchSetting } from "../config.ts";
import { fromCloudFront, withReadablePath, type HttpEvent } from "./origin.ts";

type HttpHandler = (event: HttpEvent, context?: LambdaContext) => Promise<unknown>;

interface LambdaBindings {
  readonly event: HttpEvent;
  readonly lambdaContext: LambdaContext | undefined;
}

/** Runs each request as an execution under Lambda's own request id. */
export function inExecution(name: string): MiddlewareHandler {
  return executionMiddleware(lambdaExecutions(name), { invocation: (c) => invocationOf(bindings(c).lambdaContext) });
}

/**
 * No answer is ever kept by CloudFront: its cache does not tell keys apart, so what one key may read would be served to the next.
 * Here rather than in the routes, because a single one that forgets it breaks the wall between tenants.
 */
export const neverCached: MiddlewareHandler = async (c, next) => {
  await next();
  c.header("Cache-Control", "no-store");
};

/** What Lambda takes as an answer, 6 MiB, less what it writes around the body: status, headers. Beyond it the caller gets a bare 502. */
export const MAX_ANSWER_BYTES = 6 * 1024 * 1024 - 16 * 1024;

/** Where the connection comes from: behind CloudFront one of its own servers, in live development the client. */
export function peerAddress(c: Context): string | undefined {
  return bindings(c).event.requestContext.http.sourceIp;
}

/** Keen's limit for a query. */
const KEEN_MS = 300_000;
/** What an answer needs after its query has failed: to be made, sent, and to let go of what the store holds for it. */
const FOR_THE_ANSWER_MS = 2_000;

/**
 * Milliseconds a request's queries may take: less than what is left of the invocation, because a process that the platform ends can
 * neither answer 504 nor let go of anything on the store. Outside of Lambda: Keen's five minutes.
 */
export function timeLeft(c: Context): number {
  const { lambdaContext } = bindings(c);
  return lambdaContext ? lambdaContext.getRemainingTimeInMillis() - FOR_THE_ANSWER_MS : KEEN_MS;
}

/** The execution's record already has the error with its stack. */
export const reported: ReportError = () => {};

/**
 * The handler of an app behind the HTTP API.
 * @param after called when the answer is ready, for what must not be in its way: Lambda may freeze the process right afterwards
 */
export function serve(app: Hono, after: () => void = () => {}): HttpHandler {
  const answer = handle(app);
  const secret = switchSetting("ORIGIN_CHECK") ? linkedSecret("OriginSecret") : undefined;
  return async (event, context) => {
    const believed = secret === undefined ? withReadablePath(event) : fromCloudFront(withReadablePath(event), secret);
    if (believed === undefined)
      return { statusCode: 403, headers: { "content-type": "text/plain" }, body: "Forbidden" };
    const response = await answer(believed, context);
    after();
    return response;
  };
}

function bindings(c: Context): LambdaBindings {
  return c.env as LambdaBindings;
}
