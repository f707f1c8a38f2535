import type { Operation, Route } from "@millrace/access";
import { MillraceError } from "@millrace/core";
import type { Context } from "hono";
import type { QueryDeps } from "../deps.ts";
import { readDeletion } from "../deletion/read-deletion.ts";
import type { Answers } from "../share/answers.ts";
import { authenticate, param, PROJECT, recordChange, withStore } from "./asking.ts";
import { jsonOrJsonp } from "./jsonp.ts";
import { queryParameters } from "./parameters.ts";

/** Of the request's time, to tell how far it came. */
const FOR_THE_ANSWER_MS = 2_000;

/** `DELETE …/events/{collection}`, with the master key. */
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
        const { events, complete } = await deletions.deleteAll(project.id, wheres, { deadline });
        await recordChange(deps, grant, "events.delete", collection, { asked: raw, deleted: events, complete });
        if (complete) return c.body(null, 204);
        const message = "None of these events comes back; those that are still stored are deleted within minutes.";
        return c.json({ deleted: events, complete, message }, 202);
      }),
      operation: DELETION,
    },
    {
      ...common,
      path: `${PROJECT}/events/:collection/properties/:property`,
      summary: "Refused: the values of a property are not deleted alone.",
      handler: jsonOrJsonp(deps, async (c) => {
        await authenticate(deps, c, "master");
        throw new MillraceError(
          "UnsupportedQueryError",
          "A property cannot be deleted alone. Delete the events that have it, with a filter `exists`.",
        );
      }),
    },
  ];
}

/** What was left empty by mistake must not delete everything. @throws MillraceError `InvalidParameterError` */
function refuseEmpty(c: Context): void {
  const empty = ["filters", "timeframe", "timezone"].find((name) => c.req.query(name)?.trim() === "");
  if (empty === undefined) return;
  throw new MillraceError("InvalidParameterError", `${empty} is empty. To delete without it leave it out.`);
}

const DELETION: Operation = {
  query: {
    filters: { type: "string", description: "JSON: a list of filters. Default: every event." },
    timeframe: { type: "string", description: "As in a question. Default: all time." },
    timezone: { type: "string" },
  },
  answers: {
    202: {
      description: "Forbidden to be stored again; not everything was deleted in the request's time, the rest is soon.",
      content: {
        "application/json": {
          schema: { type: "object", required: ["deleted", "complete", "message"] },
        },
      },
    },
    204: { description: "They are gone." },
  },
};
