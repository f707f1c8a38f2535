import { archiveEnvironment, writeArchive } from "./archive.ts";
import { lambda } from "./lambda.ts";
import { COLLECTOR_SECONDS, deadLetters, feed, queue } from "./queue.ts";
import { readRegistry, registry, writeRegistry } from "./registry.ts";
import { stage } from "./stage.ts";
import { prepared } from "./upkeep.ts";
import { storeEnvironment, writeStore } from "./store.ts";

/** Queue in, store out. */
export const collector = lambda("Collector", {
  memory: "1024 MB",
  timeout: `${COLLECTOR_SECONDS} seconds`,
  permissions: [
    {
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"],
      resources: [queue.arn],
    },
    // A message of an unknown version is put there as it is, instead of being tried a hundred times.
    { actions: ["sqs:SendMessage"], resources: [deadLetters.arn] },
    readRegistry,
    ...writeRegistry({
      put: ["catalogue", "claim"],
      update: ["arrived", "collecting", "progress", "version"],
      delete: ["collecting"],
    }),
    ...writeStore,
    ...writeArchive("raw"),
  ],
  environment: {
    ...storeEnvironment,
    SQS_QUEUE_URL: queue.url,
    SQS_DEAD_LETTER_URL: deadLetters.url,
    REGISTRY_TABLE: registry.name,
    ...archiveEnvironment,
  },
  // At or above the mapping's maximum: below it Lambda throttles batches, and good messages end up as dead letters.
  ...(stage.reserved && { reserved: stage.collectors }),
  inNetwork: true,
  after: prepared,
});

queue.subscribe(collector.arn, feed);
