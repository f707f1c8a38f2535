import { asMillraceError, MillraceError, type Json } from "@millrace/core";
import type { Context, Handler } from "hono";

/** Nobody reads this answer. It only keeps a reader who moved on from being recorded as a fault of ours. */
const CLIENT_GONE = 499;
const CALLBACK = /^[A-Za-z0-9_.$]{1,128}$/;

/**
 * Answers with the JSON that `answer` gives, or with a call of the function named in `jsonp=` when the key is in `api_key`
 * (the only way a script tag can send one; nothing ambient such as a cookie ever authorises these routes). Errors that the
 * caller made go to the function too, with status 200, because a page sees nothing of a script that failed; faults of ours
 * keep their status, so that they are recorded as what they are.
 */
export function jsonOrJsonp(answer: (c: Context) => Promise<Json>): Handler {
  return async (c) => {
    c.header("Cache-Control", "no-store");
    const callback = c.req.method === "POST" ? undefined : callbackOf(c);
    try {
      const value = await answer(c);
      return callback === undefined ? c.json(value) : script(c, callback, value);
    } catch (thrown) {
      const { signal } = c.req.raw;
      if (signal.aborted && thrown === signal.reason) return new Response(null, { status: CLIENT_GONE });
      if (callback === undefined) throw thrown;
      const error = asMillraceError(thrown);
      if (error.status >= 500) throw thrown;
      return script(c, callback, error.toBody());
    }
  };
}

function callbackOf(c: Context): string | undefined {
  const name = c.req.query("jsonp");
  if (name === undefined || name === "" || c.req.query("api_key") === undefined) return undefined;
  if (CALLBACK.test(name)) return name;
  throw new MillraceError("InvalidParameterError", "jsonp must be 1 to 128 letters, digits, dots, dollar signs or _.");
}

/** The comment keeps the answer from being taken for another kind of file by its first bytes, which the caller chooses. */
function script(c: Context, callback: string, value: Json): Response {
  c.header("X-Content-Type-Options", "nosniff");
  const json = JSON.stringify(value).replace(/[\u2028\u2029]/g, (ch) => `\\u${ch.charCodeAt(0).toString(16)}`);
  return c.body(`/**/${callback}(${json});`, 200, { "Content-Type": "application/javascript; charset=utf-8" });
}
