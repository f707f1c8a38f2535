import { hashKey, type AccessKey, type Grant, type Operation, type Route } from "@millrace/access";
import { MillraceError, type JsonObject } from "@millrace/core";
import type { Handler } from "hono";
import type { QueryDeps } from "../deps.ts";
import { readAccessKey } from "../keys/read-access-key.ts";
import { showAccessKey } from "../keys/show-access-key.ts";
import { refuseUnknown } from "../parse/known.ts";
import { authenticate, authenticated, param, recordChange, routesUnder } from "./asking.ts";
import { jsonOrJsonp } from "./jsonp.ts";
import { list, readPage } from "./list.ts";
import { ACCESS_KEY_BODY, ACCESS_KEY_EXAMPLE, ACCESS_KEY_RESOURCE } from "./openapi-stored.ts";

/** `…/keys`: access keys, all with the master key. */
export function accessKeyRoutes(deps: QueryDeps): Route[] {
  const { accessKeys } = deps.access;
  const read = (raw: JsonObject) => readAccessKey(raw, deps.checkAutofill ?? (() => undefined));
  const route = routesUnder("/keys");
  /** What the request says beside the key is ignored: some clients send an empty text. */
  const managed = (answer: (project: string, key: string, grant: Grant) => Promise<AccessKey>): Handler =>
    jsonOrJsonp(deps, async (c) => {
      const grant = await authenticate(deps, c, "master");
      return showAccessKey(grant.project.id, await answer(grant.project.id, param(c, "key"), grant));
    });
  /** The log has the key's hash: it is read by more people than may use the key. */
  const changed = async (grant: Grant, what: "create" | "change" | "delete", key: string, made?: AccessKey) => {
    const after = made && ({ name: made.name, active: made.active, permitted: [...made.permitted] } as JsonObject);
    await recordChange(deps, grant, `access-key.${what}`, hashKey(key), after);
  };
  const switched = (active: boolean) =>
    managed(async (project, key, grant) => {
      const made = await accessKeys.update(project, key, { active });
      await changed(grant, "change", key, made);
      return made;
    });

  return [
    route(
      "GET",
      "",
      "The access keys, revoked ones too; with `limit` in pages, with `name` those of this name.",
      authenticated(deps, "master", async (_c, { grant: { project }, raw }) => {
        refuseUnknown(raw, {
          known: ["name", "limit", "after_key"],
          passed: ["api_key", "jsonp"],
          of: "the list of keys",
        });
        const shown = await list(
          {
            page: (page) => accessKeys.page(project.id, page),
            nameOf: ({ key }) => key,
            show: (each) => showAccessKey(project.id, each),
            what: "access keys",
            afterParameter: "after_key",
          },
          readPage(raw, "after_key"),
        );
        return raw["name"] === undefined ? shown : shown.filter(({ name }) => name === raw["name"]);
      }),
      {
        query: {
          name: { type: "string" },
          limit: { type: "integer", minimum: 1, maximum: 1_000 },
          after_key: { type: "string" },
        },
        answers: ok({ type: "array", items: ACCESS_KEY_RESOURCE }),
      },
    ),
    route(
      "POST",
      "",
      "Makes an access key.",
      authenticated(deps, "master", async (c, { grant, raw }) => {
        const made = await accessKeys.create(grant.project.id, read(raw));
        await changed(grant, "create", made.key, made);
        return c.json(showAccessKey(grant.project.id, made), 201);
      }),
      {
        body: ACCESS_KEY_BODY,
        example: ACCESS_KEY_EXAMPLE,
        answers: {
          201: { description: "The key.", content: { "application/json": { schema: ACCESS_KEY_RESOURCE } } },
        },
      },
    ),
    route(
      "GET",
      "/:key",
      "One access key.",
      managed(async (project, key) => {
        const found = await accessKeys.find(project, key);
        if (found) return found;
        throw new MillraceError("ResourceNotFoundError", "Resource not found. There is no such access key.");
      }),
      { answers: ok(ACCESS_KEY_RESOURCE) },
    ),
    route(
      "POST",
      "/:key",
      "Replaces all of an access key but the key itself.",
      authenticated(deps, "master", async (c, { grant, raw }) => {
        const made = await accessKeys.update(grant.project.id, param(c, "key"), read(raw));
        await changed(grant, "change", made.key, made);
        return showAccessKey(grant.project.id, made);
      }),
      { body: ACCESS_KEY_BODY, example: ACCESS_KEY_EXAMPLE, answers: ok(ACCESS_KEY_RESOURCE) },
    ),
    route("POST", "/:key/revoke", "Switches an access key off. Everywhere within a minute.", switched(false), {
      answers: ok(ACCESS_KEY_RESOURCE),
    }),
    route("POST", "/:key/unrevoke", "Switches an access key on again. Everywhere within a minute.", switched(true), {
      answers: ok(ACCESS_KEY_RESOURCE),
    }),
    route(
      "DELETE",
      "/:key",
      "Ends an access key for good.",
      jsonOrJsonp(deps, async (c) => {
        const grant = await authenticate(deps, c, "master");
        await accessKeys.delete(grant.project.id, param(c, "key"));
        await changed(grant, "delete", param(c, "key"));
        return c.body(null, 204);
      }),
      { answers: { 204: { description: "It is gone." } } },
    ),
  ];
}

function ok(schema: object): Operation["answers"] {
  return { 200: { description: "The answer.", content: { "application/json": { schema } } } };
}
