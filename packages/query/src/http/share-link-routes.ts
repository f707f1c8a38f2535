import type { Grant, Operation, Route, ShareLink } from "@millrace/access";
import { isoUtc, type JsonObject } from "@millrace/core";
import type { QueryDeps } from "../deps.ts";
import { OPENING, readShareLink } from "../embeds/read-share-link.ts";
import { check } from "../parse/check.ts";
import { refuseUnknown } from "../parse/known.ts";
import { authenticated, param, readParameters, routesUnder } from "./asking.ts";
import { jsonOrJsonp } from "./jsonp.ts";
import {
  NEW_SHARE_LINK,
  OPENED_SHARE_LINK,
  OPENING_BODY,
  SHARE_LINK,
  SHARE_LINK_BODY,
  SHARE_LINK_EXAMPLE,
} from "./openapi-embeds.ts";

/** `…/share-links`: links that show a part of a project to whoever has them. All with the master key, but that which a link's own reader opens it by. */
export function shareLinkRoutes(deps: QueryDeps, { shareLinks, audit }: NonNullable<QueryDeps["embeds"]>): Route[] {
  const route = routesUnder("/share-links");
  const log = ({ project, principal }: Grant, what: `${string}.${string}`, target: string) =>
    audit.record({ who: principal, what, project: project.id, target });
  return [
    route(
      "GET",
      "",
      "The share links that have not ended, without what opens them.",
      authenticated(deps, "master", async (_c, { grant: { project }, raw }) => {
        refuseUnknown(raw, { known: [], passed: ["api_key", "jsonp"], of: "the list of links" });
        return (await shareLinks.list(project.id)).map(shown);
      }),
      { answers: ok(200, { type: "array", items: SHARE_LINK }) },
    ),
    route(
      "POST",
      "",
      "Makes a share link, whose address is seen this once.",
      authenticated(deps, "master", async (c, { grant, raw }) => {
        const { link, key } = await shareLinks.create(grant.project.id, readShareLink(raw));
        await log(grant, "share-link.create", link.name);
        return c.json({ ...shown(link), key, path: pathOf(link, key) }, 201);
      }),
      { body: SHARE_LINK_BODY, example: SHARE_LINK_EXAMPLE, answers: ok(201, NEW_SHARE_LINK) },
    ),
    route(
      "POST",
      "/open",
      "Exchanges a share link and its password for a key that asks what it shows, for half a day.",
      jsonOrJsonp(deps, async (c) => {
        const asked = check(OPENING, await readParameters(c), "the body");
        const from = deps.addressOf?.(c);
        const { key, endsAt } = await shareLinks.open({ projectId: param(c, "project"), from, ...asked });
        return { key, expires_at: isoUtc(endsAt) };
      }),
      { body: OPENING_BODY, answers: ok(200, OPENED_SHARE_LINK) },
    ),
    route(
      "DELETE",
      "/:link",
      "Ends a share link. Everywhere within a minute.",
      authenticated(deps, "master", async (c, { grant }) => {
        const id = param(c, "link");
        await shareLinks.revoke(grant.project.id, id);
        await log(grant, "share-link.revoke", id);
        return c.body(null, 204);
      }),
      { answers: { 204: { description: "It is gone." } } },
    ),
  ];
}

/** The page cannot ask for what the link says before it has chosen a language, so that stands before the fragment: it is no secret. */
function pathOf({ claims: { locale } }: ShareLink, key: string): string {
  return `/embed${typeof locale === "string" ? `?lang=${encodeURIComponent(locale)}` : ""}#${key}`;
}

function shown({ id, name, createdAt, expiresAt, claims, password }: ShareLink): JsonObject {
  return {
    id,
    name,
    created_at: isoUtc(createdAt),
    expires_at: isoUtc(expiresAt),
    has_password: password !== undefined,
    ...claims,
  };
}

function ok(status: number, schema: object): Operation["answers"] {
  return { [status]: { description: "The answer.", content: { "application/json": { schema } } } };
}
