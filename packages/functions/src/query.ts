import { mcpRoutes } from "@millrace/mcp";
import { serveApi } from "./http/serve-api.ts";

/** Every question, those of assistants too: see stacks/api.ts for what comes here. */
export const handler = serveApi("query", (api) => mcpRoutes({ api }));
