export { mcpRoutes, type McpRoutesOptions } from "./routes.ts";
