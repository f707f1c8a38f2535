import type { OpsHealth } from "@millrace/client";
import { keyOf, type DocumentedRoute, type Route } from "@millrace/access";
import type { HealthCheck } from "../health/check.ts";
import { CHECKS } from "../health/checks.ts";
import { overall, type CheckState } from "../health/evaluate.ts";

/** What stands in the OpenAPI document; whoever serves health serves exactly this. */
export const HEALTH_ROUTE = {
  method: "GET",
  class: "query",
  path: "/ops/health",
  summary:
    "How everything is: each check with what was measured, since when, why it matters and what to do. For operators.",
  operation: {
    answers: { 200: { description: "The checks.", content: { "application/json": { schema: { type: "object" } } } } },
  },
} as const satisfies DocumentedRoute;

export interface HealthDeps {
  /** What the last look at every check found. */
  readonly health: () => readonly CheckState[] | Promise<readonly CheckState[]>;
  /** As for executions. */
  readonly admit: (key: string | undefined) => Promise<unknown>;
}

/** How everything is, as whoever looks in this installation last found it. */
export function healthRoute({ health, admit }: HealthDeps): Route {
  return {
    ...HEALTH_ROUTE,
    handler: async (c) => {
      c.header("Cache-Control", "no-store");
      await admit(keyOf(c));
      const states = await health();
      return c.json({ status: overall(states), checks: states.map(shownCheck) } satisfies OpsHealth);
    },
  };
}

function shownCheck({ check: name, severity, value, since, detail, limit }: CheckState) {
  const { title, measures, warn, critical: usual, why, todo, command, mend }: HealthCheck = CHECKS[name];
  const critical = limit ?? usual;
  const now = { name, title, status: severity, value, detail: detail ?? null, since: new Date(since).toISOString() };
  return { ...now, measures, warn: warn ?? null, critical, why, todo, command, mend: mend ?? null };
}
