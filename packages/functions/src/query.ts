import { serveApi } from "./http/serve-api.ts";

/** Every question: see stacks/api.ts for what comes here. */
export const handler = serveApi("query");
