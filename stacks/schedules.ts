import { archiveEnvironment, writeArchive } from "./archive.ts";
import { lambda } from "./lambda.ts";
import { deadLetters, queue } from "./queue.ts";
import { readRegistry, registry, writeRegistry } from "./registry.ts";
import { stage } from "./stage.ts";
import { keepStore, readStore, storeEnvironment } from "./store.ts";

/** Permission to read dead letters and give them back: SQS cannot be asked what is in a queue. */
const readDeadLetters = {
  actions: ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility"],
  resources: [deadLetters.arn],
};

const upkeep = lambda("Upkeep", {
  memory: "512 MB",
  timeout: "300 seconds",
  permissions: [
    readRegistry,
    writeRegistry("salts", "store", "dead", "tombstones"),
    ...keepStore,
    readDeadLetters,
    // Only those that the archive has, a day before SQS would drop them.
    { actions: ["sqs:DeleteMessage"], resources: [deadLetters.arn] },
    ...writeArchive("dead"),
  ],
  environment: {
    ...storeEnvironment,
    ...archiveEnvironment,
    REGISTRY_TABLE: registry.name,
    SQS_DEAD_LETTER_URL: deadLetters.url,
    ...(stage.retentionMonths !== null && { RETENTION_MONTHS: String(stage.retentionMonths) }),
  },
});

/**
 * Makes the index templates, the months ahead and tomorrow's salts, drops months whose time is over, and looks for events that
 * were deleted. Every day, and once in each deploy, which so finds out whether the store answers.
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
  memory: "256 MB",
  timeout: "20 seconds",
  permissions: [
    readRegistry,
    writeRegistry("dead"),
    ...readStore,
    { actions: ["sqs:GetQueueAttributes"], resources: [queue.arn, deadLetters.arn] },
    readDeadLetters,
  ],
  environment: {
    ...storeEnvironment,
    REGISTRY_TABLE: registry.name,
    SQS_QUEUE_URL: queue.url,
    SQS_DEAD_LETTER_URL: deadLetters.url,
  },
});

/** Asks queue, registry and store for a sign of life, and counts dead letters; its failures are an alarm like every function's. */
new sst.aws.CronV2("HealthCheck", { schedule: "rate(5 minutes)", function: health.arn });
