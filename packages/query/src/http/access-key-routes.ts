import type { AccessKey, Operation, Route } from "@millrace/access";
import { MillraceError, type JsonObject } from "@millrace/core";
import type { Context, Handler } from "hono";
import type { QueryDeps } from "../deps.ts";
import { readAccessKey } from "../keys/read-access-key.ts";
import { showAccessKey } from "../keys/show-access-key.ts";
import { refuseUnknown } from "../parse/known.ts";
import { authenticate, authenticated, param, routesUnder } from "./asking.ts";
import { jsonOrJsonp } from "./jsonp.ts";
import { list, readPage } from "./list.ts";
import { ACCESS_KEY_BODY, ACCESS_KEY_EXAMPLE, ACCESS_KEY_RESOURCE } from "./openapi-stored.ts";

/** `…/keys`: access keys, all with the master key. */
export function accessKeyRoutes(deps: QueryDeps): Route[] {
  const { accessKeys } = deps.access;
  const read = (raw: JsonObject) => readAccessKey(raw, deps.checkAutofill ?? (() => undefined));
  const route = routesUnder("/keys");
  /** What the request says beside the key is ignored: some clients send an empty text. */
  const managed = (answer: (c: Context, project: string, key: string) => Promise<AccessKey>): Handler =>
    jsonOrJsonp(deps, async (c) => {
      const { project } = await authenticate(deps, c, "master");
      return showAccessKey(project.id, await answer(c, project.id, param(c, "key")));
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
      authenticated(deps, "master", async (c, { grant: { project }, raw }) =>
        c.json(showAccessKey(project.id, await accessKeys.create(project.id, read(raw))), 201),
      ),
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
      managed(async (_c, project, key) => {
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
      authenticated(deps, "master", async (c, { grant: { project }, raw }) =>
        showAccessKey(project.id, await accessKeys.update(project.id, param(c, "key"), read(raw))),
      ),
      { body: ACCESS_KEY_BODY, example: ACCESS_KEY_EXAMPLE, answers: ok(ACCESS_KEY_RESOURCE) },
    ),
    route(
      "POST",
      "/:key/revoke",
      "Switches an access key off. Everywhere within a minute.",
      managed((_c, project, key) => accessKeys.update(project, key, { active: false })),
      { answers: ok(ACCESS_KEY_RESOURCE) },
    ),
    route(
      "POST",
      "/:key/unrevoke",
      "Switches an access key on again. Everywhere within a minute.",
      managed((_c, project, key) => accessKeys.update(project, key, { active: true })),
      { answers: ok(ACCESS_KEY_RESOURCE) },
    ),
    route(
      "DELETE",
      "/:key",
      "Ends an access key for good.",
      jsonOrJsonp(deps, async (c) => {
        const { project } = await authenticate(deps, c, "master");
        await accessKeys.delete(project.id, param(c, "key"));
        return c.body(null, 204);
      }),
      { answers: { 204: { description: "It is gone." } } },
    ),
  ];
}

function ok(schema: object): Operation["answers"] {
  return { 200: { description: "The answer.", content: { "application/json": { schema } } } };
}
