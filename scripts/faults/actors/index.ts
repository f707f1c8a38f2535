import type { Actors } from "../campaign.ts";
import { garbage, hostile } from "./neighbours.ts";
import { freeze, kill, replay } from "./process.ts";
import { blockedPartition, cutLines, fullDisk, hungRegistry, outage, silentLines, slowStore } from "./surroundings.ts";

/** Who does what is planned. */
export const ACTORS: Actors = {
  kill,
  freeze,
  replay,
  outage,
  "slow-store": slowStore,
  "blocked-partition": blockedPartition,
  "hung-registry": hungRegistry,
  "full-disk": fullDisk,
  "cut-lines": cutLines,
  "silent-lines": silentLines,
  garbage,
  hostile,
};
