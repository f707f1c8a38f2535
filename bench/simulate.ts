// Queue and collector under four months of traffic with 10x spikes: lag, backlog and cost beside a hosted service's list price.
// `npm run simulate` plays 14 of 120 days with 500 million events, the load this design comes from; `--help` says the rest.
//
// How long the collector takes is measured, not guessed. The defaults were measured with --measure on 23 November 2026 on two
// x86 cores that ran OpenSearch 3.7, the collector and other work at the same time, so they are on the slow side: 31 ms a batch
// and 0.87 ms an event, of which the collector itself uses 0.02 ms of processor time; 2,600 events/s with four side by side.
// The spread of the durations is assumed. Everything else is what stacks/ deploys. The same seed gives the same output.
import { retryDelayMs } from "@millrace/collector";
import { keenListPrice, monthlyBill, PRICES_AS_OF, type Bill } from "@millrace/ops";
import { mistake, numberOf, readCommand } from "../scripts/command.ts";
import type { Pipeline, Run } from "./simulation/mapping.ts";
import { measureCollector } from "./simulation/measure.ts";
import { domainFor, scenarios } from "./simulation/scenarios.ts";

const USAGE = `npm run simulate       queue and collector under months of traffic with spikes: lag, backlog, cost

  --events N               in all. Default: 500e6
  --days N                 in which they come. Default: 120
  --played-days N          how many of them are played. Default: 14
  --events-per-request N   default: 5
  --spike N                traffic of a spike, times the usual. Default: 10
  --collectors N           at once, at most. Default: 10
  --store-rate N           events a second that the store takes. Default: 2600
  --kept-months N          for the bill. Default: 4
  --queries N              a month, for the bill. Default: 500e3
  --seed N                 the same run again. Default: 1
  --measure URL            measures the collector on the OpenSearch at URL and plays with those times
  --help`;

const { numbers, measure } = readCommand(
  USAGE,
  {
    options: {
      events: { type: "string", default: "500e6" },
      days: { type: "string", default: "120" },
      "played-days": { type: "string", default: "14" },
      "events-per-request": { type: "string", default: "5" },
      spike: { type: "string", default: "10" },
      collectors: { type: "string", default: "10" },
      "store-rate": { type: "string", default: "2600" },
      "kept-months": { type: "string", default: "4" },
      queries: { type: "string", default: "500e3" },
      seed: { type: "string", default: "1" },
      measure: { type: "string" },
    },
  },
  ({ values: { measure: url, ...texts } }) => {
    const read = Object.entries(texts).map(([name, text]) => [name, numberOf(name, text)] as const);
    for (const [name, value] of read) if (value <= 0) mistake(`--${name} is "${value}"; it must be a number above 0.`);
    return { numbers: Object.fromEntries(read) as Record<keyof typeof texts, number>, measure: url };
  },
);
const number = (name: keyof typeof numbers): number => numbers[name];

const DAYS_PER_MONTH = 365 / 12;
const SECONDS_PER_MONTH = DAYS_PER_MONTH * 86_400;
/** Seconds for which a poller waits at an empty queue. */
const IDLE_POLL = 20;
const POLLERS = 5;

const measured = measure === undefined ? {} : await measureCollector(measure);
const pipeline: Pipeline = {
  collectors: number("collectors"),
  pollers: POLLERS,
  batchMessages: 100,
  window: 1,
  eventsPerMessage: number("events-per-request"),
  perBatch: 0.031,
  perEvent: 0.00087,
  spread: 0.35,
  storeRate: number("store-rate"),
  ...measured,
  budget: 45,
  retryAfter: (deliveries) => retryDelayMs(deliveries) / 1_000,
};
const eventsPerDay = number("events") / number("days");
const days = Math.min(number("days"), number("played-days"));
const load = { days, events: eventsPerDay * days, spikeFactor: number("spike"), seed: number("seed") };
const months = days / DAYS_PER_MONTH;
const eventsPerMonth = eventsPerDay * DAYS_PER_MONTH;

console.log(
  `${grouped(number("events"))} events in ${number("days")} days (${grouped(eventsPerDay / 86_400)} a second on average), ` +
    `${pipeline.eventsPerMessage} in a request; ${days} days played.\n${pipeline.collectors} collectors, store ${grouped(pipeline.storeRate)} events/s, seed ${load.seed}. ` +
    `Lag: from the queue's acknowledgement until stored; visible up to a second (the refresh) later.`,
);
if (eventsPerDay / 86_400 >= pipeline.storeRate) {
  console.error("That is more than the store takes: the queue would only ever grow. Give it more with --store-rate.");
  process.exit(2);
}
let bill: Bill | undefined;
const rows: Record<string, Record<string, string | number>> = {};
for (const { name, run } of scenarios(load, pipeline)) {
  rows[name] = describe(run);
  bill ??= billOf(run);
}
console.table(rows);

if (bill) {
  const shown = [...bill.lines, { what: "total", usd: bill.total }];
  console.log(`\nUS dollars a month at list price (${PRICES_AS_OF}), ${number("kept-months")} months of events kept:`);
  console.table(Object.fromEntries(shown.map(({ what, usd }) => [what, { usd: usd.toFixed(2) }])));
  const hosted = keenListPrice(eventsPerMonth);
  console.log(
    `Keen's list price (2020) for ${grouped(eventsPerMonth)} events a month, queries not counted: ${grouped(hosted)} dollars, ` +
      `${(hosted / bill.total).toFixed(0)} times as much.`,
  );
}

function describe(run: Run): Record<string, string | number> {
  return {
    "lag p50": time(run.lag.quantile(0.5)),
    p95: time(run.lag.quantile(0.95)),
    p99: time(run.lag.quantile(0.99)),
    "p99.9": time(run.lag.quantile(0.999)),
    worst: time(run.lag.max),
    "most waiting": grouped(run.mostWaiting),
    "longest behind": time(run.longestBehind),
    "collectors mean": (run.busySeconds / (load.days * 86_400)).toFixed(2),
    most: run.mostRunning,
    deliveries: run.mostDeliveries,
    "messages stored": grouped(run.lag.count),
  };
}

function billOf(run: Run): Bill {
  const requests = run.messages / months;
  const queries = number("queries");
  const { nodes, diskGb } = domainFor(eventsPerMonth * number("kept-months"));
  return monthlyBill({
    requests,
    messageBytes: 500 * pipeline.eventsPerMessage,
    ingestSeconds: 0.02,
    pageViewShare: 0.5,
    // One process of ingest or more is awake at any time; each notes its totals once a second.
    totals: Math.min(requests, SECONDS_PER_MONTH),
    collectorCalls: run.calls / months,
    // Each process that is at work notes its progress every ten seconds at most.
    collecting: Math.min(run.calls / months, (run.mostRunning * SECONDS_PER_MONTH) / 10),
    collectorSeconds: run.busySeconds / months,
    idleReceives: (POLLERS * SECONDS_PER_MONTH) / IDLE_POLL,
    // Questions, whoever asks them; what pages that stay open ask besides is in `npm run cost`.
    beats: 0,
    queries,
    querySeconds: 0.3,
    // Of what is kept nothing is known here.
    rounds: 0,
    refreshes: 0,
    forwards: [requests, run.calls / months, queries].reduce((sum, runs) => sum + Math.min(runs, SECONDS_PER_MONTH), 0),
    nodes,
    diskGb,
    warmGb: 0,
    metrics: 5,
    alarms: 36,
    firewall: true,
    archive: true,
    archiveGb: (eventsPerMonth * 160 * number("kept-months")) / 1e9,
  });
}

function time(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  return seconds < 120 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} min`;
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString("en");
}
