import { answerErrors, mount, type Route } from "@millrace/access";
import { executionMiddleware } from "@millrace/ops";
import { Hono } from "hono";
import type { QueryDeps } from "./deps.ts";
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
  const routes = withDocument(queryRoutes(deps, handlers));
  const app = new Hono();
  const { executions } = deps;
  if (executions) app.use(executionMiddleware(executions));
  mount(app, routes);
  answerErrors(app, (error) => {
    if (!executions) console.error(error);
  });
  return { routes, app, handlers };
}

/** The routes of the query API for an app put together elsewhere. */
export function createQueryRoutes(deps: QueryDeps): Route[] {
  return withDocument(queryRoutes(deps, createHandlers(deps)));
}

function withDocument(routes: readonly Route[]): Route[] {
  const document: Route = {
    method: "GET",
    path: "/openapi.json",
    class: "query",
    summary: "This document.",
    handler: (c) => c.json(openApiDocument(all)),
  };
  const all = [...routes, document];
  return all;
}
