import { RAW_MS } from "@millrace/core";
import {
  createAccess,
  createDeletions,
  createRegistryVersions,
  createTombstones,
  systemClock,
  systemRandom,
  versioned,
} from "@millrace/access";
import { sideBySide, TIME_BUDGETS } from "@millrace/core";
import { label, monitor, type InvocationContext } from "@millrace/monitor";
import { createSqsQueue } from "@millrace/queue/sqs";
import { setTimeout as wait } from "node:timers/promises";
import { numericSetting, optionalSetting, setting } from "./config.ts";
import { createDeadCounts } from "./dead-letters/dead-counts.ts";
import { keepLetters } from "./dead-letters/keep.ts";
import { sweep } from "./dead-letters/sweep.ts";
import { openRegistry, openSalts } from "./registry/open-registry.ts";
import { oldestKept } from "./retention.ts";
import { openArchiveBucket } from "./s3/open-bucket.ts";
import { openSqs } from "./sqs/open-sqs.ts";
import { openExecutions, openStore } from "./store.ts";
import { answerUpkeep, sourceOfUpkeep } from "./upkeep/commands.ts";
import { eachStep } from "./upkeep/each-step.ts";

const clock = systemClock;
const random = systemRandom;
const { registry } = openRegistry(TIME_BUDGETS.registryInBackground);
const { projects } = createAccess({ registry, clock, random });
const salts = openSalts(TIME_BUDGETS.registryInBackground);
const store = openStore(clock, registry);
const executions = openExecutions();
const dead = createDeadCounts(registry);
const deadLetters = createSqsQueue({ client: openSqs(), url: setting("SQS_DEAD_LETTER_URL") });
const bucket = openArchiveBucket();
const retentionMonths =
  optionalSetting("RETENTION_MONTHS") !== undefined ? numericSetting("RETENTION_MONTHS") : undefined;
const tombstones = createTombstones({ registry, clock, random });
const deletions = createDeletions({
  tombstones,
  store: versioned(store, createRegistryVersions({ registry, clock })),
  clock,
  wait,
});

/** Of the five minutes this function has: for dead letters, for deleted events, for retention. What is left to do then is done next time. */
const SWEEP_MS = 60_000;
const DELETE_MS = 120_000;
const EXPIRE_MS = 60_000;
const FORGET_MS = 20_000;
/** Of executions, which are forgotten by whole months. */
const EXECUTIONS_MS = 30 * 24 * 3_600_000;
/** Some calls to the registry each: 10,000 projects one after the other would take minutes. */
const SALTS_AT_A_TIME = 32;

/**
 * Daily, and once in each deploy: the salts that are over and tomorrow's, templates and the months ahead, a look at every dead letter,
 * which is counted for the ledger and, where the stage has an archive, kept there, the events of deletions that are not over yet,
 * retention where the stage sets one, and that of executions. Safe to repeat; each step has its time and is done whatever became of the others.
 */
function round(): Promise<void> {
  return eachStep([
    purgeSalts,
    prepareSalts,
    () => store.prepare(),
    keepDeadLetters,
    // Before retention, which may have millions of events to go through: whoever asked to be forgotten comes first.
    keepDeletions,
    forgetRejections,
    keepRetention,
    () => executions.expire({ before: clock.now() - EXECUTIONS_MS, maxBytes: numericSetting("EXECUTIONS_GB") * 1e9 }),
    // What prepare could not mend. A label and no failure: it may be as the operator wants it, and deploys run this too.
    async () => label("store.problems", (await store.health()).problems.join(" ")),
  ]);
}

async function purgeSalts(): Promise<void> {
  await sideBySide(await projects.list(), SALTS_AT_A_TIME, (project) => salts.purge(project));
}

async function prepareSalts(): Promise<void> {
  await sideBySide(await projects.list(), SALTS_AT_A_TIME, (project) => salts.prepare(project));
}

async function keepDeadLetters(): Promise<void> {
  const visit = bucket && keepLetters({ bucket, counts: dead, clock });
  const swept = await sweep({ queue: deadLetters, clock, ...(visit && { visit }) }, clock.now() + SWEEP_MS);
  await dead.record(swept);
  label("dead.letters", swept.letters);
}

async function keepDeletions(): Promise<void> {
  const deadline = clock.now() + DELETE_MS;
  const found = await deletions.sweep(await tombstones.projects(), { deadline });
  label("deletions.events", found.events);
  label("deletions.open", found.open);
}

async function forgetRejections(): Promise<void> {
  label("rejections.forgotten", await store.forgetRaw(clock.now() - RAW_MS, { deadline: clock.now() + FORGET_MS }));
}

async function keepRetention(): Promise<void> {
  if (retentionMonths === undefined) return;
  const expired = await store.expire(oldestKept(clock.now(), retentionMonths), clock.now() + EXPIRE_MS);
  label("retention.months", expired.months.join(" "));
  label("retention.events", expired.events);
  label("retention.complete", expired.complete);
}

/** The daily round, the ten-minute one of deletions, or what an operator asks for: see {@link answerUpkeep}. */
export const handler = monitor(
  (event: unknown, context: Required<InvocationContext>) =>
    answerUpkeep({ store, projects, clock, deletions, purgeSalts, round }, event, context.getRemainingTimeInMillis()),
  { name: "upkeep", source: sourceOfUpkeep },
);
