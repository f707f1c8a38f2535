import { serveApi } from "./http/serve-api.ts";

/** What the master key changes: saved queries, access keys, which events are deleted, and which rejected ones are sent again. See stacks/api.ts for what comes here. */
export const handler = serveApi("manage");
