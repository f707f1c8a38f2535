import type { Route } from "@millrace/access";
import type { Context, Hono } from "hono";
import type { CallApi } from "./api.ts";

export interface McpRoutesOptions {
  /** What answers the tools' questions: the query API, so that an assistant is a caller like any other. */
  readonly api: Pick<Hono, "request">;
}

/**
 * The MCP server at `/mcp`, Streamable HTTP. Its code is loaded with the first request: half a megabyte that no other question
 * should wait for on a cold start.
 */
export function mcpRoutes({ api }: McpRoutesOptions): Route[] {
  let loaded: Promise<{ handle(request: Request, call: CallApi): Promise<Response> }> | undefined;
  const load = () => (loaded ??= import("./mcp.ts").then(({ createMcp }) => createMcp()));
  const handler = async (c: Context): Promise<Response> => {
    const mcp = await load();
    return mcp.handle(c.req.raw, callerOf(api, c));
  };
  return (["POST", "GET", "DELETE"] as const).map((method) => ({
    method,
    path: "/mcp",
    class: "query",
    summary: SUMMARIES[method],
    handler,
  }));
}

const SUMMARIES = {
  POST: "A message of the Model Context Protocol (Streamable HTTP). The bearer token is a read, access or master key.",
  GET: "No stream is offered here: 405.",
  DELETE: "No session is kept here: 405.",
} as const;

/** Asks within this process, with the platform's bindings of the request: what is left of its time holds for its questions. */
function callerOf(api: Pick<Hono, "request">, c: Context): CallApi {
  return async ({ method, path, key, body, signal }) =>
    api.request(
      path,
      {
        method,
        headers: { authorization: key, ...(body !== undefined && { "content-type": "application/json" }) },
        ...(body !== undefined && { body }),
        ...(signal && { signal }),
      },
      c.env as object,
    );
}
