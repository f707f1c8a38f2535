import { serveApi } from "./http/serve-api.ts";

/** What the master key changes: saved queries, access keys, and which events are deleted. See stacks/api.ts for what comes here. */
export const handler = serveApi("manage");
