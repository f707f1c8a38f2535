import { systemClock } from "@millrace/access";
import { TIME_BUDGETS } from "@millrace/core";
import { label, monitor, span } from "@millrace/monitor";
import { audit, type Difference } from "@millrace/ops";
import { createSqsQueue } from "@millrace/queue/sqs";
import { optionalSetting, setting } from "./config.ts";
import { createDeadCounts } from "./dead-letters/dead-counts.ts";
import { sweep } from "./dead-letters/sweep.ts";
import { openLedger, statsWithAge } from "./ledger.ts";
import { openRegistry } from "./registry/open-registry.ts";
import { openSqs } from "./sqs/open-sqs.ts";
import { openStore } from "./store.ts";
import { openMetrics } from "./turned-away/metrics.ts";
import { noteTurnedAway } from "./turned-away/turned-away.ts";

const { registry, counters } = openRegistry(TIME_BUDGETS.registryInBackground);
const store = openStore(systemClock, registry);
const dead = createDeadCounts(registry);
const client = openSqs();
const deadLetterUrl = setting("SQS_DEAD_LETTER_URL");
const queue = createSqsQueue({ client, url: setting("SQS_QUEUE_URL"), deadLetterUrl });
const deadLetters = createSqsQueue({ client, url: deadLetterUrl });

const ledger = openLedger({ store, counters, dead, registry });

/** CloudFront's counts are there, wherever the stage is. */
const EDGE_REGION = "us-east-1";
const turnedAway = {
  registry,
  clock: systemClock,
  counted: {
    gateway: setting("GATEWAY_ID"),
    functions: setting("GATEWAY_FUNCTIONS").split(","),
    firewall: optionalSetting("FIREWALL"),
  },
  stage: openMetrics(setting("AWS_REGION")),
  edge: openMetrics(EDGE_REGION),
};

/** Of the seconds this function has. What a longer sweep would find, the daily one does; what is left of the audit, the next run. */
const SWEEP_MS = 8_000;
const AUDIT_MS = 20_000;
/** Named in the alarm; the others are in the registry, and in the ledger of their projects. */
const NAMED = 3;

/** Events were accepted and did not end, or ended and were not accepted. */
class LedgerDifference extends Error {
  override readonly name = "LedgerDifference";
  constructor(differences: readonly Difference[]) {
    const named = differences
      .slice(0, NAMED)
      .map(({ project, hour, inFlight }) => `${project} at ${new Date(hour).toISOString()}: ${inFlight}`);
    super(`The ledger does not add up in ${differences.length} hours: ${named.join("; ")}`);
  }
}

/**
 * Asks each part for a sign of life and labels the execution with what it saw. Throws when one does not answer: that is an alarm.
 * Dead letters are counted for the ledger, each by what it holds: five that were redriven and five new ones look the same as a number.
 * Once an hour, what AWS turned away before us is noted for the ledger.
 * Then the next part of the daily audit: a day's hours of all projects. As long as one does not add up, every run fails.
 */
export const handler = monitor(
  async () => {
    const now = systemClock.now();
    const [stats, projects] = await Promise.all([
      statsWithAge(queue, registry, now),
      registry.list("projects"),
      span("opensearch.health", undefined, () => store.outcomes({ project: "health", from: now - 1, to: now })),
    ]);
    label("queue.visible", stats.visible);
    label("queue.in_flight", stats.inFlight);
    label("queue.dead", stats.dead);
    if (stats.dead > 0 || ((await dead.lastSeen()) ?? 0) > 0)
      await dead.record(await sweep({ queue: deadLetters, clock: systemClock }, systemClock.now() + SWEEP_MS));
    // Counts that cannot be had now are had next time: no reason to wake somebody.
    const noted = await noteTurnedAway(turnedAway).catch((error: unknown) => `unknown: ${String(error)}`);
    label("turned_away.hours", noted);
    const audited = await audit(
      {
        registry,
        clock: systemClock,
        ledger,
        projects: projects.map(({ key }) => key.sort),
        settledUntil: now - (stats.oldestAgeMs ?? 0),
        settle: (...sum) => counters.settle(...sum),
      },
      now + AUDIT_MS,
    );
    label("ledger.day", new Date(audited.day).toISOString().slice(0, 10));
    label("ledger.complete", audited.complete);
    label("ledger.differences", audited.differences.length);
    if (audited.differences.length > 0) throw new LedgerDifference(audited.differences);
  },
  { name: "health", source: () => ({ kind: "schedule", name: "health" }) },
);
