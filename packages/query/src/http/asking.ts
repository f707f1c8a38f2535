import { keyOf, type Change, type Grant, type Operation, type Permission, type Route } from "@millrace/access";
import { MillraceError, quickly, type Json, type JsonObject } from "@millrace/core";
import type { Context, Handler } from "hono";
import type { QueryDeps } from "../deps.ts";
import { openEngine, type Engine, type EngineDeps, type Usage } from "../share/engine.ts";
import { jsonOrJsonp, type Limits } from "./jsonp.ts";
import { bodyParameters, queryParameters } from "./parameters.ts";

export const PROJECT = "/3.0/projects/:project";
/** A body this large holds the longest list a filter may have; more is not a question. */
const MAX_BODY_BYTES = 4_000_000;

/** Makes the routes of one part of a project, such as `/keys`. */
export function routesUnder(part: string) {
  return (method: Route["method"], path: string, summary: string, handler: Handler, operation?: Operation): Route => ({
    method,
    path: PROJECT + part + path,
    class: "query",
    summary,
    handler,
    ...(operation && { operation }),
  });
}

/** @throws MillraceError as {@link import("@millrace/access").Access.authenticate} */
export function authenticate(
  deps: Pick<QueryDeps, "access">,
  c: Context,
  needs: Permission | readonly Permission[],
): Promise<Grant> {
  return deps.access.authenticate(param(c, "project"), keyOf(c), needs);
}

export function param(c: Context, name: string): string {
  return c.req.param(name) ?? "";
}

/** What a request asks, from its body where the method has one, else from its query string. */
export async function readParameters(c: Context): Promise<JsonObject> {
  return c.req.method === "POST" || c.req.method === "PUT"
    ? bodyParameters(await readBody(c))
    : queryParameters(c.req.url);
}

/** One request with its key, before anything of it was read: whoever may not ask is told that first. */
export interface Authenticated {
  readonly grant: Grant;
  readonly raw: JsonObject;
}

/** A route that asks nothing of the store: authenticated, then read, then answered. */
export function authenticated(
  deps: Pick<QueryDeps, "access" | "timeLeft" | "maxAnswerBytes" | "rests">,
  needs: Permission,
  answer: (c: Context, asked: Authenticated) => Promise<Json | Response>,
): Handler {
  return jsonOrJsonp(deps, async (c) => {
    const grant = await authenticate(deps, c, needs);
    return answer(c, { grant, raw: await readParameters(c) });
  });
}

/** Notes in the audit log what the holder of a grant has just changed. */
export function recordChange(
  { access }: Pick<QueryDeps, "access">,
  { principal, project }: Grant,
  what: Change["what"],
  target: string,
  after?: JsonObject,
): Promise<void> {
  return access.audit.record({ who: principal, what, project: project.id, target, after });
}

/** What a question takes of the thread beside what is done in stints, refused ones, too, milliseconds: many small ones are much. */
const REQUEST_MS = 1.5;

/** Answers with the store at hand: one engine for the request, paid when it is over, whatever came of it. */
export async function withStore<T>(
  deps: EngineDeps & Pick<QueryDeps, "rests">,
  c: Context,
  { grant, limits, maxAge }: { grant: Grant; limits: Limits; maxAge: number },
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const { rests } = deps;
  const { id } = grant.project;
  const engine = openEngine(deps, { project: grant.project, ...limits, maxAge });
  let endTurn: (() => void) | undefined;
  try {
    // Not sooner: whose key it is not must not be able to spend its time.
    rests?.charge(id, REQUEST_MS);
    endTurn = await rests?.turn(id);
    return await (rests?.isLight(id) === true ? quickly(() => work(engine)) : work(engine));
  } finally {
    endTurn?.();
    await engine.close();
    // What is left of the project's share would tell one customer when the others ask.
    if (!grant.embed) tellBudget(c, engine.usage());
  }
}

/** The project's share in the fields of the IETF's draft for rate limits: milliseconds of the engine, and seconds until it is full. */
function tellBudget(c: Context, { budget }: Usage): void {
  if (!budget) return;
  const { perMinuteMs, leftMs } = budget;
  const full = Math.ceil(((perMinuteMs - leftMs) / perMinuteMs) * 60);
  c.header("RateLimit-Policy", `"engine-ms";q=${perMinuteMs};w=60`);
  c.header("RateLimit", `"engine-ms";r=${Math.max(0, Math.round(leftMs))};t=${full}`);
}

/** @throws MillraceError `RequestEntityTooLarge`, without reading the rest */
export async function readBody(c: Context, most = MAX_BODY_BYTES): Promise<Uint8Array> {
  const tooLarge = () => new MillraceError("RequestEntityTooLarge", `The body has at most ${most} bytes.`);
  if (Number(c.req.header("content-length") ?? 0) > most) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > most) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
