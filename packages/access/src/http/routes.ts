import { asMillraceError, MillraceError } from "@millrace/core";
import { Hono, type Context, type Handler, type MiddlewareHandler } from "hono";
import { packing } from "./packing.ts";

/**
 * The three classes of route. Each route declares one, and the class decides CORS, cookies, caching and packing:
 * - `collect`: write key only, any origin, cookies ignored; answers are a few bytes and sent as they are.
 * - `query`: key or token in header or query, any origin, no credentials.
 * - `console`: the dashboard's own calls, same origin only.
 */
export type RouteClass = "collect" | "query" | "console";

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Hono pattern, such as `/3.0/projects/:project/events`. */
  readonly path: string;
  readonly class: RouteClass;
  /** One line for the OpenAPI document. */
  readonly summary: string;
  readonly handler: Handler;
  /** What the OpenAPI document says beside the summary. Absent: no body and no parameters, and JSON with status 200. */
  readonly operation?: Operation;
}

/** An operation of the OpenAPI document, as JSON Schemas. */
export interface Operation {
  readonly body?: object;
  readonly example?: object;
  /** A body that a form of HTML sends, instead of one of JSON. */
  readonly form?: object;
  /** Parameters of the query string. */
  readonly query?: Readonly<Record<string, object>>;
  /** Headers it reads, beyond the key. */
  readonly headers?: Readonly<Record<string, object>>;
  /** The successful answers by status, their content by media type; and errors that are told of otherwise than all others. */
  readonly answers: Readonly<
    Record<number, { readonly description: string; readonly headers?: object; readonly content?: object }>
  >;
}

/** A route before anybody serves it: what a document about it needs. */
export type DocumentedRoute = Omit<Route, "handler">;

const ALLOWED_METHODS = "GET, POST, PUT, DELETE, HEAD, OPTIONS";

/** Called for every failure that is ours (5xx), before it is answered. */
export type ReportError = (error: MillraceError, c: Context) => void;

/**
 * An app whose routes are exactly these, each answered as its class demands, errors in Keen's shape on every path.
 * @param before runs around every request, the first outermost: executions, access log
 */
export function appOf(routes: readonly Route[], report: ReportError, before: readonly MiddlewareHandler[] = []): Hono {
  const app = new Hono();
  for (const middleware of before) app.use(middleware);
  mount(app, routes);
  answerErrors(app, report);
  return app;
}

/** Answers unknown paths and thrown errors in Keen's shape. For an app put together with {@link mount}. */
export function answerErrors(app: Hono, report: ReportError): void {
  app.notFound((c) => {
    // Readable from any page: to a browser an answer without the headers is a network failure, which clients retry.
    if (c.req.method === "OPTIONS") return preflight(c, "query");
    allowOrigin(c, "query");
    return answerError(
      c,
      new MillraceError("ResourceNotFoundError", `There is nothing at ${c.req.method} ${c.req.path}.`),
    );
  });
  app.onError((thrown, c) => {
    const error = asMillraceError(thrown);
    if (error.status >= 500) report(error, c);
    return answerError(c, error);
  });
}

/**
 * Adds routes, their preflights, and 405 for a known path with another method. Give all routes of an app in one call: routes
 * of different packages may share a path, whatever they call its parameters.
 */
export function mount(app: Hono, routes: readonly Route[]): void {
  const byPath = Map.groupBy(routes, (route) => route.path.replaceAll(/:\w+/g, ":"));
  for (const group of byPath.values()) {
    const path = group[0]?.path ?? "/";
    app.use(path, ofItsClass(group));
    for (const route of group) app.on(route.method, route.path, route.handler);
    app.all(path, (c) => {
      throw new MillraceError(
        "MethodNotAllowed",
        `${c.req.method} is not possible here. Use ${[...new Set(group.map((r) => r.method))].join(" or ")}.`,
      );
    });
  }
}

/** CORS and packing by class of the method's route. Also on errors: without the headers a browser sees a network failure and retries. */
function ofItsClass(group: readonly Route[]): MiddlewareHandler {
  return async (c, next) => {
    const asked = c.req.method === "OPTIONS" ? c.req.header("access-control-request-method") : c.req.method;
    const method = asked === "HEAD" ? "GET" : asked;
    const routeClass = (group.find((route) => route.method === method) ?? group[0])?.class ?? "console";
    // A preflight carries no key: it is answered here and never authenticated.
    if (c.req.method === "OPTIONS") return preflight(c, routeClass);
    // Before the handler: a header that comes after makes Hono rebuild the answer as a stream, a quarter of a request's time.
    allowOrigin(c, routeClass);
    if (routeClass !== "collect") return packing(c, next);
    await next();
    return undefined;
  };
}

function preflight(c: Context, routeClass: RouteClass): Response {
  allowOrigin(c, routeClass);
  if (routeClass === "console") return c.body(null, 403);
  c.header("Access-Control-Allow-Methods", ALLOWED_METHODS);
  c.header(
    "Access-Control-Allow-Headers",
    c.req.header("access-control-request-headers") ?? "authorization, content-type, idempotency-key, keen-sdk",
  );
  c.header("Access-Control-Max-Age", "86400");
  return c.body(null, 204);
}

function allowOrigin(c: Context, routeClass: RouteClass): void {
  if (routeClass === "console") return;
  const origin = c.req.header("origin");
  c.header("Access-Control-Expose-Headers", "Retry-After, ETag, RateLimit, RateLimit-Policy");
  if (routeClass === "collect" && origin !== undefined) {
    // navigator.sendBeacon always sends credentials, and a browser logs "*" as blocked then. No cookie is ever read here.
    c.header("Access-Control-Allow-Origin", origin);
    c.header("Access-Control-Allow-Credentials", "true");
    c.header("Vary", "Origin");
  } else {
    c.header("Access-Control-Allow-Origin", "*");
  }
}

/** An error in Keen's shape, with the same CORS headers a success would have. */
export function answerError(c: Context, error: MillraceError): Response {
  if (error.retry) {
    const seconds = error.retryAfterSeconds ?? (error.code === "RateLimitExceeded" ? 60 : 1);
    c.header("Retry-After", String(seconds));
  }
  return c.json(error.toBody(), error.status as 400);
}

/** The key of a request: the bare `Authorization` header (Keen's form, without a scheme), else the parameter `api_key`. */
export function keyOf(c: Context): string | undefined {
  return c.req.header("authorization") ?? c.req.query("api_key");
}
