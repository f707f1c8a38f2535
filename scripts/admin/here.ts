import {
  createAccess,
  createCollecting,
  createInvitations,
  createPasswords,
  createSecondFactors,
  createSqliteRegistry,
  createTombstones,
  systemClock,
  systemRandom,
} from "@millrace/access";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { answerAdmin, type AdminAnswer, type AdminCommand } from "../../packages/functions/src/admin/commands.ts";

/** Runs a command on the data folder of this machine, whether or not a server runs on it. @throws Error for people */
export async function runHere(command: AdminCommand): Promise<AdminAnswer> {
  const file = join(process.env["MILLRACE_DATA"] ?? ".millrace", "registry.sqlite");
  // Opening would make an empty one, and no project would be in it.
  if (!existsSync(file)) throw new Error(`There is no ${file}. MILLRACE_DATA names the folder; npm start makes it.`);
  const registry = createSqliteRegistry({ path: file, clock: systemClock });
  const system = { registry, clock: systemClock, random: systemRandom };
  try {
    const access = createAccess(system);
    const kept = {
      invitations: createInvitations(system),
      passwords: createPasswords(system),
      secondFactors: createSecondFactors(system),
      collecting: createCollecting(system),
    };
    return await answerAdmin({ ...system, ...kept, access, tombstones: createTombstones(system) }, command);
  } finally {
    await registry.close();
  }
}
