import type { OpsReports } from "@millrace/client";
import { keyOf, type DocumentedRoute, type Project, type Route } from "@millrace/access";
import { isoUtc } from "@millrace/core";
import { isInTrouble, NEVER, type Standing, type Standings } from "../reports/standing.ts";
import type { ExecutionsDeps } from "./executions.ts";

/** What stands in the OpenAPI document. */
export const SCHEDULED_ROUTE = {
  method: "GET",
  class: "query",
  path: "/ops/reports",
  summary:
    "What all projects have sent on a schedule, what is in trouble first, and how the last of each went. For operators.",
  operation: {
    answers: { 200: { description: "They.", content: { "application/json": { schema: { type: "object" } } } } },
  },
} as const satisfies DocumentedRoute;

export interface ScheduledDeps extends Pick<ExecutionsDeps, "admit"> {
  readonly projects: { list(): Promise<readonly Pick<Project, "id" | "name">[]> };
  readonly standings: Pick<Standings, "list">;
}

/** `/ops/reports`: the reports and watches of all projects. */
export function scheduledRoute({ admit, projects, standings }: ScheduledDeps): Route {
  return {
    ...SCHEDULED_ROUTE,
    handler: async (c) => {
      c.header("Cache-Control", "no-store");
      await admit(keyOf(c));
      const listed = await Promise.all(
        (await projects.list()).map(async ({ id, name }) =>
          (await standings.list(id)).map(({ standing }) => ({ project: id, project_name: name, ...shown(standing) })),
        ),
      );
      const reports = listed.flat().sort((a, b) => Number(b.in_trouble) - Number(a.in_trouble));
      return c.json({ reports } satisfies OpsReports);
    },
  };
}

function shown(standing: Standing) {
  const { subject, dueAt, lastRun, telling, watch } = standing;
  return {
    kind: subject.kind,
    name: subject.name,
    in_trouble: isInTrouble(standing),
    next_at: dueAt === NEVER ? null : isoUtc(dueAt),
    last_run: lastRun ? { at: isoUtc(lastRun.at), ok: lastRun.ok, message: lastRun.message } : null,
    waiting_for: [...(telling?.missing ?? [])],
    state: watch?.severity ?? null,
  };
}
