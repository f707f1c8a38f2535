import { systemClock } from "@millrace/access";
import { span } from "@millrace/core";
import { createSqsQueue } from "@millrace/queue/sqs";
import { setting } from "./config.ts";
import { lambdaExecutions } from "./http/serve.ts";
import { openRegistry } from "./registry/open-registry.ts";
import { openSqs } from "./sqs/open-sqs.ts";
import { openStore } from "./store.ts";

const { registry } = openRegistry();
const store = openStore(systemClock, registry);
const executions = lambdaExecutions("health");
const queue = createSqsQueue({
  client: openSqs(),
  url: setting("SQS_QUEUE_URL"),
  deadLetterUrl: setting("SQS_DEAD_LETTER_URL"),
});

/** Asks each part for a sign of life and labels the execution with what it saw. Throws when one does not answer: that is an alarm. */
export async function handler(): Promise<void> {
  await executions.run({ kind: "schedule", name: "health" }, async (execution) => {
    const now = systemClock.now();
    const [stats] = await Promise.all([
      queue.stats(),
      registry.list("projects"),
      span("opensearch.health", undefined, () => store.outcomes({ project: "health", from: now - 1, to: now })),
    ]);
    execution.label("queue.visible", stats.visible);
    execution.label("queue.in_flight", stats.inFlight);
    execution.label("queue.dead", stats.dead);
  });
}
