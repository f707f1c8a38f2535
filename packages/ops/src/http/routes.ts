import type { DocumentedRoute, Route } from "@millrace/access";
import { COST_ROUTE, costRoute, type CostDeps } from "./cost.ts";
import { EXECUTION_ROUTES, executionRoutes, type ExecutionsDeps } from "./executions.ts";
import { HEALTH_ROUTE, healthRoute, type HealthDeps } from "./health.ts";
import { commandRoutes, MEND_ROUTES, queueRoute, type MendDeps } from "./mend.ts";
import { SCHEDULED_ROUTE, scheduledRoute, type ScheduledDeps } from "./scheduled-route.ts";

/** What stands in the OpenAPI document of them. */
export const OPERATIONS_ROUTES: readonly DocumentedRoute[] = [
  ...Object.values(EXECUTION_ROUTES),
  HEALTH_ROUTE,
  ...Object.values(MEND_ROUTES),
  COST_ROUTE,
  SCHEDULED_ROUTE,
];

export type OperationsDeps = ExecutionsDeps &
  HealthDeps &
  MendDeps &
  Pick<Required<MendDeps>, "collecting"> &
  Omit<CostDeps, "projects"> &
  Pick<ScheduledDeps, "standings">;

/**
 * Everything for operators, where one process is the whole installation. Whoever serves it and whoever proves its walls take it from here,
 * so that a route cannot be served and left unproved.
 */
export function operationsRoutes(deps: OperationsDeps): Route[] {
  const { projects } = deps.access;
  return [
    ...executionRoutes(deps),
    healthRoute(deps),
    costRoute({ ...deps, projects: () => projects.list() }),
    queueRoute(deps),
    ...commandRoutes(deps),
    scheduledRoute({ ...deps, projects }),
  ];
}
