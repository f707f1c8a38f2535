import { systemClock } from "@millrace/access";
import { span, TIME_BUDGETS } from "@millrace/core";
import { createSqsQueue } from "@millrace/queue/sqs";
import { setting } from "./config.ts";
import { createDeadCounts } from "./dead-letters/dead-counts.ts";
import { sweep } from "./dead-letters/sweep.ts";
import { lambdaExecutions } from "./http/serve.ts";
import { openRegistry } from "./registry/open-registry.ts";
import { openSqs } from "./sqs/open-sqs.ts";
import { openStore } from "./store.ts";

const { registry } = openRegistry(TIME_BUDGETS.registryInBackground);
const store = openStore(systemClock, registry);
const dead = createDeadCounts(registry);
const executions = lambdaExecutions("health");
const client = openSqs();
const deadLetterUrl = setting("SQS_DEAD_LETTER_URL");
const queue = createSqsQueue({ client, url: setting("SQS_QUEUE_URL"), deadLetterUrl });
const deadLetters = createSqsQueue({ client, url: deadLetterUrl });

/** Of the twenty seconds this function has; what a longer sweep would find, the daily one does. */
const SWEEP_MS = 10_000;

/**
 * Asks each part for a sign of life and labels the execution with what it saw. Throws when one does not answer: that is an alarm.
 * When the number of dead letters is another than at the last look, they are counted for the ledger.
 */
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
    if (stats.dead !== ((await dead.lastSeen()) ?? 0))
      await dead.record(await sweep({ queue: deadLetters, clock: systemClock }, systemClock.now() + SWEEP_MS));
  });
}
