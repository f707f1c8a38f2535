import { keyOf, type Grant, type Operation, type Permission, type Route } from "@millrace/access";
import {
  currentExecution,
  MillraceError,
  type CatalogueView,
  type Json,
  type JsonObject,
  type Version,
} from "@millrace/core";
import type { Context, Handler } from "hono";
import { randomUUID } from "node:crypto";
import { ANALYSES } from "../parse/analyses.ts";
import type { QueryDeps } from "../deps.ts";
import { formOf } from "./form.ts";
import { jsonOrJsonp } from "./jsonp.ts";
import { accessKeyRoutes } from "./access-key-routes.ts";
import { datasetRoutes } from "./dataset-routes.ts";
import { definitionRoutes } from "./definition-routes.ts";
import { deletionRoutes } from "./deletion-routes.ts";
import { embedRoutes } from "./embed-routes.ts";
import { SCHEMAS } from "./openapi.ts";
import { rejectedRoutes } from "./rejected-routes.ts";
import { savedRoutes } from "./saved-routes.ts";
import { sendingRoutes } from "./sending-routes.ts";
import { readLedger } from "../answer/ledger.ts";
import { authenticate, param, PROJECT, readParameters, withStore } from "./asking.ts";
import { ASKS, runBatch } from "../answer/run-batch.ts";
import { runFile, type FileAnswer } from "../answer/run-file.ts";
import { runQuery } from "../answer/run-query.ts";
import { check } from "../parse/check.ts";
import { WIRE } from "../parse/wire.ts";
import { createAnswers } from "../share/answers.ts";
import type { Engine } from "../share/engine.ts";
import {
  describeCollection,
  describeCollections,
  describeProject,
  describeProperty,
  findCollection,
  type SchemaOptions,
} from "../answer/schema.ts";
import { typeConflict } from "../answer/type-conflict.ts";

/** What schemas are answered with: no store. */
type SchemaDeps = Pick<QueryDeps, "access" | "catalogue" | "timeLeft" | "maxAnswerBytes">;

/** The handlers that another app's route may have to hand over to. */
export interface QueryHandlers {
  /** `GET …/events/{collection}` without `data`: with it, the same path records an event. */
  readonly collectionSchema: Handler;
}

/** @param deps no store: the ingest function, which cannot reach one, answers schemas too */
export function createHandlers(deps: SchemaDeps): QueryHandlers {
  return {
    collectionSchema: withView(deps, (c, grant, view) =>
      describeCollection(grant.project, findCollection(view, param(c, "collection")), schemaOptions(c)),
    ),
  };
}

/** Every route of the query API but the OpenAPI document, which is made from them. */
export function queryRoutes(deps: QueryDeps, handlers: QueryHandlers): Route[] {
  const get = (path: string, summary: string, handler: Handler, operation?: Operation): Route => ({
    method: "GET",
    path,
    class: "query",
    summary,
    handler,
    ...(operation && { operation }),
  });
  const answers = deps.answers ?? createAnswers({ clock: deps.clock });
  /**
   * Answers with the store at hand: one engine for the request, paid when it is over, whatever came of it.
   * @param aged false where `max_age` is about the answer as a whole: parts of different ages would not add up, and would be told as new
   */
  const withEngine = (
    answer: (c: Context, asked: Asked) => Promise<Json | FileAnswer>,
    { aged = true, needs = "read" }: { aged?: boolean; needs?: Permission | readonly Permission[] } = {},
  ): Handler =>
    jsonOrJsonp(deps, async (c, limits) => {
      const grant = await authenticate(deps, c, needs);
      const raw = await readParameters(c);
      const maxAge = raw["max_age"] === undefined || !aged ? 0 : check(WIRE.max_age, raw["max_age"], "max_age");
      return withStore({ ...deps, answers }, c, { grant, limits, maxAge }, (engine) =>
        answer(c, { grant, raw, engine, now: deps.clock.now() }),
      );
    });
  const query = withEngine(
    (c, asked) => {
      const request = { analysis: param(c, "analysis"), ...asked };
      const form = formOf(c, request.analysis, asked.raw);
      return form === undefined ? runQuery(deps, request) : runFile(deps, request, form);
    },
    { needs: ASKS },
  );
  const report = (c: Context) => (error: MillraceError) => {
    currentExecution()?.label("batch.error", error.code);
    if (!deps.executions) console.error(error, c.req.path);
  };
  return [
    get(
      "/",
      "The versions of this API.",
      jsonOrJsonp(deps, async () => [{ is_public: true, url: "/3.0", version: "3.0" }]),
    ),
    get(
      "/3.0",
      "Where the projects are.",
      jsonOrJsonp(deps, async () => ({ projects_resource_url: "/3.0/projects" })),
    ),
    get(
      "/3.0/projects",
      "The projects that a key sees: its own.",
      jsonOrJsonp(deps, async (c) => {
        const { project, may } = await deps.access.authenticateReader(keyOf(c), ["schema", "read"]);
        const { events, ...described } = describeProject(project, await deps.catalogue.view(project.id));
        // A key that may only ask learns where, not what there is to ask about.
        return [may.has("schema") ? { ...described, events } : described];
      }),
    ),
    get(
      `${PROJECT}/organization-usage`,
      "What Keen's plans counted: nothing is limited here.",
      jsonOrJsonp(deps, async (c) => {
        const { project } = await authenticate(deps, c, "master");
        return {
          cached_queries: { limited: false, limit: null, current_usage: await cachedQueries(deps, project.id) },
        };
      }),
    ),
    get(
      PROJECT,
      "One project and the names of its collections.",
      withView(deps, (_c, grant, view) => describeProject(grant.project, view)),
    ),
    get(
      `${PROJECT}/events`,
      "The schemas of all collections.",
      withView(deps, (c, grant, view) => describeCollections(grant.project, view, schemaOptions(c))),
      SCHEMAS,
    ),
    get(`${PROJECT}/events/:collection`, "The schema of one collection.", handlers.collectionSchema, SCHEMAS),
    get(
      `${PROJECT}/events/:collection/properties/:property`,
      "The type of one property; of several types, how often each.",
      withEngine(
        async (c, { grant, engine }) => {
          const view = await deps.catalogue.view(grant.project.id, [param(c, "collection")]);
          const collection = findCollection(view, param(c, "collection"));
          const path = param(c, "property");
          const described = describeProperty(grant.project, collection, path);
          return { ...described, ...(await typeConflict(deps, engine, { grant, view, collection, path })) };
        },
        { needs: "schema" },
      ),
    ),
    get(
      `${PROJECT}/ledger`,
      "What became of every accepted event, by hour of receipt.",
      withEngine((_c, asked) => readLedger(deps, asked)),
    ),
    get(
      `${PROJECT}/version`,
      "A text that changes when events of the project are stored or deleted: ask it instead of asking the questions again.",
      jsonOrJsonp(deps, async (c) => {
        const grant = await authenticate(deps, c, SHOWS_ANSWERS);
        return answerVersion(c, await deps.versions?.read(grant.project.id));
      }),
    ),
    get(
      `${PROJECT}/queries`,
      "The analyses there are.",
      jsonOrJsonp(deps, async (c) => listAnalyses(await authenticate(deps, c, "read"))),
    ),
    ...savedRoutes({ ...deps, answers }),
    ...definitionRoutes(deps),
    ...accessKeyRoutes(deps),
    ...embedRoutes(deps),
    ...sendingRoutes(deps),
    ...deletionRoutes({ ...deps, answers }),
    ...rejectedRoutes({ ...deps, answers }),
    ...datasetRoutes({ ...deps, answers }),
    {
      method: "POST",
      path: `${PROJECT}/queries/batch`,
      class: "query",
      summary: "Many questions in one request, about one instant, each with its own outcome.",
      handler: withEngine((c, asked) => runBatch(deps, { ...asked, report: report(c) }), {
        aged: false,
        needs: [...SHOWS_ANSWERS, ...ASKS],
      }),
    },
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

/** Permissions of which one is enough where each part of the request is looked at again. */
const SHOWS_ANSWERS: readonly Permission[] = ["read", "saved_queries", "cached_queries", "datasets"];

async function cachedQueries({ stored }: QueryDeps, project: string): Promise<number> {
  let cached = 0;
  for (let after: string | undefined; ;) {
    const page = await stored.saved.page(project, { after, limit: 500 });
    cached += page.filter(({ refreshRate }) => refreshRate > 0).length;
    after = page.at(-1)?.name;
    if (page.length < 500) return cached;
  }
}

function schemaOptions(c: Context): SchemaOptions {
  const standard = c.req.query("standard_fields") || undefined;
  return {
    properties: c.req.query("include_schema") !== "false",
    standardFields: standard !== undefined && check(WIRE.standard_fields, standard, "standard_fields"),
  };
}

/** One authenticated question, read. */
interface Asked {
  readonly grant: Grant;
  readonly raw: JsonObject;
  readonly engine: Engine;
  /** Milliseconds UTC. */
  readonly now: number;
}

/** 304 without a body for who has it already. Unknown: one that never repeats, so that nobody waits for a change in vain. */
function answerVersion(c: Context, version: Version | undefined): Json | Response {
  const value = version?.value ?? randomUUID();
  const tag = `"${value}"`;
  c.header("ETag", tag);
  const known = c.req
    .header("if-none-match")
    ?.split(",")
    .map((each) => each.trim().replace(/^W\//, ""));
  return known?.includes(tag) ? c.body(null, 304) : { version: value, settled: version?.settled ?? false };
}

function withView(
  deps: SchemaDeps,
  answer: (c: Context, grant: Grant, view: CatalogueView) => Json | Promise<Json>,
): Handler {
  return jsonOrJsonp(deps, async (c) => {
    const grant = await authenticate(deps, c, "schema");
    return answer(c, grant, await deps.catalogue.view(grant.project.id, [param(c, "collection")].filter(Boolean)));
  });
}

/** Keen's service listed these without `_url`, and its client for .NET reads them so. */
const PLAIN_NAMES: ReadonlySet<string> = new Set(["minimum", "maximum", "average", "median", "percentile", "sum"]);

/** The map Keen's .NET client reads: names to paths. */
function listAnalyses(grant: Grant): Json {
  const url = `/3.0/projects/${encodeURIComponent(grant.project.id)}/queries`;
  return Object.fromEntries(
    Object.keys(ANALYSES).map((name) => [PLAIN_NAMES.has(name) ? name : `${name}_url`, `${url}/${name}`]),
  );
}
