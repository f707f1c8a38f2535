import {
  createAccess,
  createCatalogue,
  createRegistryShares,
  createRegistryVersions,
  systemClock,
  systemRandom,
} from "@millrace/access";
import { fairSource, TIME_BUDGETS } from "@millrace/core";
import { label, monitor, type InvocationContext } from "@millrace/monitor";
import { createAnswers, createStored, refreshAnswers } from "@millrace/query";
import { randomUUID } from "node:crypto";
import { openGroups } from "./registry/groups.ts";
import { openRegistry } from "./registry/open-registry.ts";
import { openStore } from "./store.ts";

const clock = systemClock;
const { registry } = openRegistry(TIME_BUDGETS.registryInBackground);
const store = openStore(clock, registry);
const { projects } = createAccess({ registry, clock, random: systemRandom });
const deps = {
  source: fairSource(store, { atOnce: 4 }),
  catalogue: createCatalogue({ registry, clock, groups: openGroups(registry, clock) }),
  clock,
  stored: createStored({ registry, clock }),
  versions: createRegistryVersions({ registry, clock }),
  shares: createRegistryShares({ registry, clock, newId: randomUUID }),
  answers: createAnswers({ clock, maxBytes: 8_000_000 }),
};

/** Of an answer that was begun, and to write it down: what is left when nothing more is begun. */
const LAST_MS = 40_000;

/** Every ten minutes: kept answers of cached queries and datasets that are due are computed anew. */
export const handler = monitor(
  async (_event: unknown, context: Required<InvocationContext>) => {
    const deadline = clock.now() + context.getRemainingTimeInMillis() - LAST_MS;
    const { answers, failed, left } = await refreshAnswers(deps, await projects.list(), { deadline });
    label("refresh.answers", answers);
    label("refresh.failed", failed);
    label("refresh.left", left);
  },
  { name: "refresh", source: () => ({ kind: "schedule", name: "refresh" }) },
);
