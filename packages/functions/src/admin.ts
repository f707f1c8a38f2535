import {
  createAccess,
  createCollecting,
  createInvitations,
  createPasswords,
  createSecondFactors,
  createTombstones,
  systemClock,
  systemRandom,
} from "@millrace/access";
import { TIME_BUDGETS } from "@millrace/core";
import { monitor } from "@millrace/monitor";
import { answerAdmin } from "./admin/commands.ts";
import { openRegistry } from "./registry/open-registry.ts";

const { registry } = openRegistry(TIME_BUDGETS.registryInBackground);
const system = { registry, clock: systemClock, random: systemRandom };
const parts = {
  ...system,
  access: createAccess(system),
  collecting: createCollecting(system),
  invitations: createInvitations(system),
  passwords: createPasswords(system),
  secondFactors: createSecondFactors(system),
  tombstones: createTombstones(system),
};

/**
 * Projects, keys, people and deletions. No route leads here: it is called with `aws lambda invoke` (`npm run admin -- … --stage`), so that AWS's
 * own identities decide who may, and CloudTrail keeps who did.
 */
export const handler = monitor((event: unknown) => answerAdmin(parts, event), {
  name: "admin",
  source: () => ({ kind: "command", name: "admin" }),
});
