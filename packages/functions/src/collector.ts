import {
  createCatalogue,
  createClaims,
  createRegistryVersions,
  createTombstones,
  systemClock,
  systemRandom,
  versioned,
} from "@millrace/access";
import { createCollector, createDeaths, createEnricher, createProgress, giveBackTo } from "@millrace/collector";
import { storeDeadline, TIME_BUDGETS } from "@millrace/core";
import { invocationOf, lambdaExecutions } from "@millrace/monitor";
import { createSqsQueue } from "@millrace/queue/sqs";
import { randomUUID } from "node:crypto";
import { createArchive } from "./archive/archive.ts";
import { setting } from "./config.ts";
import { openGroups } from "./registry/groups.ts";
import { openRegistry } from "./registry/open-registry.ts";
import { openArchiveBucket } from "./s3/open-bucket.ts";
import { toMessages, toResponse, type SqsBatchResponse, type SqsEvent } from "./sqs/messages.ts";
import { openSqs } from "./sqs/open-sqs.ts";
import { openStore } from "./store.ts";

const clock = systemClock;
const { registry, counters, instance } = openRegistry(TIME_BUDGETS.registryInBackground);
const queue = createSqsQueue({
  client: openSqs(),
  url: setting("SQS_QUEUE_URL"),
  deadLetterUrl: setting("SQS_DEAD_LETTER_URL"),
});
const bucket = openArchiveBucket();

const collect = createCollector({
  sink: versioned(openStore(clock, registry), createRegistryVersions({ registry, clock })),
  catalogue: createCatalogue({ registry, clock, groups: openGroups(registry, clock) }),
  claims: createClaims({ registry, clock }),
  tombstones: createTombstones({ registry, clock, random: systemRandom }),
  progress: createProgress({ registry, clock, instance }),
  deaths: createDeaths({ registry, clock }),
  enrich: createEnricher(),
  clock,
  noteArrivals: (arrivals) => counters.noteArrivals(arrivals),
  ...(bucket && { archive: createArchive({ bucket, clock, newId: randomUUID }) }),
  executions: lambdaExecutions("collector"),
});

interface QueueContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** Queue in, store out. Throws when no message could be handled, so that alarms and Lambda's back-off see it. */
export async function handler(event: SqsEvent, context: QueueContext): Promise<SqsBatchResponse> {
  const messages = toMessages(event);
  const those = (ids: readonly string[]) => messages.filter(({ id }) => ids.includes(id));
  const { failed } = await collect(messages, {
    deadline: storeDeadline(clock.now(), context.getRemainingTimeInMillis()),
    invocation: invocationOf(context),
    finished: (ids) => queue.ack(those(ids).map(({ receipt }) => receipt)),
    later: giveBackTo(queue, messages),
    bury: (ids) => queue.bury(those(ids)),
  });
  return toResponse(event, failed);
}
