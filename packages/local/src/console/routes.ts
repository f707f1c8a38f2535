import { keyOf, type Access, type Route } from "@millrace/access";
import { MillraceError } from "@millrace/core";
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Demo } from "../demo.ts";
import { SESSION_MS, type Sessions } from "./sessions.ts";

interface ConsoleDeps {
  readonly access: Access;
  readonly sessions: Sessions;
  /** Undefined until the server listens. */
  readonly demo: () => Demo | undefined;
}

const ENTER = "/console/enter";

/** The address to open in a browser, with a token that works once. */
export function linkTo(url: string, sessions: Sessions): string {
  return `${url}${ENTER}?token=${sessions.link()}`;
}

/** How the dashboard on this machine learns its project and read key without asking a person. */
export function consoleRoutes({ access, sessions, demo }: ConsoleDeps): Route[] {
  return [
    {
      method: "GET",
      path: ENTER,
      class: "console",
      summary: "Exchanges the token of a printed link for a session, and leads to the dashboard.",
      handler: async (c) => {
        c.header("Cache-Control", "no-store");
        c.header("Referrer-Policy", "no-referrer");
        const id = await sessions.enter(c.req.query("token") ?? "");
        if (id === undefined) {
          const again = "This link was used before, or is too old. `npm run link` prints a new one.";
          return c.text(again, 401);
        }
        setCookie(c, cookieName(demo()), id, {
          httpOnly: true,
          sameSite: "Strict",
          path: "/console",
          maxAge: SESSION_MS / 1000,
        });
        return c.redirect("/", 303);
      },
    },
    {
      method: "POST",
      path: "/console/links",
      class: "console",
      summary: "A new link to the dashboard, for whoever has the demo project's master key.",
      handler: async (c) => {
        const { project, url } = await current(access, demo());
        await access.authenticate(project.id, keyOf(c), "master");
        c.header("Cache-Control", "no-store");
        return c.json({ link: linkTo(url, sessions) }, 201);
      },
    },
    {
      method: "GET",
      path: "/console/session",
      class: "console",
      summary: "The projects that the dashboard on this machine may show.",
      handler: async (c) => {
        c.header("Cache-Control", "no-store");
        await checkSession(c, sessions, demo());
        const { project, readKey, writeKey } = await current(access, demo());
        const { id, name, timezone } = project;
        return c.json({ mode: "local", projects: [{ id, name, timezone, readKey, writeKey }] });
      },
    },
  ];
}

/** @throws MillraceError `InvalidApiKeyError` */
export async function checkSession(c: Context, sessions: Sessions, demo: Demo | undefined): Promise<void> {
  const id = getCookie(c, cookieName(demo));
  if (id !== undefined && (await sessions.isOpen(id))) return;
  throw new MillraceError(
    "InvalidApiKeyError",
    "This browser has no session. Open the link that `npm start` printed, or a new one from `npm run link`.",
  );
}

/** @throws MillraceError `ResourceNotFoundError` */
async function current(access: Access, demo: Demo | undefined) {
  const project = demo && (await access.projects.get(demo.project));
  if (!demo || !project) throw new MillraceError("ResourceNotFoundError", "There is no project yet.");
  return { ...demo, project };
}

/** Browsers keep cookies by host and not by port: two servers on one machine must not end each other's sessions. */
function cookieName(demo: Demo | undefined): string {
  return `millrace-${demo?.project ?? "none"}`;
}
