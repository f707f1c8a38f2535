import { MillraceError } from "@millrace/core";
import type { Context } from "hono";

const CALLBACK = /^[A-Za-z0-9_.$]{1,128}$/;

/**
 * The callback name of a JSONP request (`jsonp=`), undefined for any other request.
 * @throws MillraceError `InvalidParameterError` for a name that could be more than a name: it is put into a script
 */
export function jsonpCallback(c: Context): string | undefined {
  const name = c.req.query("jsonp");
  if (!name) return undefined;
  if (CALLBACK.test(name)) return name;
  throw new MillraceError("InvalidParameterError", "jsonp must be a function name of A-Z a-z 0-9 _ . $.");
}

/**
 * An error keeps its status: a script tag then fires `onerror`, where keen-js takes every call of the function for a success and would
 * tell its page that a refused event was recorded. The text of the error is for people with the network tab open.
 */
export function answerJsonp(c: Context, callback: string, value: unknown, status: number): Response {
  c.header("Content-Type", "application/javascript; charset=utf-8");
  c.header("X-Content-Type-Options", "nosniff");
  // The empty comment keeps a chosen name from being the first bytes of some other file type.
  return c.body(`/**/${callback}(${JSON.stringify(value)});`, status as 200);
}
