import { lambda } from "./lambda.ts";
import { deadLetters, queue } from "./queue.ts";
import { readRegistry, registry, writeRegistry } from "./registry.ts";
import { keepStore, readStore, storeEnvironment } from "./store.ts";

const upkeep = lambda("Upkeep", {
  handler: "packages/functions/src/upkeep.handler",
  memory: "512 MB",
  timeout: "120 seconds",
  permissions: [readRegistry, writeRegistry("salts", "store"), ...keepStore],
  environment: { ...storeEnvironment, REGISTRY_TABLE: registry.name },
});

/**
 * Makes the index templates, the months ahead and tomorrow's salts. Every day, and once in each deploy, which so finds
 * out whether the store answers.
 */
new sst.aws.CronV2("UpkeepDaily", { schedule: "cron(10 0 * * ? *)", function: upkeep.arn, retries: 3 });
if (!$dev) {
  new aws.lambda.Invocation("UpkeepOnDeploy", {
    functionName: upkeep.name,
    input: JSON.stringify({}),
    triggers: { code: upkeep.nodes.function.apply((made) => made.s3Key.apply((key) => key ?? "")) },
  });
}

const health = lambda("Health", {
  handler: "packages/functions/src/health.handler",
  memory: "256 MB",
  timeout: "20 seconds",
  permissions: [
    readRegistry,
    ...readStore,
    { actions: ["sqs:GetQueueAttributes"], resources: [queue.arn, deadLetters.arn] },
  ],
  environment: {
    ...storeEnvironment,
    REGISTRY_TABLE: registry.name,
    SQS_QUEUE_URL: queue.url,
    SQS_DEAD_LETTER_URL: deadLetters.url,
  },
});

/** Asks queue, registry and store for a sign of life; its failures are an alarm like every function's. */
new sst.aws.CronV2("HealthCheck", { schedule: "rate(5 minutes)", function: health.arn });
