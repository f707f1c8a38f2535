import type { Kinds } from "../kind.ts";
import { apigateway } from "./apigateway.ts";
import { budgets } from "./budget.ts";
import { cloudFront } from "./cloudfront.ts";
import { firewalls } from "./firewall.ts";
import { iamAndLogs } from "./iam-logs.ts";
import { lambda } from "./lambda.ts";
import { local } from "./local.ts";
import { queueAndTable } from "./queue-table.ts";
import { storage } from "./storage.ts";

/** Every type of resource that a deploy may make here, and the calls that make it. One that is not here ends the deploy. */
export const KINDS: Kinds = {
  ...apigateway,
  ...lambda,
  ...queueAndTable,
  ...iamAndLogs,
  ...storage,
  ...budgets,
  ...cloudFront,
  ...firewalls,
  ...local,
};
