import {
  appOf,
  createAccess,
  createCatalogue,
  createRegistryShares,
  createRegistryVersions,
  systemClock,
  systemRandom,
} from "@millrace/access";
import { fairSource } from "@millrace/core";
import { COLLECT_ROUTES } from "@millrace/ingest";
import { createQueryApp } from "@millrace/query";
import { createSqsQueue } from "@millrace/queue/sqs";
import { randomUUID } from "node:crypto";
import { setting } from "./config.ts";
import { createDeadCounts } from "./dead-letters/dead-counts.ts";
import { inExecution, MAX_ANSWER_BYTES, neverCached, reported, serve, timeLeft } from "./http/serve.ts";
import { openLedger, statsWithAge } from "./ledger.ts";
import { openGroups } from "./registry/groups.ts";
import { openRegistry } from "./registry/open-registry.ts";
import { openSqs } from "./sqs/open-sqs.ts";
import { openStore } from "./store.ts";

const clock = systemClock;
const { registry, counters } = openRegistry();
const dead = createDeadCounts(registry);
const store = openStore(clock, registry);
const queue = createSqsQueue({
  client: openSqs(),
  url: setting("SQS_QUEUE_URL"),
  deadLetterUrl: setting("SQS_DEAD_LETTER_URL"),
});

/** Of one process: a batch asks four at a time. */
const AT_ONCE = 8;

const source = fairSource(store, { atOnce: AT_ONCE });

const { routes } = createQueryApp({
  access: createAccess({ registry, clock, random: systemRandom }),
  source,
  catalogue: createCatalogue({ registry, clock, groups: openGroups(registry, clock) }),
  ledger: openLedger({ store, counters, dead }),
  clock,
  documented: Object.values(COLLECT_ROUTES),
  queue: { stats: () => statsWithAge(queue, registry, clock.now()) },
  versions: createRegistryVersions({ registry, clock }),
  shares: createRegistryShares({ registry, clock, newId: randomUUID }),
  timeLeft,
  maxAnswerBytes: MAX_ANSWER_BYTES,
});

/** Every question: see stacks/api.ts for what comes here. */
export const handler = serve(appOf(routes, reported, [neverCached, inExecution("query")]));
