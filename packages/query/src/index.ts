export { createQueryApp, type QueryApp } from "./app.ts";
export type { QueryDeps } from "./deps.ts";
export { createHandlers, type QueryHandlers } from "./routes.ts";
export { runQuery, type QueryRequest } from "./run-query.ts";
export { openApiDocument } from "./openapi.ts";
