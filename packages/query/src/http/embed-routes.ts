import type { EmbedKey, Grant, Operation, Route } from "@millrace/access";
import { EMBED_MOST_CHARS, isoUtc, MillraceError, type JsonObject } from "@millrace/core";
import type { QueryDeps } from "../deps.ts";
import { refuseUnknown } from "../parse/known.ts";
import { describeEmbed } from "../embeds/describe-embed.ts";
import { noteOf } from "../embeds/notes.ts";
import { readEmbedClaims } from "../embeds/read-claims.ts";
import type { Versioned } from "../stored/definitions.ts";
import { authenticated, param, routesUnder } from "./asking.ts";
import { embedPageRoute, sharePageRoute } from "./embed-page-route.ts";
import { list, type Listing } from "./list.ts";
import { endSubscriptions } from "../sending/subscriptions.ts";
import { shareLinkRoutes } from "./share-link-routes.ts";
import {
  EMBED_DESCRIPTION,
  EMBED_KEY,
  EMBED_TOKEN_BODY,
  EMBED_TOKEN_EXAMPLE,
  NEW_EMBED_KEY,
  NEW_EMBED_TOKEN,
} from "./openapi-embeds.ts";

/** `…/embed-keys` and `…/embed-tokens`, with the master key; `…/share-links` beside them; `…/embed` and its pages, with an embed token or a share link. None where nothing can be embedded. */
export function embedRoutes(deps: QueryDeps): Route[] {
  if (!deps.embeds) return [];
  return [
    ...routesOf(deps, deps.embeds),
    ...shareLinkRoutes(deps, deps.embeds),
    describing(deps),
    sharePageRoute,
    embedPageRoute(deps),
  ];
}

function routesOf(deps: QueryDeps, { keys, audit }: NonNullable<QueryDeps["embeds"]>): Route[] {
  const route = routesUnder("");
  const log = ({ project, principal }: Grant, what: `${string}.${string}`, target: string) =>
    audit.record({ who: principal, what, project: project.id, target });
  return [
    route(
      "GET",
      "/embed-keys",
      "The embed secrets, without what is secret of them.",
      authenticated(deps, "master", async (_c, { grant: { project }, raw }) => {
        nothingIn(raw, "the list of embed secrets");
        return (await keys.list(project.id)).map(shown);
      }),
      { answers: ok({ type: "array", items: EMBED_KEY }) },
    ),
    route(
      "POST",
      "/embed-keys",
      "Makes an embed secret, which is seen this once. A project has two at most.",
      authenticated(deps, "master", async (c, { grant, raw }) => {
        nothingIn(raw, "a new embed secret");
        const { key, secret } = await keys.create(grant.project.id);
        await log(grant, "embed-key.create", key.id);
        return c.json({ ...shown(key), secret }, 201);
      }),
      { answers: { 201: { description: "The secret.", content: { "application/json": { schema: NEW_EMBED_KEY } } } } },
    ),
    route(
      "DELETE",
      "/embed-keys/:key",
      "Ends an embed secret and all of its tokens. Everywhere within a minute.",
      authenticated(deps, "master", async (c, { grant }) => {
        const id = param(c, "key");
        await keys.revoke(grant.project.id, id);
        await log(grant, "embed-key.revoke", id);
        await endSubscriptions(deps, grant, ({ keyId }) => keyId === id);
        return c.body(null, 204);
      }),
      GONE,
    ),
    route(
      "POST",
      "/embed-tokens",
      "Makes an embed token that is good for a quarter of an hour: to look at what customers would see. A page that serves them makes its own.",
      authenticated(deps, "master", async (c, { grant: { project }, raw }) => {
        readEmbedClaims(raw, "InvalidParameterError");
        const { token, endsAt } = await keys.signOnce(project.id, raw, SECONDS_OF_OWN);
        if (token.length > EMBED_MOST_CHARS) {
          const said = `The token has ${token.length} characters; ${EMBED_MOST_CHARS} are possible.`;
          throw new MillraceError("RequestEntityTooLarge", said);
        }
        return c.json({ token, expires_at: isoUtc(endsAt) }, 201);
      }),
      {
        body: EMBED_TOKEN_BODY,
        example: EMBED_TOKEN_EXAMPLE,
        answers: { 201: { description: "The token.", content: { "application/json": { schema: NEW_EMBED_TOKEN } } } },
      },
    ),
    route(
      "DELETE",
      "/embed-tokens/:token",
      "Ends one embed token, by its id (jti). Everywhere within a minute.",
      authenticated(deps, "master", async (c, { grant }) => {
        const id = param(c, "token");
        if (id.length > MOST_ID_CHARS)
          throw new MillraceError("InvalidParameterError", `An id has at most ${MOST_ID_CHARS} characters.`);
        await keys.revokeToken(grant.project.id, id);
        await log(grant, "embed-token.revoke", id);
        await endSubscriptions(deps, grant, ({ tokenId }) => tokenId === id);
        return c.body(null, 204);
      }),
      GONE,
    ),
  ];
}

function describing(deps: QueryDeps): Route {
  return routesUnder("")(
    "GET",
    "/embed",
    "What an embed token lets see: panels, collections and properties, and how they are to look.",
    authenticated(deps, "view", async (_c, { grant, raw }) => {
      nothingIn(raw, "embed");
      const [view, notes] = await Promise.all([
        deps.catalogue.view(grant.project.id, grant.embed?.collections ?? []),
        grant.embed?.annotations ? notesOf(deps, grant.project.id) : [],
      ]);
      return describeEmbed(grant, { view, notes, sendsMail: deps.sending?.possible.mail ?? false });
    }),
    { answers: ok(EMBED_DESCRIPTION) },
  );
}

/** All of the project's. @throws MillraceError `AnswerTooLarge` where they are too many for one answer */
function notesOf({ stored: { definitions } }: QueryDeps, project: string): Promise<JsonObject[]> {
  const page: Listing<Versioned>["page"] = (which) => definitions.page(project, "annotations", which);
  const all = {
    page,
    nameOf: ({ name }: Versioned) => name,
    show: noteOf,
    what: "notes",
    afterParameter: "after_name",
  };
  return list(all, { after: undefined, limit: undefined });
}

const MOST_ID_CHARS = 64;
const SECONDS_OF_OWN = 900;
const GONE: Operation = { answers: { 204: { description: "It is gone." } } };

function shown({ id, createdAt }: EmbedKey): JsonObject {
  return { key_id: id, created_at: isoUtc(createdAt) };
}

function nothingIn(raw: JsonObject, of: string): void {
  refuseUnknown(raw, { known: [], passed: ["api_key", "jsonp"], of });
}

function ok(schema: object): Operation["answers"] {
  return { 200: { description: "The answer.", content: { "application/json": { schema } } } };
}
