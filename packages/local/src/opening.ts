import { encodingOf, type Route } from "@millrace/access";
import { consoleRoute } from "@millrace/access/console";
import { gzipApart } from "./gzip-apart.ts";
import type { Hono } from "hono";

type Fetch = (url: string, init?: RequestInit) => Response | Promise<Response>;

/** The dashboard's own way of asking beforehand what its page will ask (web/src/opening/prepare.ts). */
export type Prepare = (page: {
  readonly search: string;
  readonly fetch: Fetch;
  readonly now: number;
  readonly patienceMs: number;
}) => Promise<Opening | undefined>;

/** Of the page's own `Opening` (web/src/opening/prepare.ts) what matters here. */
interface Opening {
  /** The first of them is who reads, with the tokens of their session. */
  readonly answers: readonly unknown[];
}

interface Deps {
  /** All routes of this server. */
  readonly app: () => Hono;
  /** Undefined until its code is there. */
  readonly prepare: () => Prepare | undefined;
  readonly now: () => number;
}

const PATH = "/console/opening";
/** How long the first numbers are waited for; the page asks for later ones itself. Its script takes about as long to come and to run. */
const PATIENCE_MS = 300;

/**
 * Who reads and the first numbers of the overview, in one answer. The page's head asks for it before any script is there, so that they come
 * together. Below `/console`, where alone the browser sends its cookie.
 */
export function openingRoute({ app, prepare, now }: Deps): Route {
  return consoleRoute("GET", "/opening", "What the dashboard asks first, in one answer.", async (c) => {
    const cookie = c.req.header("cookie");
    // As the browser would: by the reader's cookie where that counts, and as the same sender.
    const fetch: Fetch = (url, init) => {
      const headers = new Headers(init?.headers);
      if (cookie !== undefined) headers.set("cookie", cookie);
      return app().request(url, { ...init, headers }, c.env);
    };
    const { search } = new URL(c.req.url);
    const opening = await prepare()?.({ search, fetch, now: now(), patienceMs: PATIENCE_MS });
    // Nobody is signed in, who may have brought a key: no error yet.
    if (!opening) return c.body(null, 204);
    if (encodingOf(c.req.header("accept-encoding"), ["gzip"]) === undefined) return c.json(opening);
    c.header("Content-Encoding", "gzip");
    return c.body(await gzipApart(secretsFirst(opening)), 200, { "Content-Type": "application/json" });
  });
}

/**
 * The JSON in two parts, which are packed apart: the tokens of the session, and all that holds words of the page's address. Somebody who
 * opens addresses of ours in a reader's browser and sees how long the answers are must not learn whether a guess repeats a token.
 */
function secretsFirst({ answers: [session, ...others], ...rest }: Opening): [string, string] {
  const answers = others.map((answer) => `,${JSON.stringify(answer)}`).join("");
  const end = JSON.stringify(rest).slice(1);
  return [`{"answers":[${JSON.stringify(session)}`, `${answers}]${end === "}" ? "" : ","}${end}`];
}

/** What the head of the page asks for where nobody makes an opening (web/index.html). */
const SESSION = 'href="/console/session"';

/**
 * The dashboard's page whose head asks for its opening instead of the session alone.
 * @param search of its address, as the browser wrote it
 */
export function askingForOpening(html: string, search: string): string {
  const address = (PATH + search).replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return html.replace(SESSION, () => `href="${address}"`);
}
