import { executionMiddleware } from "@millrace/ops";
import type { Context, MiddlewareHandler } from "hono";

type Executions = Parameters<typeof executionMiddleware>[0];

/** Each API request runs as an execution of the function that would serve it on AWS; pages and files are none. */
export function inExecution(ingest: Executions, query: Executions): MiddlewareHandler {
  const forIngest = executionMiddleware(ingest);
  const forQuery = executionMiddleware(query);
  return (c, next) => {
    if (!/^\/(3\.0|v1|mcp|embed)(\/|$)/.test(c.req.path)) return next();
    return isRecording(c) ? forIngest(c, next) : forQuery(c, next);
  };
}

function isRecording(c: Context): boolean {
  if (c.req.path.startsWith("/v1/")) return true;
  if (!/^\/3\.0\/projects\/[^/]+\/events(\/|$)/.test(c.req.path)) return false;
  return c.req.method === "POST" || c.req.query("data") !== undefined;
}
