import {
  createAccess,
  createCatalogue,
  createMonthlyEvents,
  createRates,
  createVisits,
  systemClock,
  systemRandom,
} from "@millrace/access";
import { createIngestApp } from "@millrace/ingest";
import { createHandlers, readForcedFilters } from "@millrace/query";
import { createSqsQueue } from "@millrace/queue/sqs";
import { setting, switchSetting } from "./config.ts";
import { inExecution, neverCached, peerAddress, reported, serve } from "./http/serve.ts";
import { openGroups } from "./registry/groups.ts";
import { openRegistry, openSalts } from "./registry/open-registry.ts";
import { countAccepted } from "./sqs/count-accepted.ts";
import { openSqs } from "./sqs/open-sqs.ts";

const clock = systemClock;
const random = systemRandom;
const { registry, counters, visits, instance } = openRegistry();
const access = createAccess({ registry, clock, random, readFilters: readForcedFilters });
const queue = createSqsQueue({ client: openSqs(), url: setting("SQS_QUEUE_URL") });

const app = createIngestApp({
  access,
  queue: countAccepted(queue, counters),
  visits: createVisits({ table: visits, random }),
  salts: openSalts(),
  clock,
  random,
  instance,
  refusals: counters,
  rates: createRates({ registry, clock }),
  months: createMonthlyEvents({ registry, clock, accepted: (...hours) => counters.accepted(...hours) }),
  peerAddress,
  ...(switchSetting("ORIGIN_CHECK") && { trustProxy: "cloudfront" as const }),
  schemaRead: createHandlers({
    access,
    catalogue: createCatalogue({ registry, clock, groups: openGroups(registry, clock) }),
  }).collectionSchema,
  report: reported,
  before: [neverCached, inExecution("ingest")],
});

/** HTTP in, queue out: see stacks/api.ts for the routes that come here. */
export const handler = serve(app, () => counters.spill());

// Lambda says so only where an extension listens too. Elsewhere the last totals are found in the events that arrived.
process.once("SIGTERM", () => void counters.flush().finally(() => process.exit(0)));
