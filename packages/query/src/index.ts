export { createQueryApp, type QueryApp } from "./http/app.ts";
export type { QueryDeps } from "./deps.ts";
export { createHandlers, type QueryHandlers } from "./http/routes.ts";
export { runQuery, type QueryRequest } from "./answer/run-query.ts";
export { openApiDocument } from "./http/openapi.ts";
export { createStored, type Stored } from "./stored/stored.ts";
export { readForcedFilters } from "./keys/read-access-key.ts";
export { readEmbedClaims } from "./embeds/read-claims.ts";
