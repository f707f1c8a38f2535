import { lambda } from "./lambda.ts";
import { deadLetters, queue, readDeadLetters } from "./queue.ts";
import { readRegistry, registry, writeRegistry } from "./registry.ts";
import { readStore, storeEnvironment } from "./store.ts";

const health = lambda("Health", {
  memory: "256 MB",
  timeout: "60 seconds",
  permissions: [
    readRegistry,
    // Dead letters, the daily audit, and the sums of hours that are settled.
    ...writeRegistry({ update: ["dead", "audit", "accepted"], delete: ["dead", "audit"] }),
    ...readStore,
    { actions: ["sqs:GetQueueAttributes"], resources: [queue.arn, deadLetters.arn] },
    readDeadLetters,
  ],
  inNetwork: true,
  environment: {
    ...storeEnvironment,
    REGISTRY_TABLE: registry.name,
    SQS_QUEUE_URL: queue.url,
    SQS_DEAD_LETTER_URL: deadLetters.url,
  },
});

/** Asks queue, registry and store for a sign of life, counts dead letters, and checks the ledger; its failures are an alarm like every function's. */
new sst.aws.CronV2("HealthCheck", { schedule: "rate(5 minutes)", function: health.arn });
