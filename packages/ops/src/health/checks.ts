/**
 * What is watched, once: the evaluator on one machine, `/ops/health`, the command line, the alarms of the stacks, Slack's messages and
 * docs/running.md all read this table. It imports nothing, so that the stacks can.
 */

/** Where the metrics are that a stage prints itself, with its own name as their one dimension. */
export const OWN_METRICS = "Millrace";

/** A metric of CloudWatch that says the same. Its dimensions are the stack's. */
export interface CheckMetric {
  readonly namespace: "AWS/SQS" | "AWS/ApiGateway" | "AWS/ES" | "AWS/Lambda" | typeof OWN_METRICS;
  readonly metric: string;
  /** Seconds that one number stands for. Default 60. */
  readonly period?: number;
  /** Further metrics, all of which only ever grow until the service starts anew: what counts is how much they grew together. */
  readonly grownWith?: readonly string[];
  /** Default: Maximum. `p99` and the like are percentiles. */
  readonly statistic?: string;
  /** No data counts as bad. */
  readonly missingIsBad?: true;
}

export interface HealthCheck {
  /** What it is called in a message. */
  readonly title: string;
  /** What is measured, with its unit. */
  readonly measures: string;
  /** From above here on it is a warning; absent: it is critical at once. In the unit of what is measured. */
  readonly warn?: number;
  /** Above (or, of something that runs out, below) here it is critical. A stage's sizes may set another. */
  readonly critical: number;
  /** The smaller the worse. */
  readonly runsOut?: true;
  /** Bad minutes of how many make it an alarm (M of N): one bad minute is rarely worth waking somebody. Default 1 of 1. */
  readonly minutes?: readonly [bad: number, of: number];
  /** It is looked at so rarely, since looking asks for every project. Default: each time. */
  readonly everyMinutes?: number;
  /** Why somebody should care. */
  readonly why: string;
  /** What to do next. */
  readonly todo: string;
  /** The command to begin with. */
  readonly command: string;
  /** What of mend/commands.ts puts it right, where one does. */
  readonly mend?: "redrive" | "replay-rejected" | "drain" | "throttle";
  readonly metric?: CheckMetric;
}

const FAILED = "npm run ops -- executions --failed --since 1h";
/** The stage looks every five minutes: in a shorter time there may be no number, which would count as well. */
const OWN_PERIOD = 900;

export const CHECKS = {
  DeadLetters: {
    title: "Dead letters",
    measures: "messages that gave up",
    critical: 0,
    why: "Their events are not stored. Nothing is lost yet: they are kept, and counted as dead.",
    todo: "Look at one, fix the cause, redrive.",
    command: "npm run ops -- executions --failed --function collector --since 1d",
    mend: "redrive",
    metric: { namespace: "AWS/SQS", metric: "ApproximateNumberOfMessagesVisible" },
  },
  Lag: {
    title: "Lag",
    measures: "seconds that the oldest message has waited",
    warn: 60,
    critical: 300,
    minutes: [3, 5],
    why: "Events wait for more than five minutes before they are stored: charts are late.",
    todo: "See what the collector waits for. When the store is well, it catches up by itself.",
    command: "npm run ops -- executions --function collector --order slowest",
    mend: "drain",
    metric: { namespace: "AWS/SQS", metric: "ApproximateAgeOfOldestMessage" },
  },
  Backlog: {
    title: "Backlog",
    measures: "messages that wait",
    critical: 600_000,
    why: "More messages wait than ten minutes of traffic at the gateway's limit.",
    todo: "See whether the collector fails or is only slow; a queue keeps messages for two weeks.",
    command: "npm run ops -- summary --function collector --since 1h",
    mend: "throttle",
    metric: { namespace: "AWS/SQS", metric: "ApproximateNumberOfMessagesVisible" },
  },
  Ledger: {
    title: "Ledger",
    measures: "settled hours of the day before whose events do not add up",
    critical: 0,
    why: "Events were accepted and did not end, or ended and were not accepted: this must never be.",
    todo: "Read the hour's ledger, then its executions.",
    command: "npm run ops -- executions --function collector --since 2d --status any-failure",
  },
  Rejected: {
    title: "Rejected events",
    measures: "share of a project's events of this hour and the one before that could not be stored, of the worst",
    warn: 0.01,
    critical: 0.1,
    everyMinutes: 10,
    why: "A project's events are accepted and cannot be stored: its charts lack them. They are kept raw for their time.",
    todo: "See the reason and the events, mend what sends or enriches them, then send them again.",
    command: "npm run ops -- rejected",
    mend: "replay-rejected",
    metric: { namespace: OWN_METRICS, metric: "Rejected", period: OWN_PERIOD },
  },
  Names: {
    title: "Names of properties",
    measures: "share of its names that a project has used up, of the fullest; 1 also when its group has no room",
    warn: 0.8,
    critical: 0.99,
    everyMinutes: 60,
    why: "A property with a name too many is kept, but can only be filtered by equality until a month makes room.",
    todo: "Names made of ids or dates belong into values. A project that needs so many gets a group of its own.",
    command: "npm run store -- own-group PROJECT",
    metric: { namespace: OWN_METRICS, metric: "Names", period: OWN_PERIOD },
  },
  Cost: {
    title: "Cost",
    measures: "this month's forecast as a share of what it may cost, at list price",
    warn: 1,
    critical: 1.5,
    everyMinutes: 60,
    why: "If traffic goes on like this, the month costs more than was planned.",
    todo: "See which project and which part it is, and what each lever would change.",
    command: "npm run cost -- --measured",
  },
  Reports: {
    title: "Reports and watches",
    measures: "reports and watches that did not reach somebody",
    warn: 0,
    critical: 10,
    why: "Somebody waits for a report, or believes that a number is well because nobody told them.",
    todo: "See whom it did not reach and why: a webhook that is gone, a mail server that is down, a question that fails.",
    command: "npm run ops -- reports",
  },
  Store: {
    title: "Store",
    measures: "1 when the store does not answer a small question, else 0",
    critical: 0,
    why: "Questions get 503. Recording goes on, messages wait in the queue.",
    todo: "Bring the store back; what waits is then stored by itself.",
    command: FAILED,
  },
  IngestFailures: {
    title: "Recording fails",
    measures: "share of ingest's executions that failed, of the last five minutes",
    warn: 0.001,
    critical: 0.01,
    why: "Senders get 5xx. Trackers and our SDKs try again; others lose what they sent.",
    todo: "See what fails.",
    command: "npm run ops -- summary --failed --function ingest --since 1h",
  },
  CollectorFailures: {
    title: "Collecting fails",
    measures: "share of the collector's executions that failed, of the last five minutes",
    warn: 0.01,
    critical: 0.5,
    why: "Messages come back to the queue and wait; after many tries they are dead letters.",
    todo: "See what fails.",
    command: "npm run ops -- summary --failed --function collector --since 1h",
  },
  QueryFailures: {
    title: "Questions fail",
    measures: "share of query's executions that failed, of the last five minutes",
    warn: 0.01,
    critical: 0.1,
    why: "Charts show errors.",
    todo: "See what fails.",
    command: "npm run ops -- summary --failed --function query --since 1h",
  },
  Disk: {
    title: "Disk",
    measures: "share of the data folder's disk that is free",
    warn: 0.15,
    critical: 0.05,
    runsOut: true,
    why: "When it is full, recording answers 503.",
    todo: "Make room, or delete what is old.",
    command: "npm run store -- --help",
  },
  LastLook: {
    title: "Last look",
    measures: "seconds since a stage last looked at all of this",
    warn: 900,
    critical: 1_800,
    why: "What is shown is old: the function that looks every five minutes does not run, or cannot write down what it sees.",
    todo: "See how its last runs ended.",
    command: "npm run ops -- executions --function health --since 1d",
  },
  ApiErrors: {
    title: "API errors",
    measures: "share of requests that end with a 5xx",
    critical: 0.01,
    minutes: [2, 3],
    why: "More than one request in a hundred ends with a 5xx.",
    todo: "See what fails, and whether functions are throttled.",
    command: FAILED,
    metric: { namespace: "AWS/ApiGateway", metric: "5xx", statistic: "Average" },
  },
  ApiRefusals: {
    title: "API refusals",
    measures: "share of requests that are refused with a 4xx",
    critical: 0.2,
    minutes: [10, 15],
    why: "More than one request in five is refused (4xx): a broken client, or a revoked key in use.",
    todo: "Read `refused` and its reasons in the ledgers of the projects.",
    command: "npm run ops -- summary --function ingest --since 1h",
    metric: { namespace: "AWS/ApiGateway", metric: "4xx", statistic: "Average" },
  },
  Silence: {
    title: "Silence",
    measures: "requests in a minute",
    critical: 1,
    runsOut: true,
    minutes: [15, 15],
    why: "No request for 15 minutes.",
    todo: "Open a page that is measured and see whether its request arrives.",
    command: "npm run ops -- tail --function ingest",
    metric: { namespace: "AWS/ApiGateway", metric: "Count", statistic: "Sum", missingIsBad: true },
  },
  StoreRed: {
    title: "Store is red",
    measures: "1 while a primary shard is missing",
    critical: 0,
    why: "A primary shard is missing: some events can neither be read nor written.",
    todo: "Look at the domain's nodes; a lost index is restored from a snapshot, a lost domain from the archive.",
    command: FAILED,
    metric: { namespace: "AWS/ES", metric: "ClusterStatus.red" },
  },
  StoreYellow: {
    title: "Store is yellow",
    measures: "1 while a replica is missing",
    critical: 0,
    minutes: [15, 15],
    why: "A replica is missing.",
    todo: "A node is being replaced, or the disk has no room for the copy.",
    command: FAILED,
    metric: { namespace: "AWS/ES", metric: "ClusterStatus.yellow" },
  },
  StoreBlocked: {
    title: "Store refuses writes",
    measures: "1 while the domain refuses writes",
    critical: 0,
    why: "The domain refuses writes (disk or memory). The queue keeps events for two weeks.",
    todo: "Give it more disk or a larger size; blocks end by themselves then.",
    command: "npm run ops -- executions --failed --function collector",
    metric: { namespace: "AWS/ES", metric: "ClusterIndexWritesBlocked" },
  },
  StoreDisk: {
    title: "Store's disk",
    measures: "MB that are free on the fullest node; a quarter of the disk is the limit",
    critical: 2_560,
    runsOut: true,
    minutes: [5, 5],
    why: "Less than a quarter of a node's disk is free.",
    todo: "Keep fewer months, or the next size of disk.",
    command: "npm run cost",
    metric: { namespace: "AWS/ES", metric: "FreeStorageSpace", statistic: "Minimum" },
  },
  // The young generation fills and empties all the time: only what outlived it says that memory is short.
  StoreMemory: {
    title: "Store's memory",
    measures: "percent of the JVM's memory that stays in use",
    critical: 80,
    minutes: [15, 15],
    why: "What stays in the JVM's memory fills 80 % of it: time for the next size.",
    todo: "Take the next size of node.",
    command: "npm run cost",
    metric: { namespace: "AWS/ES", metric: "OldGenJVMMemoryPressure" },
  },
  StoreMemoryFull: {
    title: "Store's memory is full",
    measures: "percent of the JVM's memory in use",
    critical: 95,
    minutes: [3, 3],
    why: "JVM memory above 95 %: the service is about to block writes.",
    todo: "See which question needs it, then take the next size.",
    command: "npm run ops -- executions --function query --order slowest",
    metric: { namespace: "AWS/ES", metric: "JVMMemoryPressure" },
  },
  StoreCpu: {
    title: "Store's CPU",
    measures: "percent of a node's CPU in use",
    critical: 80,
    minutes: [15, 15],
    why: "CPU above 80 % for 15 minutes.",
    todo: "See which questions and writes take it.",
    command: "npm run ops -- executions --function query --order slowest",
    metric: { namespace: "AWS/ES", metric: "CPUUtilization" },
  },
  StoreRejections: {
    title: "Store turns writes away",
    measures: "writes that were turned away in a minute",
    critical: 0,
    minutes: [3, 5],
    why: "The domain turns writes away. The collector retries; fewer collectors may be faster.",
    todo: "Lower `collectors` of the stage, or take the next size.",
    command: "npm run ops -- executions --function collector --order slowest",
    metric: {
      namespace: "AWS/ES",
      metric: "PrimaryWriteRejected",
      grownWith: ["CoordinatingWriteRejected", "ReplicaWriteRejected"],
    },
  },
  StoreSnapshots: {
    title: "Snapshots",
    measures: "1 when the automatic snapshot failed",
    critical: 0,
    why: "The automatic snapshot failed: until the next one a lost index can be restored to the last good one only.",
    todo: "See the domain's notifications; a red domain makes none.",
    command: FAILED,
    metric: { namespace: "AWS/ES", metric: "AutomatedSnapshotFailure" },
  },
  FunctionErrors: {
    title: "A function fails",
    measures: "invocations of one function that failed, in a minute",
    critical: 0,
    why: "The function fails. Its log has one line per execution, with the error.",
    todo: "See what fails.",
    command: FAILED,
    metric: { namespace: "AWS/Lambda", metric: "Errors", statistic: "Sum" },
  },
  FunctionThrottles: {
    title: "A function is throttled",
    measures: "invocations of one function that Lambda turned away, in a minute",
    critical: 0,
    minutes: [2, 3],
    why: "The function is not allowed to run as often as it is asked to.",
    todo: "Raise what is reserved for it, or the account's quota.",
    command: "npm run ops -- summary --since 1h",
    metric: { namespace: "AWS/Lambda", metric: "Throttles", statistic: "Sum" },
  },
  FunctionSlow: {
    title: "A function is slow",
    measures: "milliseconds of one function's slowest hundredth; 80 % of its time is the limit",
    critical: 8_000,
    minutes: [3, 5],
    why: "The function needs more than 80 % of the time it has.",
    todo: "See which call takes it.",
    command: "npm run ops -- executions --order slowest --since 1h",
    metric: { namespace: "AWS/Lambda", metric: "Duration", statistic: "p99" },
  },
} as const satisfies Readonly<Record<string, HealthCheck>>;

export type CheckName = keyof typeof CHECKS;
