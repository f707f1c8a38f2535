import { appOf, type DocumentedRoute, type Route } from "@millrace/access";
import type { MillraceError } from "@millrace/core";
import { executionMiddleware } from "@millrace/ops";
import type { Hono } from "hono";
import type { QueryDeps } from "../deps.ts";
import { openApiDocument } from "./openapi.ts";
import { createHandlers, queryRoutes, type QueryHandlers } from "./routes.ts";

export interface QueryApp {
  /** To mount beside other packages' routes: all of them in one call, since some share a path. */
  readonly routes: Route[];
  /** The query API alone, as its Lambda function serves it. */
  readonly app: Hono;
  /** What another route of the same path may hand over to. */
  readonly handlers: QueryHandlers;
}

/** The query API. Every request runs in an execution when `deps.executions` is given. */
export function createQueryApp(deps: QueryDeps): QueryApp {
  const handlers = createHandlers(deps);
  const routes = withDocument(queryRoutes(deps, handlers), deps.documented ?? []);
  const { executions } = deps;
  const report = (error: MillraceError): void => {
    if (!executions) console.error(error);
  };
  const before = executions ? [executionMiddleware(executions)] : [];
  return { routes, app: appOf(routes, report, before), handlers };
}

function withDocument(routes: readonly Route[], elsewhere: readonly DocumentedRoute[]): Route[] {
  const document: Route = {
    method: "GET",
    path: "/openapi.json",
    class: "query",
    summary: "This document.",
    handler: (c) => c.json(openApiDocument([...all, ...elsewhere])),
  };
  const all = [...routes, document];
  return all;
}
