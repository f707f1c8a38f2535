import { keyOf, type Grant, type Permission, type Route } from "@millrace/access";
import { MillraceError, type CatalogueView, type Json } from "@millrace/core";
import type { Context, Handler } from "hono";
import { ANALYSES } from "../parse/analyses.ts";
import type { QueryDeps } from "../deps.ts";
import { jsonOrJsonp } from "./jsonp.ts";
import { readLedger } from "../answer/ledger.ts";
import { bodyParameters, queryParameters } from "./parameters.ts";
import { runQuery } from "../answer/run-query.ts";
import {
  describeCollection,
  describeCollections,
  describeProject,
  describeProperty,
  findCollection,
} from "../answer/schema.ts";
import { typeConflict } from "../answer/type-conflict.ts";

const PROJECT = "/3.0/projects/:project";
/** A body this large holds the longest list a filter may have; more is not a question. */
const MAX_BODY_BYTES = 4_000_000;

/** The handlers that another app's route may have to hand over to. */
export interface QueryHandlers {
  /** `GET …/events/{collection}` without `data`: with it, the same path records an event. */
  readonly collectionSchema: Handler;
}

/** @param deps no store: the ingest function, which cannot reach one, answers schemas too */
export function createHandlers(deps: Pick<QueryDeps, "access" | "catalogue">): QueryHandlers {
  return {
    collectionSchema: withView(deps, (c, grant, view) =>
      describeCollection(grant.project, findCollection(view, param(c, "collection"))),
    ),
  };
}

/** Every route of the query API but the OpenAPI document, which is made from them. */
export function queryRoutes(deps: QueryDeps, handlers: QueryHandlers): Route[] {
  const get = (path: string, summary: string, handler: Handler): Route => ({
    method: "GET",
    path,
    class: "query",
    summary,
    handler,
  });
  const query = jsonOrJsonp(async (c) => {
    const grant = await authenticate(deps, c, "read");
    const raw = c.req.method === "POST" ? bodyParameters(await readBody(c)) : queryParameters(c.req.url);
    return runQuery(deps, { analysis: param(c, "analysis"), raw, grant, signal: c.req.raw.signal });
  });
  return [
    get(
      "/",
      "The versions of this API.",
      jsonOrJsonp(async () => [{ is_public: true, url: "/3.0", version: "3.0" }]),
    ),
    get(
      "/3.0",
      "Where the projects are.",
      jsonOrJsonp(async () => ({ projects_resource_url: "/3.0/projects" })),
    ),
    get(
      PROJECT,
      "One project and the names of its collections.",
      withView(deps, (_c, grant, view) => describeProject(grant.project, view)),
    ),
    get(
      `${PROJECT}/events`,
      "The schemas of all collections.",
      withView(deps, (c, grant, view) =>
        describeCollections(grant.project, view, c.req.query("include_schema") !== "false"),
      ),
    ),
    get(`${PROJECT}/events/:collection`, "The schema of one collection.", handlers.collectionSchema),
    get(
      `${PROJECT}/events/:collection/properties/:property`,
      "The type of one property; of several types, how often each.",
      withView(deps, async (c, grant, view) => {
        const collection = findCollection(view, param(c, "collection"));
        const path = param(c, "property");
        const described = describeProperty(grant.project, collection, path);
        return { ...described, ...(await typeConflict(deps, { grant, view, collection, path })) };
      }),
    ),
    get(
      `${PROJECT}/ledger`,
      "What became of every accepted event, by hour of receipt.",
      jsonOrJsonp(async (c) => {
        const grant = await authenticate(deps, c, "read");
        return readLedger(deps, queryParameters(c.req.url), grant);
      }),
    ),
    get(
      `${PROJECT}/queries`,
      "The analyses there are.",
      jsonOrJsonp(async (c) => listAnalyses(await authenticate(deps, c, "read"))),
    ),
    ...unavailableRoutes(),
    get(`${PROJECT}/queries/:analysis`, "Runs an analysis; parameters in the query string.", query),
    {
      method: "POST",
      path: `${PROJECT}/queries/:analysis`,
      class: "query",
      summary: "Runs an analysis.",
      handler: query,
    },
  ];
}

const UNAVAILABLE: readonly [path: string, what: string][] = [
  ["/queries/saved", "Saved queries"],
  ["/queries/saved/:name", "Saved queries"],
  ["/queries/saved/:name/result", "Saved queries"],
  ["/datasets", "Cached datasets"],
  ["/datasets/:name", "Cached datasets"],
  ["/datasets/:name/results", "Cached datasets"],
  ["/keys", "Access keys"],
  ["/keys/:key", "Access keys"],
  ["/keys/:key/revoke", "Access keys"],
  ["/keys/:key/unrevoke", "Access keys"],
];

/** Parts of Keen's API that do not answer yet: said clearly, where a plain 404 would read like a wrong address. */
function unavailableRoutes(): Route[] {
  return UNAVAILABLE.flatMap(([path, what]) =>
    (["GET", "POST", "PUT", "DELETE"] as const).map((method) => ({
      method,
      path: PROJECT + path,
      class: "query" as const,
      summary: `${what} are not available yet.`,
      handler: jsonOrJsonp(async () => {
        throw new MillraceError("UnsupportedQueryError", `${what} are not available yet.`);
      }),
    })),
  );
}

function withView(
  deps: Pick<QueryDeps, "access" | "catalogue">,
  answer: (c: Context, grant: Grant, view: CatalogueView) => Json | Promise<Json>,
): Handler {
  return jsonOrJsonp(async (c) => {
    const grant = await authenticate(deps, c, "read");
    return answer(c, grant, await deps.catalogue.view(grant.project.id, [param(c, "collection")].filter(Boolean)));
  });
}

function authenticate(deps: Pick<QueryDeps, "access">, c: Context, needs: Permission): Promise<Grant> {
  return deps.access.authenticate(param(c, "project"), keyOf(c), needs);
}

/** The map Keen's .NET client reads: names to paths. */
function listAnalyses(grant: Grant): Json {
  const url = `/3.0/projects/${encodeURIComponent(grant.project.id)}/queries`;
  return Object.fromEntries(Object.keys(ANALYSES).map((name) => [`${name}_url`, `${url}/${name}`]));
}

function param(c: Context, name: string): string {
  return c.req.param(name) ?? "";
}

/** @throws MillraceError `RequestEntityTooLarge`, without reading the rest */
async function readBody(c: Context): Promise<Uint8Array> {
  const tooLarge = () =>
    new MillraceError("RequestEntityTooLarge", `The body of a query has at most ${MAX_BODY_BYTES} bytes.`);
  if (Number(c.req.header("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
