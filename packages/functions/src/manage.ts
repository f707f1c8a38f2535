import { systemClock as clock } from "@millrace/access";
import { commandRoutes, createAdmit } from "@millrace/ops";
import { optionalSetting } from "./config.ts";
import { serveApi } from "./http/serve-api.ts";

/** Of a request's 29 seconds, what a deletion may take: it waits ten until every collector knows of it. */
const DELETION_MS = 20_000;

/** As functions are called: `millrace-STAGE-manage`. */
const stage = /^millrace-(.+)-manage$/.exec(optionalSetting("AWS_LAMBDA_FUNCTION_NAME") ?? "")?.[1] ?? "STAGE";

/**
 * What the master key changes: saved queries, access keys, which events are deleted, and which rejected ones are sent again; and of the commands that put
 * something right those that need no other right than these. See stacks/api.ts for what comes here.
 */
export const handler = serveApi("manage", {
  routes: ({ access, ...parts }) =>
    commandRoutes({ ...parts, access, clock, stage, admit: createAdmit(access), deletionMs: DELETION_MS }),
});
