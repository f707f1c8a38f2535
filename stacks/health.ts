import { api } from "./api.ts";
import { webConsole } from "./console.ts";
import { firewall } from "./firewall.ts";
import { ingest } from "./ingest.ts";
import { lambda } from "./lambda.ts";
import { manage } from "./manage.ts";
import { query } from "./query.ts";
import { deadLetters, queue, readDeadLetters } from "./queue.ts";
import { readRegistry, registry, writeRegistry } from "./registry.ts";
import { costEnvironment } from "./shape.ts";
import { listIndexes, readStore, storeEnvironment } from "./store.ts";

const { accountId } = await aws.getCallerIdentity();
const { region } = await aws.getRegion();

const health = lambda("Health", {
  memory: "256 MB",
  timeout: "120 seconds",
  permissions: [
    readRegistry,
    // Dead letters, the daily audit, the sums of hours that are settled, what was turned away before us, and what was seen of all.
    ...writeRegistry({ update: ["dead", "audit", "accepted", "turned-away", "health"], delete: ["dead", "audit"] }),
    ...readStore,
    ...listIndexes,
    { actions: ["sqs:GetQueueAttributes"], resources: [queue.arn, deadLetters.arn] },
    readDeadLetters,
    // Of AWS's own counts. They have no resource that could be named.
    { actions: ["cloudwatch:GetMetricData"], resources: ["*"] },
    // A list of alarms is asked for as all of them, whatever their names must begin with.
    { actions: ["cloudwatch:DescribeAlarms"], resources: [`arn:aws:cloudwatch:${region}:${accountId}:alarm:*`] },
  ],
  inNetwork: true,
  environment: {
    ...storeEnvironment,
    ...costEnvironment,
    REGISTRY_TABLE: registry.name,
    SQS_QUEUE_URL: queue.url,
    SQS_DEAD_LETTER_URL: deadLetters.url,
    GATEWAY_ID: api.nodes.api.id,
    GATEWAY_FUNCTIONS: $interpolate`${ingest.name},${query.name},${manage.name},${webConsole.name}`,
    ...(firewall && { FIREWALL: firewall.metrics }),
  },
});

/** Looks at the stage, and keeps what it saw for whoever asks; its failures are an alarm like every function's. */
new sst.aws.CronV2("HealthCheck", { schedule: "rate(5 minutes)", function: health.arn });
