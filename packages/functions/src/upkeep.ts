import { createAccess, createSalts, systemClock, systemRandom } from "@millrace/access";
import { lambdaExecutions } from "./http/serve.ts";
import { openRegistry } from "./registry/open-registry.ts";
import { openStore } from "./store.ts";

const clock = systemClock;
const random = systemRandom;
const { registry } = openRegistry();
const { projects } = createAccess({ registry, clock, random });
const salts = createSalts({ registry, clock, random });
const store = openStore(clock, registry);
const executions = lambdaExecutions("upkeep");

/** Daily, and once in each deploy: templates and the months ahead, and tomorrow's salts. Safe to repeat. */
export async function handler(): Promise<void> {
  await executions.run({ kind: "schedule", name: "upkeep" }, async () => {
    await store.prepare();
    for (const project of await projects.list()) await salts.prepare(project);
  });
}
