import { ahead, asMillraceError, atExpenseOf, MillraceError, type Json } from "@millrace/core";
import type { Context, Handler } from "hono";
import type { QueryDeps } from "../deps.ts";
import { FileAnswer } from "../answer/run-file.ts";
import { jsonText, respond } from "./respond.ts";

/** Nobody reads this answer. It only keeps a reader who moved on from being recorded as a fault of ours. */
const CLIENT_GONE = 499;
const CALLBACK = /^[A-Za-z0-9_.$]{1,128}$/;
/** Keen's limit for a query. */
const DEFAULT_TIME_MS = 300_000;

/** How long an answer may take, and what says that nobody waits for it any more: the client is gone, or the time is up. */
export interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

type Answering = Pick<QueryDeps, "timeLeft" | "maxAnswerBytes" | "rests">;

/**
 * Answers with the JSON or the file that `answer` gives (or with its own response), or with a call of the function named in `jsonp=` when the
 * key is in `api_key` (the only way a script tag can send one; nothing ambient such as a cookie ever authorises these routes). An
 * error keeps its status there too: to a script tag it is then an error, and keen-js takes every call of the function for a success.
 */
export function jsonOrJsonp(
  deps: Answering,
  answer: (c: Context, limits: Limits) => Promise<Json | FileAnswer | Response>,
): Handler {
  const respondTo = async (c: Context): Promise<Response> => {
    c.header("Cache-Control", "no-store");
    const callback = c.req.method === "POST" ? undefined : callbackOf(c);
    const { signal } = c.req.raw;
    try {
      const value = await inTime(deps.timeLeft?.(c) ?? DEFAULT_TIME_MS, signal, (limits) => answer(c, limits));
      if (value instanceof Response) return value;
      if (value instanceof FileAnswer) return await respond(c, file(c, value), deps.maxAnswerBytes);
      return await respond(
        c,
        callback === undefined ? await jsonText(value) : script(c, callback, value),
        deps.maxAnswerBytes,
      );
    } catch (thrown) {
      if (signal.aborted && thrown === signal.reason) return new Response(null, { status: CLIENT_GONE });
      if (callback === undefined) throw thrown;
      const error = asMillraceError(thrown);
      if (error.status >= 500) throw thrown;
      return respond(c, { ...script(c, callback, error.toBody()), status: error.status }, deps.maxAnswerBytes);
    }
  };
  return (c) => {
    const project = c.req.param("project");
    const charge = (ms: number): void => {
      if (project !== undefined) deps.rests?.charge(project, ms);
    };
    const isLight = (): boolean => project !== undefined && deps.rests?.isLight(project) === true;
    return atExpenseOf(charge, () => ahead(() => respondTo(c), isLight));
  };
}

/** Ends with 504 at the latest when the time is up, whatever is still waited for below. */
async function inTime<T>(timeoutMs: number, client: AbortSignal, work: (limits: Limits) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => {
      const seconds = (timeoutMs / 1000).toFixed(1);
      const error = new MillraceError(
        "QueryTimeout",
        `There was no answer within ${seconds} seconds, and that is all there is.`,
      );
      limit.abort(error);
      late.reject(error);
    },
    Math.max(0, timeoutMs),
  );
  try {
    return await Promise.race([work({ timeoutMs, signal: AbortSignal.any([client, limit.signal]) }), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function callbackOf(c: Context): string | undefined {
  const name = c.req.query("jsonp");
  if (name === undefined || name === "" || c.req.query("api_key") === undefined) return undefined;
  if (CALLBACK.test(name)) return name;
  throw new MillraceError("InvalidParameterError", "jsonp must be 1 to 128 letters, digits, dots, dollar signs or _.");
}

function file(c: Context, { body, form, name, notes }: FileAnswer) {
  // Both forms of the name (RFC 6266): an old client takes the plain one, which has nothing that could end the quotes.
  const plain = name.replaceAll(/[^A-Za-z0-9._+-]/g, "_");
  c.header("Content-Disposition", `attachment; filename="${plain}"; filename*=UTF-8''${rfc5987(name)}`);
  if (notes.length > 0) c.header("Millrace-Notes", encodeURIComponent(notes.join(" ")));
  return { body, type: form === "text/csv" ? "text/csv; charset=utf-8; header=present" : form };
}

function rfc5987(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/['()*]/g, (ch) => `%${ch.charCodeAt(0).toString(16)}`);
}

/** The comment keeps the answer from being taken for another kind of file by its first bytes, which the caller chooses. */
function script(c: Context, callback: string, value: Json) {
  c.header("X-Content-Type-Options", "nosniff");
  const json = JSON.stringify(value).replace(/[\u2028\u2029]/g, (ch) => `\\u${ch.charCodeAt(0).toString(16)}`);
  return { body: `/**/${callback}(${json});`, type: "application/javascript; charset=utf-8" };
}
