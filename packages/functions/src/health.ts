import {
  createAccess,
  createCatalogue,
  createMonthlyEvents,
  systemClock as clock,
  systemRandom,
} from "@millrace/access";
import { TIME_BUDGETS } from "@millrace/core";
import { label, monitor } from "@millrace/monitor";
import {
  audit,
  costRoute,
  createSending,
  dueChecks,
  healthRoute,
  lookAt,
  nextStates,
  readShape,
  type CheckState,
  type Difference,
} from "@millrace/ops";
import { createSqsQueue } from "@millrace/queue/sqs";
import { alarmStates } from "./alarms/alarm-states.ts";
import { readAlarms } from "./alarms/read-alarms.ts";
import { openCloudWatch } from "./cloudwatch/ask.ts";
import { metricsReader } from "./cloudwatch/metrics.ts";
import { costSettings, optionalSetting, setting, stageName } from "./config.ts";
import { createDeadCounts } from "./dead-letters/dead-counts.ts";
import { sweep } from "./dead-letters/sweep.ts";
import { healthOf, keepSeen, readSeen } from "./health/kept-states.ts";
import { metricsLine } from "./health/own-metrics.ts";
import { askRoutes, isOpsQuestion } from "./http/ask-routes.ts";
import { openLedger, statsWithAge } from "./ledger.ts";
import { openGroups } from "./registry/groups.ts";
import { openRegistry } from "./registry/open-registry.ts";
import { openSqs } from "./sqs/open-sqs.ts";
import { openExecutions, openStore } from "./store.ts";
import { noteTurnedAway } from "./turned-away/turned-away.ts";

const { registry, counters } = openRegistry(TIME_BUDGETS.registryInBackground);
const store = openStore(clock, registry);
const executions = openExecutions();
const dead = createDeadCounts(registry);
const client = openSqs();
const deadLetterUrl = setting("SQS_DEAD_LETTER_URL");
const queue = createSqsQueue({ client, url: setting("SQS_QUEUE_URL"), deadLetterUrl });
const deadLetters = createSqsQueue({ client, url: deadLetterUrl });
const ledger = openLedger({ store, counters, dead, registry });
const { projects: all } = createAccess({ registry, clock, random: systemRandom });
const cost = costSettings();

/** CloudFront's counts are there, wherever the stage is. */
const EDGE_REGION = "us-east-1";
const cloudWatch = openCloudWatch(setting("AWS_REGION"));
const turnedAway = {
  registry,
  clock,
  counted: {
    gateway: setting("GATEWAY_ID"),
    functions: setting("GATEWAY_FUNCTIONS").split(","),
    firewall: optionalSetting("FIREWALL"),
  },
  stage: metricsReader(cloudWatch),
  edge: metricsReader(openCloudWatch(EDGE_REGION)),
};
const parts = {
  clock,
  registry,
  source: store,
  fullestShard: () => store.fullestShard(),
  executions,
  ledger,
  catalogue: createCatalogue({ registry, clock, groups: openGroups(registry, clock) }),
  standings: createSending({ registry, clock, random: systemRandom }).standings,
  months: createMonthlyEvents({ registry, clock, accepted: (...hours) => counters.accepted(...hours) }),
  budgetUsd: cost.budgetUsd,
};

/** Of the seconds this function has. What a longer sweep would find, the daily one does; what is left of the audit, the next run. */
const SWEEP_MS = 8_000;
const AUDIT_MS = 20_000;
/** Named in the alarm; the others are in the registry, and in the ledger of their projects. */
const NAMED = 3;
/** As resources are named after it: `millrace-production`. */
const STAGE = stageName().replace("/", "-");

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

/** Questions get no answer. */
class StoreAway extends Error {
  override readonly name = "StoreAway";
}

const admit = () => Promise.resolve();
const answer = askRoutes([
  healthRoute({ health: healthOf(registry, clock), admit }),
  costRoute({ executions, ledger, projects: () => all.list(), clock, admit, ...cost }),
]);

/**
 * By its schedule: looks at the stage, and by invoke tells an operator what it saw (`{"ops":"health"}`), or what the month costs
 * (`{"ops":"cost"}`).
 */
export const handler = monitor(async (event: unknown) => (isOpsQuestion(event) ? answer(event) : look()), {
  name: "health",
  source: (event) =>
    isOpsQuestion(event) ? { kind: "event", name: "operator" } : { kind: "schedule", name: "health" },
});

/**
 * Asks each part for a sign of life, labels the execution with what it saw, and keeps it for whoever asks. Throws when queue, registry or store
 * do not answer: that is an alarm. Dead letters are counted for the ledger, each by what it holds: five that were redriven and five new ones
 * look the same as a number. Once an hour, what AWS turned away before us is noted for the ledger. The ledger's part is the next one of the
 * daily audit: a day's hours of all projects. As long as one does not add up, every run fails.
 */
async function look(): Promise<void> {
  const now = clock.now();
  const [stats, projects, before] = await Promise.all([
    statsWithAge(queue, registry, now),
    all.list(),
    readSeen(registry),
  ]);
  label("queue.visible", stats.visible);
  label("queue.in_flight", stats.inFlight);
  label("queue.dead", stats.dead);
  if (stats.dead > 0 || ((await dead.lastSeen()) ?? 0) > 0)
    await dead.record(await sweep({ queue: deadLetters, clock }, clock.now() + SWEEP_MS));
  // Counts that cannot be had now are had next time: no reason to wake somebody.
  label("turned_away.hours", await noteTurnedAway(turnedAway).catch(unknown));

  let differences: readonly Difference[] = [];
  const auditNow = async () => {
    const audited = await audit(
      {
        registry,
        clock,
        ledger,
        projects: projects.map(({ id }) => id).sort(),
        settledUntil: now - (stats.oldestAgeMs ?? 0),
        settle: (...sum) => counters.settle(...sum),
      },
      now + AUDIT_MS,
    );
    label("ledger.day", new Date(audited.day).toISOString().slice(0, 10));
    label("ledger.complete", audited.complete);
    label("ledger.differences", audited.differences.length);
    differences = audited.differences;
    return audited;
  };
  const isDue = dueChecks(before.own, now);
  const { measured, failures } = await lookAt(parts, {
    projects: Promise.resolve(projects),
    stats: Promise.resolve(stats),
    audit: auditNow,
    shape: () => readShape({}, cost.ownShape),
    isDue,
  });
  const own = nextStates(before.own, measured, now);
  await keepSeen(registry, { at: now, own, alarms: await alarmsNow(now) });
  const line = metricsLine(own, STAGE, now);
  if (line !== undefined) process.stdout.write(`${line}\n`);

  if (measured.Store?.value === 1) throw new StoreAway(measured.Store.detail);
  if (differences.length > 0) throw new LedgerDifference(differences);
  if (failures.length > 0) throw failures[0];
}

/** What cannot be had now is missing until the next run, and says so in the execution. */
async function alarmsNow(now: number): Promise<CheckState[]> {
  try {
    const alarms = await readAlarms(cloudWatch, `${STAGE}-`);
    label("alarms", alarms.length);
    return alarmStates(alarms, STAGE, now);
  } catch (error) {
    label("alarms", unknown(error));
    return [];
  }
}

function unknown(error: unknown): string {
  return `unknown: ${String(error)}`;
}
