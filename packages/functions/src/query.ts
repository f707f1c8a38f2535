import { systemClock as clock } from "@millrace/access";
import { mcpRoutes } from "@millrace/mcp";
import {
  COST_ROUTE,
  costRoute,
  createAdmit,
  EXECUTION_ROUTES,
  executionRoutes,
  HEALTH_ROUTE,
  healthRoute,
  MEND_ROUTES,
} from "@millrace/ops";
import { costSettings } from "./config.ts";
import { healthOf } from "./health/kept-states.ts";
import { serveApi } from "./http/serve-api.ts";
import { openExecutions } from "./store.ts";

const executions = openExecutions();

/** Every question, those of assistants and of operators too: see stacks/api.ts for what comes here. */
export const handler = serveApi("query", {
  routes: ({ api, access, registry, ledger }) => {
    const admit = createAdmit(access);
    const projects = () => access.projects.list();
    return [
      ...mcpRoutes({ api }),
      ...executionRoutes({ executions, clock, admit }),
      healthRoute({ health: healthOf(registry, clock), admit }),
      costRoute({ executions, ledger, projects, clock, admit, ...costSettings() }),
    ];
  },
  documented: [...Object.values(EXECUTION_ROUTES), HEALTH_ROUTE, COST_ROUTE, MEND_ROUTES.commands, MEND_ROUTES.command],
});
