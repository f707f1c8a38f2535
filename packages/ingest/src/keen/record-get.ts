import { answerError, keyOf, type Grant } from "@millrace/access";
import { asMillraceError, MillraceError } from "@millrace/core";
import type { Context, Handler } from "hono";
import type { Accept } from "../accept.ts";
import type { IngestDeps } from "../deps.ts";
import { answerJsonp, jsonpCallback } from "../http/jsonp.ts";
import { answerPixel, wantsImage } from "../http/pixel.ts";
import { decodeText, type Body } from "../http/read-body.ts";
import { fromCesu8 } from "./cesu-8.ts";
import { recordBody } from "./record-keen.ts";
import { recording, type Recording } from "../http/recording.ts";
import { badRedirect, redirectTarget } from "../http/redirect.ts";

/**
 * `GET /3.0/projects/:project/events/:collection?data=…`: one event by image tag, script tag (`jsonp=`) or link (`redirect=`).
 * Without `data` the same address reads a schema, which is `schemaRead`'s part.
 */
export function recordByGet(deps: IngestDeps, accept: Accept): Handler {
  const record = recording(deps, async (request) => {
    const { c } = request;
    c.header("Cache-Control", "no-store");
    const callback = jsonpCallback(c);
    if (callback !== undefined) return recordForScript(deps, accept, request, callback);
    const grant = await request.authenticate(keyOf(c));
    const target = c.req.query("redirect");
    if (target !== undefined) return recordForLink(deps, accept, request, grant, target);
    await recordBody(deps, accept, request, grant, readData(c));
    return wantsImage(c) ? answerPixel(c) : c.json({ created: true }, 201);
  });
  return async (c, next) => {
    if (c.req.query("data") !== undefined) return record(c, next);
    if (deps.schemaRead) return deps.schemaRead(c, next);
    throw new MillraceError("MissingParameterError", "data is missing: the event as base64 of its JSON.");
  };
}

/** A script tag cannot send headers, so only `api_key` counts. Where something is wrong it gets a script too, but no success. */
async function recordForScript(
  deps: IngestDeps,
  accept: Accept,
  request: Recording,
  callback: string,
): Promise<Response> {
  const { c } = request;
  try {
    const grant = await request.authenticate(c.req.query("api_key"));
    await recordBody(deps, accept, request, grant, readData(c));
    return answerJsonp(c, callback, { created: true }, 200);
  } catch (thrown) {
    const error = asMillraceError(thrown);
    if (error.status >= 500) throw error;
    request.refuse(error);
    return answerJsonp(c, callback, error.toBody(), error.status);
  }
}

/**
 * A person clicked: they get where they wanted to go even when the event cannot be recorded. Where they may not be sent there the
 * click happened all the same, so it is recorded before they are told.
 */
async function recordForLink(
  deps: IngestDeps,
  accept: Accept,
  request: Recording,
  grant: Grant,
  target: string,
): Promise<Response> {
  const { c } = request;
  const location = redirectTarget(target, grant.project);
  try {
    await recordBody(deps, accept, request, grant, readData(c));
  } catch (thrown) {
    if (location === undefined) throw thrown;
    request.refuse(asMillraceError(thrown));
  }
  // Not thrown: nothing of the event was refused, and the ledger counts what is thrown.
  return location === undefined ? answerError(c, badRedirect()) : c.redirect(location, 302);
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The event in `data`: base64 in either alphabet, padded or not; a `+` that was not percent-encoded arrives as a blank.
 * @throws MillraceError `InvalidJSONError`
 */
function readData(c: Context): Body {
  const base64 = (c.req.query("data") ?? "").replaceAll(/[ -]/g, "+").replaceAll("_", "/");
  if (!BASE64.test(base64)) throw new MillraceError("InvalidJSONError", "data is not base64.");
  const bytes = fromCesu8(Buffer.from(base64, "base64"));
  return { text: decodeText(bytes), bytes: bytes.length };
}
