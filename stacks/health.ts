import { lambda } from "./lambda.ts";
import { deadLetters, queue, readDeadLetters } from "./queue.ts";
import { readRegistry, registry, writeRegistry } from "./registry.ts";
import { readStore, storeEnvironment } from "./store.ts";

const health = lambda("Health", {
  memory: "256 MB",
  timeout: "20 seconds",
  permissions: [
    readRegistry,
    writeRegistry("dead"),
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

/** Asks queue, registry and store for a sign of life, and counts dead letters; its failures are an alarm like every function's. */
new sst.aws.CronV2("HealthCheck", { schedule: "rate(5 minutes)", function: health.arn });
