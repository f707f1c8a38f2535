import type { Operation, Route } from "@millrace/access";
import { MillraceError, type Deletion } from "@millrace/core";
import type { Context } from "hono";
import type { QueryDeps } from "../deps.ts";
import { readDeletion } from "../deletion/read-deletion.ts";
import { readPropertyDeletion } from "../deletion/read-property-deletion.ts";
import { refuseUnknown } from "../parse/known.ts";
import type { Answers } from "../share/answers.ts";
import { authenticate, param, PROJECT, recordChange, withStore } from "./asking.ts";
import { jsonOrJsonp } from "./jsonp.ts";
import { queryParameters } from "./parameters.ts";

/** Of the request's time, to tell how far it came. */
const FOR_THE_ANSWER_MS = 2_000;

/** `DELETE …/events/{collection}` and below it `…/properties/{property}`, with the master key. */
export function deletionRoutes(deps: QueryDeps & { readonly answers: Answers }): Route[] {
  const { clock, catalogue, deletions } = deps;
  const common = { method: "DELETE", class: "query" } as const;
  return [
    {
      ...common,
      path: `${PROJECT}/events/:collection`,
      summary: "Deletes a collection, or those of its events that timeframe and filters name.",
      handler: jsonOrJsonp(deps, async (c, limits) => {
        const grant = await authenticate(deps, c, "master");
        const { project } = grant;
        refuseEmpty(c);
        const raw = queryParameters(c.req.url);
        const collection = param(c, "collection");
        const now = clock.now();
        const deadline = now + limits.timeoutMs - FOR_THE_ANSWER_MS;
        const wheres = await withStore(deps, c, { grant, limits, maxAge: 0 }, async (engine) => {
          const view = await catalogue.view(project.id, [collection]);
          return readDeletion({ collection, raw, grant, engine, view, now });
        });
        if (wheres.length === 0) return c.body(null, 204);
        const deletion = await deletions.deleteAll(project.id, wheres, { deadline });
        const { events: deleted, complete } = deletion;
        await recordChange(deps, grant, "events.delete", collection, { asked: raw, deleted, complete });
        return answerDeletion(
          c,
          deletion,
          "None of these events comes back; those that are still stored are deleted within minutes.",
        );
      }),
      operation: deletionOf({
        filters: { type: "string", description: "JSON: a list of filters. Default: every event." },
        timeframe: { type: "string", description: "As in a question. Default: all time." },
        timezone: { type: "string" },
      }),
    },
    {
      ...common,
      path: `${PROJECT}/events/:collection/properties/:property`,
      summary: "Deletes a property and what lies below it: the collection's events stay, without it.",
      handler: jsonOrJsonp(deps, async (c, limits) => {
        const grant = await authenticate(deps, c, "master");
        const project = grant.project.id;
        refuseUnknown(queryParameters(c.req.url), {
          known: [],
          passed: ["api_key", "jsonp"],
          of: "a property's deletion",
        });
        const [collection, property] = [param(c, "collection"), param(c, "property")];
        const now = clock.now();
        const view = await catalogue.view(project, [collection]);
        const where = { ...readPropertyDeletion(view, { collection, property }, now), project };
        const deadline = now + limits.timeoutMs - FOR_THE_ANSWER_MS;
        // Its name is gone with the first step, however far the others come.
        const deletion = await deletions.deleteProperty(where, { deadline }).finally(() => catalogue.renew(project));
        const { events: changed, complete } = deletion;
        await recordChange(deps, grant, "property.delete", property, { collection, changed, complete });
        return answerDeletion(
          c,
          deletion,
          "No event is stored with the property again; those that still have it lose it within minutes.",
        );
      }),
      operation: deletionOf(),
    },
  ];
}

function answerDeletion(c: Context, { events: deleted, complete }: Deletion, message: string): Response {
  return complete ? c.body(null, 204) : c.json({ deleted, complete, message }, 202);
}

/** What was left empty by mistake must not delete everything. @throws MillraceError `InvalidParameterError` */
function refuseEmpty(c: Context): void {
  const empty = ["filters", "timeframe", "timezone"].find((name) => c.req.query(name)?.trim() === "");
  if (empty === undefined) return;
  throw new MillraceError("InvalidParameterError", `${empty} is empty. To delete without it leave it out.`);
}

function deletionOf(query?: Operation["query"]): Operation {
  return {
    ...(query && { query }),
    answers: {
      202: {
        description:
          "Forbidden to be stored again; not everything was deleted in the request's time, the rest is soon.",
        content: {
          "application/json": {
            schema: { type: "object", required: ["deleted", "complete", "message"] },
          },
        },
      },
      204: { description: "Gone." },
    },
  };
}
