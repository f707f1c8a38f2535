import { serveStatic } from "@hono/node-server/serve-static";
import { packing } from "@millrace/access";
import { isPinned, scriptNamed } from "@millrace/tracker/pieces";
import type { Context, Hono, MiddlewareHandler } from "hono";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Assets } from "./assets.ts";
import { askingForOpening } from "./opening.ts";

const ONE_HOUR = "public, max-age=3600";
const FOR_EVER = "public, max-age=31536000, immutable";
/** The dashboard loads only what is served here, nothing of it inline. It holds embeds of its own, to which a form takes the token. */
const DASHBOARD_CSP =
  "default-src 'self'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/**
 * Serves the tracker's scripts (`/t.js`, `/t.widgets.js`, …) and the dashboard everywhere else. Mount it last: it answers every path that no API has, because
 * the dashboard's addresses are its own.
 */
export function serveAssets(app: Hono, assets: Assets): void {
  app.get("/:file{t(\\.\\w+)*\\.m?js}", packing, (c) => {
    const file = c.req.param("file");
    const script = scriptNamed(assets.tracker, file);
    if (script === undefined) return c.notFound();
    c.header("Cache-Control", isPinned(file) ? FOR_EVER : ONE_HOUR);
    c.header("Access-Control-Allow-Origin", "*");
    c.header("Cross-Origin-Resource-Policy", "cross-origin");
    return c.body(script, 200, { "Content-Type": "text/javascript; charset=utf-8" });
  });
  app.use("/assets/*", serveStatic({ root: assets.web, precompressed: true, onFound: (_path, c) => describe(c) }));
  app.get("*", packing, async (c, next) => {
    // An unknown API path must stay an API error in JSON, not a page.
    if (
      c.req.path.startsWith("/3.0") ||
      c.req.path.startsWith("/v1") ||
      c.req.path.startsWith("/console") ||
      c.req.path.startsWith("/assets/")
    ) {
      return next();
    }
    return dashboard(c, assets);
  });
}

/** What an embed loads by a name without a hash (web/vite.embed.config.ts): asked for again each time. */
const NAMED = new Set(["/assets/embed.js", "/assets/embed.css", "/assets/millrace-embed.js"]);
const ELEMENT = "/assets/millrace-embed.js";

function describe(c: Context): void {
  c.header("Cache-Control", NAMED.has(c.req.path) ? "no-cache" : FOR_EVER);
  c.header("X-Content-Type-Options", "nosniff");
  if (c.req.path !== ELEMENT) return;
  // A module that pages of other origins load.
  c.header("Access-Control-Allow-Origin", "*");
  c.header("Cross-Origin-Resource-Policy", "cross-origin");
}

/**
 * `/` is both Keen's list of API versions and the dashboard's front door: a browser that navigates asks for HTML and gets the page,
 * everything else passes on to the API.
 */
export function homePage(assets: Assets): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method !== "GET" || c.req.path !== "/" || !(c.req.header("accept") ?? "").includes("text/html")) {
      return next();
    }
    await packing(c, () => {
      c.header("Vary", "Accept", { append: true });
      c.res = dashboard(c, assets);
      return Promise.resolve();
    });
    return undefined;
  };
}

function dashboard(c: Context, assets: Assets): Response {
  c.header("Content-Security-Policy", DASHBOARD_CSP);
  c.header("X-Content-Type-Options", "nosniff");
  c.header("Referrer-Policy", "no-referrer");
  c.header("Cache-Control", "no-cache");
  const html = readFileSync(join(assets.web, "index.html"), "utf8");
  return c.html(c.req.path === "/" && assets.prepare() ? askingForOpening(html, new URL(c.req.url).search) : html);
}
