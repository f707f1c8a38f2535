import { MillraceError } from "@millrace/core";
import type { Context } from "hono";
import * as z from "zod";
import type { Route } from "../http/routes.ts";
import { callerOf, type Caller } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";

const MAX_BODY_BYTES = 100_000;

/** A route of the console. Nothing of it is ever kept by a cache. */
export function consoleRoute(
  method: Route["method"],
  path: string,
  summary: string,
  answer: (c: Context) => Promise<Response>,
): Route {
  return {
    method,
    path: `/console${path}`,
    class: "console",
    summary,
    handler: (c) => {
      c.header("Cache-Control", "no-store");
      c.header("X-Content-Type-Options", "nosniff");
      c.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
      return answer(c);
    },
  };
}

/** Makes routes for whoever signed in or has an organisation's key; what they may is for the handler to demand. */
export function routesForCallers(deps: ConsoleDeps) {
  return (
    method: Route["method"],
    path: string,
    summary: string,
    answer: (c: Context, caller: Caller) => Promise<Response>,
  ): Route => consoleRoute(method, path, summary, async (c) => answer(c, await callerOf(c, deps)));
}

/** @throws MillraceError naming what is wrong, and where */
export async function readBody<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  if (Number(c.req.header("content-length") ?? 0) > MAX_BODY_BYTES) {
    throw new MillraceError("RequestEntityTooLarge", `The body has at most ${MAX_BODY_BYTES} bytes.`);
  }
  const text = await c.req.text();
  let body: unknown;
  try {
    body = text === "" ? {} : JSON.parse(text);
  } catch {
    throw new MillraceError("InvalidJSONError", "The body is no JSON.");
  }
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw new MillraceError(
    "InvalidParameterError",
    `${where === "" ? "" : `${where}: `}${issue?.message ?? "is wrong"}`,
  );
}

export function param(c: Context, name: string): string {
  return c.req.param(name) ?? "";
}
