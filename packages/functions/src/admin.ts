import { createAccess, createTombstones, systemClock, systemRandom } from "@millrace/access";
import { TIME_BUDGETS } from "@millrace/core";
import { lambdaExecutions } from "./http/serve.ts";
import { answerAdmin, type AdminAnswer } from "./admin/commands.ts";
import { openRegistry } from "./registry/open-registry.ts";

const { registry } = openRegistry(TIME_BUDGETS.registryInBackground);
const system = { registry, clock: systemClock, random: systemRandom };
const parts = { ...createAccess(system), ...system, tombstones: createTombstones(system) };
const executions = lambdaExecutions("admin");

/**
 * Projects, keys and deletions. No route leads here: it is called with `aws lambda invoke`, so that AWS's own identities decide who may, and
 * CloudTrail keeps who did.
 */
export async function handler(event: unknown): Promise<AdminAnswer> {
  return executions.run({ kind: "schedule", name: "admin" }, () => answerAdmin(parts, event));
}
