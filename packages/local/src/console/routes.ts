import { keyOf, type Route } from "@millrace/access";
import { consoleRoute, enter, type ConsoleDeps } from "@millrace/access/console";
import { MillraceError } from "@millrace/core";
import type { Demo } from "../demo.ts";
import { machineOwner, type Links } from "./links.ts";

interface LinkDeps extends ConsoleDeps {
  readonly links: Links;
  /** Undefined until the server listens. */
  readonly demo: () => Demo | undefined;
}

/** The address to open in a browser, with a token that works once. */
export function linkTo(url: string, links: Links): string {
  return `${url}/console/enter?token=${links.create()}`;
}

/** What this machine has beside the console that it shares with AWS: the way in by a link from its terminal. */
export function linkRoutes(deps: LinkDeps): Route[] {
  const { access, links, demo } = deps;
  return [
    consoleRoute(
      "GET",
      "/enter",
      "Exchanges the token of a printed link for a session, and leads to the dashboard.",
      async (c) => {
        c.header("Referrer-Policy", "no-referrer");
        if (!links.use(c.req.query("token") ?? "")) {
          return c.text("This link was used before, or is too old. `npm run link` prints a new one.", 401);
        }
        await enter(c, deps, await machineOwner(access), "link");
        return c.redirect("/", 303);
      },
    ),
    consoleRoute(
      "POST",
      "/links",
      "A new link to the dashboard, for whoever has the demo project's master key.",
      async (c) => {
        const known = demo();
        if (!known) throw new MillraceError("ResourceNotFoundError", "There is no project yet.");
        await access.authenticate(known.project, keyOf(c), "master");
        return c.json({ link: linkTo(deps.publicUrl(c), links) }, 201);
      },
    ),
  ];
}
