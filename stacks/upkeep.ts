import { archiveEnvironment, writeArchive } from "./archive.ts";
import { lambda } from "./lambda.ts";
import { ways } from "./network.ts";
import { deadLetters, readDeadLetters } from "./queue.ts";
import { readRegistry, registry, writeRegistry } from "./registry.ts";
import { purgeSalts, salts, useSalts } from "./salts.ts";
import { domainSize, stage } from "./stage.ts";
import { keepStore, storeEnvironment } from "./store.ts";

const upkeep = lambda("Upkeep", {
  memory: "512 MB",
  // Its daily round has five minutes of its own; a partition that is migrated (by invoke) gets all that Lambda gives.
  timeout: "900 seconds",
  permissions: [
    readRegistry,
    ...writeRegistry({
      put: ["store"],
      update: ["dead", "tombstones", "version"],
      delete: ["store", "dead"],
    }),
    ...useSalts,
    ...purgeSalts,
    ...keepStore,
    readDeadLetters,
    // Only those that the archive has, a day before SQS would drop them.
    { actions: ["sqs:DeleteMessage"], resources: [deadLetters.arn] },
    ...writeArchive("dead"),
  ],
  inNetwork: true,
  environment: {
    ...storeEnvironment,
    ...archiveEnvironment,
    REGISTRY_TABLE: registry.name,
    SALTS_TABLE: salts.name,
    SQS_DEAD_LETTER_URL: deadLetters.url,
    // A tenth of one node's disk, so that what is observed is never in the way of events.
    EXECUTIONS_GB: String(domainSize.diskGb / 10),
    ...(stage.retentionMonths !== null && { RETENTION_MONTHS: String(stage.retentionMonths) }),
  },
});

/**
 * Makes the index templates, the months ahead and tomorrow's salts, deletes the salts and drops the months whose time is over, and
 * looks for events that were deleted. Every day, and once in each deploy, which so finds out whether the store answers.
 */
new sst.aws.CronV2("UpkeepDaily", { schedule: "cron(10 0 * * ? *)", function: upkeep.arn, retries: 3 });

/** Salts that are over, and what is left of deletions too large for their request. Where nothing is open, one read for each project. */
new sst.aws.CronV2("Deletions", {
  schedule: "rate(10 minutes)",
  function: upkeep.arn,
  event: { action: "deletions" },
});

/** That the store has templates and mappings of this version: the collector waits for it, on a first deploy and on an upgrade. */
export const prepared = $dev
  ? undefined
  : new aws.lambda.Invocation(
      "UpkeepOnDeploy",
      {
        functionName: upkeep.name,
        input: JSON.stringify({}),
        triggers: { code: upkeep.nodes.function.apply((made) => made.s3Key.apply((key) => key ?? "")) },
      },
      { dependsOn: [...ways] },
    );
