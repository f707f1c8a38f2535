import { MillraceError } from "@millrace/core";
import type { Context } from "hono";
import type { AuditQuestion } from "../audit/audit.ts";
import type { Route } from "../http/routes.ts";
import { demand, demandOwner } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import { param, routesForCallers } from "./route.ts";

/** The audit log: of one project for its owners, of all for those of all. */
export function auditRoutes(deps: ConsoleDeps): Route[] {
  const route = routesForCallers(deps);
  return [
    route("GET", "/audit", "Who changed what, in all projects.", async (c, caller) => {
      demandOwner(caller);
      return c.json(await deps.access.audit.search(questionOf(c)));
    }),
    route("GET", "/projects/:project/audit", "Who changed what in a project.", async (c, caller) => {
      const project = param(c, "project");
      demand(caller, project, "administer");
      return c.json(await deps.access.audit.search({ ...questionOf(c), project }));
    }),
  ];
}

function questionOf(c: Context): AuditQuestion {
  return {
    who: c.req.query("who") || undefined,
    what: c.req.query("what") || undefined,
    from: timeOf(c, "from"),
    to: timeOf(c, "to"),
    after: c.req.query("after") || undefined,
  };
}

/** @throws MillraceError `InvalidParameterError` */
function timeOf(c: Context, name: string): number | undefined {
  const text = c.req.query(name);
  if (text === undefined || text === "") return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new MillraceError("InvalidParameterError", `${name} is no time, such as 2026-11-29T12:00:00Z.`);
  return at;
}
