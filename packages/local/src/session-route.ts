import type { Access, Route } from "@millrace/access";
import { MillraceError } from "@millrace/core";
import type { Context } from "hono";
import type { Demo } from "./demo.ts";

/**
 * How the dashboard on this machine learns its project and read key without asking a person: only pages of this very server
 * may ask. The `Host` check keeps out a foreign site that points its own name at 127.0.0.1 (DNS rebinding).
 */
export function sessionRoute(access: Access, demo: () => Demo | undefined): Route {
  return {
    method: "GET",
    path: "/console/session",
    class: "console",
    summary: "The projects that the dashboard on this machine may show.",
    handler: async (c: Context) => {
      if (!isOwnPage(c))
        throw new MillraceError(
          "InvalidApiKeyError",
          "Only the dashboard of this server may ask this, on this machine.",
        );
      const current = demo();
      const project = current && (await access.projects.get(current.project));
      if (!current || !project) throw new MillraceError("ResourceNotFoundError", "There is no project yet.");
      c.header("Cache-Control", "no-store");
      const { id, name, timezone } = project;
      return c.json({
        mode: "local",
        projects: [{ id, name, timezone, readKey: current.readKey, writeKey: current.writeKey }],
      });
    },
  };
}

function isOwnPage(c: Context): boolean {
  const host = (c.req.header("host") ?? "").replace(/:\d+$/, "");
  if (!["localhost", "127.0.0.1", "[::1]"].includes(host)) return false;
  // Browsers always send this header to loopback; its absence means a script on this machine, which can read demo.json anyway.
  const site = c.req.header("sec-fetch-site");
  return site === undefined || site === "same-origin";
}
