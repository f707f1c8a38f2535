import { lambda } from "./lambda.ts";
import { queue } from "./queue.ts";
import { readRegistry, registry, writeRegistry } from "./registry.ts";
import { salts, useSalts } from "./salts.ts";
import { originSecret } from "./secrets.ts";
import { stage } from "./stage.ts";

/** HTTP in, queue out. It can reach no event that was ever stored, and it works while OpenSearch is down. */
export const ingest = lambda("Ingest", {
  memory: "512 MB",
  timeout: "10 seconds",
  permissions: [
    { actions: ["sqs:SendMessage"], resources: [queue.arn] },
    readRegistry,
    ...useSalts,
    ...writeRegistry({ put: ["visit", "rate"], update: ["visit", "accepted", "refused"] }),
  ],
  environment: {
    SQS_QUEUE_URL: queue.url,
    REGISTRY_TABLE: registry.name,
    SALTS_TABLE: salts.name,
    ORIGIN_CHECK: $dev ? "off" : "on",
  },
  link: [originSecret],
  ...(stage.reserved && { reserved: stage.reserved.ingest }),
});
