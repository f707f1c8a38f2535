import { systemClock as clock } from "@millrace/access";
import { mcpRoutes } from "@millrace/mcp";
import { createAdmit, EXECUTION_ROUTES, executionRoutes, MEND_ROUTES } from "@millrace/ops";
import { serveApi } from "./http/serve-api.ts";
import { openExecutions } from "./store.ts";

const executions = openExecutions();

/** Every question, those of assistants and of operators too: see stacks/api.ts for what comes here. */
export const handler = serveApi("query", {
  routes: ({ api, access }) => [
    ...mcpRoutes({ api }),
    ...executionRoutes({ executions, clock, admit: createAdmit(access) }),
  ],
  documented: [...Object.values(EXECUTION_ROUTES), MEND_ROUTES.commands, MEND_ROUTES.command],
});
