import type { Route } from "@millrace/access";
import { asMillraceError, EMBED_MOST_CHARS, MillraceError } from "@millrace/core";
import type { Context } from "hono";
import type { QueryDeps } from "../deps.ts";
import { embedPage, embedRefusal, sharePage } from "../embeds/page.ts";
import { readBody } from "./asking.ts";

const HTML = { content: { "text/html": { schema: { type: "string" } } } };
const TOKEN = { type: "string", maxLength: EMBED_MOST_CHARS };
/** The token, and what a form writes around it. */
const MOST_BYTES = EMBED_MOST_CHARS + 1_000;

/**
 * `POST /embed`: the page in a customer's frame. The token comes in the body of a form, so that it stands in no address, no log and no
 * history, and the answer's `frame-ancestors` can be the token's own (decision 23). Errors are pages too: a frame shows nothing else.
 */
export function embedPageRoute(deps: QueryDeps): Route {
  return {
    method: "POST",
    path: "/embed",
    class: "query",
    summary: "The page that shows what an embed token lets see. Only a frame asks for it.",
    handler: async (c) => {
      try {
        const token = await tokenIn(c);
        const { project, embed } = await deps.access.authenticateReader(token, "view");
        if (!embed) throw new MillraceError("InvalidApiKeyError", "This needs an embed token.");
        return embedPage({ project: project.id, token, origins: embed.origins }, embed.locale);
      } catch (thrown) {
        const error = asMillraceError(thrown);
        if (error.status >= 500) throw thrown;
        return embedRefusal(error.status, error.message);
      }
    },
    operation: {
      form: { type: "object", required: ["token"], properties: { token: TOKEN } },
      answers: {
        200: { description: "The page.", ...HTML },
        ...Object.fromEntries(
          [400, 401, 413].map((status) => [status, { description: "Why there is none.", ...HTML }]),
        ),
      },
    },
  };
}

/** `GET /embed#share-…`: the page of a share link, which no server sees. It holds nothing of anybody, and is in no frame and no search engine. */
export const sharePageRoute: Route = {
  method: "GET",
  path: "/embed",
  class: "query",
  summary: "The page that shows what a share link lets see. The link stands in the fragment, which is not sent.",
  handler: () => sharePage(),
  operation: { answers: { 200: { description: "The page.", ...HTML } } },
};

async function tokenIn(c: Context): Promise<string> {
  const token = new URLSearchParams(new TextDecoder().decode(await readBody(c, MOST_BYTES))).get("token");
  if (token) return token;
  throw new MillraceError("MissingParameterError", "token is required: it comes in the body of a form.");
}
