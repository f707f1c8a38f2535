import { OWN_METRICS, type HealthCheck } from "../packages/ops/src/health/check.ts";
import { CHECKS, type CheckName } from "../packages/ops/src/health/checks.ts";
import { FUNCTIONS } from "../packages/functions/src/settings.ts";
import { archive } from "./archive.ts";
import { firewall } from "./firewall.ts";
import { domainSize, stage } from "./stage.ts";
import { watchedDomain } from "./store.ts";

/** Checks that the stage measures itself and prints as metrics. */
export const OWN_CHECKS = (Object.keys(CHECKS) as CheckName[]).filter((name) => {
  const { metric }: HealthCheck = CHECKS[name];
  return metric?.namespace === OWN_METRICS;
});
export const STORE_CHECKS = [
  "StoreRed",
  "StoreYellow",
  "StoreBlocked",
  "StoreMemory",
  "StoreMemoryFull",
  "StoreCpu",
  "StoreRejections",
  "StoreSnapshots",
  "StoreDisk",
] as const satisfies readonly CheckName[];

/** As many as alarms.ts makes, which comes after the functions that are told (app.live.test.ts compares). */
function alarmCount(): number {
  const functions = Object.keys(FUNCTIONS).filter((name) => name !== "replay" || archive !== undefined);
  const ofQueueAndApi = 5 + (stage.alarmOnSilence ? 1 : 0);
  const ofStore = watchedDomain === undefined ? 0 : STORE_CHECKS.length;
  return 3 * functions.length + ofQueueAndApi + ofStore + OWN_CHECKS.length;
}

/** What this stage is that costs something by the hour, and what a month of it may cost: for `/ops/cost`, which adds what was measured. */
export const costEnvironment = {
  STAGE_SHAPE: new URLSearchParams({
    instance: domainSize.instance,
    nodes: String(domainSize.nodes),
    disk_gb: String(domainSize.diskGb * domainSize.nodes),
    window: String(stage.windowSeconds),
    alarms: String(alarmCount()),
    firewall: String(firewall !== undefined),
    archive: String(archive !== undefined),
  }).toString(),
  ...(stage.budgetUsd !== null && { BUDGET_USD: String(stage.budgetUsd) }),
};
