// Queue and collector under four months of traffic with 10x spikes: lag, backlog and cost beside a hosted service's list price.
import { parseArgs } from "node:util";
import { simulate, type Pipeline, type Run, type Traffic } from "./simulation/model.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "500000000" },
    days: { type: "string", default: "120" },
    spike: { type: "string", default: "10" },
    collectors: { type: "string", default: "10" },
    "events-per-request": { type: "string", default: "5" },
    // Measure yours with `npm run bench` and against your domain; these suit three r7g.large.
    "batch-ms": { type: "string", default: "60" },
    "event-us": { type: "string", default: "300" },
    "store-rate": { type: "string", default: "8000" },
  },
});
const given = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, positive(name, text)]));
const number = (name: string): number => given[name] ?? 0;

const DAY = 86_400;
const HOUR = 3_600;
const days = number("days");
const perSecond = number("events") / (days * DAY);

/** A working day's curve around the average: quietest at 4 in the morning, busiest at 16. */
const daily = (second: number) => perSecond * (1 - 0.6 * Math.cos(((second / HOUR - 4) / 24) * 2 * Math.PI));
const at = (second: number, hour: number, minutes: number) => {
  const ofDay = second % DAY;
  return ofDay >= hour * HOUR && ofDay < hour * HOUR + minutes * 60;
};

const pipeline: Pipeline = {
  collectors: number("collectors"),
  batchMessages: 100,
  windowSeconds: 1,
  secondsPerBatch: number("batch-ms") / 1_000,
  secondsPerEvent: number("event-us") / 1e6,
  storeEventsPerSecond: number("store-rate"),
};
const base = { seconds: days * DAY, eventsPerMessage: number("events-per-request"), storeIsUp: () => true };
const scenarios: Readonly<Record<string, Traffic>> = {
  "working days, no spike": { ...base, eventsPerSecond: daily },
  [`${number("spike")}x for 30 min every day at noon`]: {
    ...base,
    eventsPerSecond: (second) => daily(second) * (at(second, 12, 30) ? number("spike") : 1),
  },
  [`the same, the store down for 1 h on day 3 at noon`]: {
    ...base,
    eventsPerSecond: (second) => daily(second) * (at(second, 12, 30) ? number("spike") : 1),
    storeIsUp: (second) => Math.floor(second / DAY) !== 2 || !at(second, 12, 60),
  },
};

const months = days / 30;
console.log(
  `${number("events").toLocaleString("en")} events in ${days} days (${perSecond.toFixed(0)} a second on average), ` +
    `${number("events-per-request")} per request, ${pipeline.collectors} collectors\n`,
);
console.table(
  Object.fromEntries(
    Object.entries(scenarios).map(([name, traffic]) => {
      const run = simulate(pipeline, traffic);
      return [
        name,
        {
          "million events": (run.events / 1e6).toFixed(0),
          "lag p50": seconds(run.lagSeconds.p50),
          p99: seconds(run.lagSeconds.p99),
          worst: seconds(run.lagSeconds.max),
          "most waiting": run.peakBacklogMessages.toLocaleString("en"),
          left: run.notStoredAtEnd,
          "pipeline USD/month": (pipelineCost(run) / months).toFixed(0),
        },
      ];
    }),
  ),
);

/** Three r7g.large and 750 GB, without the alarms and logs (docs/deploy.md has the whole bill). us-east-1, list, November 2026. */
const DOMAIN_USD = 3 * 0.178 * 730 + 750 * 0.122;
/** Keen's last public list (2020): 2,500 for 20 million events a month, then 1 for every 5,000. Read on in a straight line. */
const hosted = 2_500 + Math.max(0, number("events") / months - 20e6) / 5_000;
console.log(
  `\nbeside it the domain: ${DOMAIN_USD.toFixed(0)} USD/month. Keen's list price for the same events: ${hosted.toFixed(0)} USD/month.`,
);

/** HTTP API, both Lambda functions and SQS, at list price. SQS: one send per message, receive and delete in tens, idle polls. */
function pipelineCost(run: Run): number {
  const perGbSecond = 0.0000133334;
  const api = run.messages * 1.0e-6;
  const ingest = run.messages * (0.2e-6 + 0.5 * 0.02 * perGbSecond);
  const queue = (run.messages * 1.2 + 0.65e6 * months) * 0.4e-6;
  const collector = run.invocations * 0.2e-6 + run.billedSeconds * perGbSecond;
  return api + ingest + queue + collector;
}

function seconds(value: number): string {
  return value < 120 ? `${value} s` : `${(value / 60).toFixed(1)} min`;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  console.error(`--${name} is "${text}"; it must be a number above 0.`);
  process.exit(2);
}
