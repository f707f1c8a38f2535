import type { Operation, Route } from "@millrace/access";
import { MillraceError, type Json, type JsonObject } from "@millrace/core";
import type { QueryDeps } from "../deps.ts";
import { check } from "../parse/check.ts";
import { refuseUnknown } from "../parse/known.ts";
import { WIRE } from "../parse/wire.ts";
import type { Answers } from "../share/answers.ts";
import { readSaved } from "../stored/read-saved.ts";
import { findSaved, found, runSaved } from "../stored/run-saved.ts";
import type { SavedQuery } from "../stored/saved-queries.ts";
import { showSaved } from "../stored/show-saved.ts";
import { authenticate, authenticated, param, recordChange, routesUnder, withStore } from "./asking.ts";
import { jsonOrJsonp } from "./jsonp.ts";
import { SAVED_BODY, SAVED_EXAMPLE, SAVED_RESOURCE } from "./openapi-stored.ts";
import { list, readPage } from "./list.ts";
import { queryParameters } from "./parameters.ts";

/** What Keen's clients send beside the parameters of a GET. */
const BESIDE = ["api_key", "jsonp", "analysis_type", "saved_query_name", "force"];

/** `…/queries/saved`: definitions with the master key, their answers with a read key. */
export function savedRoutes(deps: QueryDeps & { readonly answers: Answers }): Route[] {
  const { saved, schedule } = deps.stored;
  /** With how its last run went, where it is cached. */
  const show = async (project: string, query: SavedQuery): Promise<JsonObject> => {
    const scheduled =
      query.refreshRate > 0 ? await schedule.get(project, { kind: "saved", name: query.name }) : undefined;
    return showSaved(project, query, scheduled?.lastRun);
  };
  /** A cached one is due from the moment it is saved; how its definition of before went says nothing of it. */
  const enter = async (project: string, { name, refreshRate }: SavedQuery): Promise<void> => {
    if (refreshRate > 0) await schedule.put(project, { subject: { kind: "saved", name }, dueAt: deps.clock.now() });
  };
  const route = routesUnder("/queries/saved");

  return [
    route(
      "GET",
      "",
      "The saved queries, by name; with `limit` in pages.",
      authenticated(deps, "define", async (_c, { grant, raw }) => {
        refuseUnknown(raw, { known: ["limit", "after_name"], passed: BESIDE, of: "the list of saved queries" });
        const project = grant.project.id;
        const runs = new Map(
          (await schedule.list(project, "saved")).map(({ subject, lastRun }) => [subject.name, lastRun]),
        );
        return list(
          {
            page: (page) => saved.page(project, page),
            nameOf: ({ name }) => name,
            show: (each) => showSaved(project, each, each.refreshRate > 0 ? runs.get(each.name) : undefined),
            what: "saved queries",
            afterParameter: "after_name",
          },
          readPage(raw, "after_name"),
        );
      }),
      {
        query: { limit: { type: "integer", minimum: 1, maximum: 1_000 }, after_name: { type: "string" } },
        answers: ok({ type: "array", items: SAVED_RESOURCE }),
      },
    ),
    route(
      "GET",
      "/:name",
      "One saved query.",
      authenticated(deps, "define", async (c, { grant }) =>
        show(grant.project.id, found(await saved.get(grant.project.id, param(c, "name")), "saved query")),
      ),
      { answers: ok(SAVED_RESOURCE) },
    ),
    route(
      "PUT",
      "/:name",
      "Saves a query, or replaces one.",
      authenticated(deps, "define", async (c, { grant, raw }) => {
        const name = param(c, "name");
        const put = readSaved(raw, name);
        const renamed = put.name === name ? undefined : await rename(deps, grant.project.id, name, put);
        const { saved: made, created } = renamed ?? (await saved.put(grant.project.id, name, put.definition));
        await enter(grant.project.id, made);
        await recordChange(deps, grant, created ? "saved-query.create" : "saved-query.change", made.name);
        return c.json(showSaved(grant.project.id, made) as Json, created ? 201 : 200);
      }),
      {
        body: SAVED_BODY,
        example: SAVED_EXAMPLE,
        answers: {
          ...ok(SAVED_RESOURCE, "It was there and is replaced."),
          201: { description: "It is new.", content: { "application/json": { schema: SAVED_RESOURCE } } },
        },
      },
    ),
    route(
      "DELETE",
      "/:name",
      "Forgets a saved query.",
      authenticated(deps, "define", async (c, { grant }) => {
        found((await saved.delete(grant.project.id, param(c, "name"))) || undefined, "saved query");
        await recordChange(deps, grant, "saved-query.delete", param(c, "name"));
        return c.body(null, 204);
      }),
      { answers: { 204: { description: "It is gone." } } },
    ),
    route(
      "GET",
      "/:name/result",
      "The answer of a saved query, beside its definition.",
      jsonOrJsonp(deps, async (c, limits) => {
        const asker = await authenticate(deps, c, ["saved_queries", "cached_queries"]);
        const raw = queryParameters(c.req.url);
        refuseUnknown(raw, { known: ["include_metadata", "max_age"], passed: BESIDE, of: "a saved query's result" });
        const { grant, saved: query } = await findSaved(deps, asker, param(c, "name"));
        const asked = { ...query.parameters, ...raw };
        const maxAge = asked["max_age"] === undefined ? 0 : check(WIRE.max_age, asked["max_age"], "max_age");
        const metadata = asked["include_metadata"];
        const includeMetadata = metadata !== undefined && check(WIRE.include_metadata, metadata, "include_metadata");
        const most = asked["max_age"] === undefined ? {} : { maxAgeMs: maxAge * 1000 };
        const answer = await withStore(deps, c, { grant, limits, maxAge }, (engine) =>
          runSaved(deps, { saved: query, grant, engine, now: deps.clock.now(), includeMetadata, ...most }),
        );
        return { ...(await show(grant.project.id, query)), ...nested(answer) };
      }),
      {
        query: { include_metadata: { type: "boolean" }, max_age: { type: "number", minimum: 0 } },
        answers: ok({ ...SAVED_RESOURCE, required: [...SAVED_RESOURCE.required, "result"] }),
      },
    ),
  ];
}

/** A funnel has more than a result: the whole of it is the result of a saved one (Keen). */
function nested(answer: JsonObject): JsonObject {
  if (answer["steps"] === undefined) return answer;
  const entries = Object.entries(answer);
  const own = ([name]: [string, unknown]) => OF_FUNNELS.includes(name);
  return {
    ...Object.fromEntries(entries.filter((entry) => !own(entry))),
    result: Object.fromEntries(entries.filter(own)),
  };
}

const OF_FUNNELS = ["result", "steps", "actors", "time_to_convert", "groups"];

/** The new name first: what is saved must not be lost in between. */
async function rename(
  { stored: { saved } }: QueryDeps,
  project: string,
  name: string,
  { name: newName, definition }: ReturnType<typeof readSaved>,
): Promise<{ saved: SavedQuery; created: boolean }> {
  const before = found(await saved.get(project, name), "saved query");
  const made = await saved.create(project, newName, { ...definition, createdAt: before.createdAt });
  if (!made) {
    throw new MillraceError("InvalidParameterError", `query_name: there is a saved query "${newName}" already.`);
  }
  await saved.delete(project, name);
  return { saved: made, created: false };
}

function ok(schema: object, description = "The answer."): Operation["answers"] {
  return { 200: { description, content: { "application/json": { schema } } } };
}
