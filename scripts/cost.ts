// `npm run cost`: what each size of stages costs a month, from the calls that the code makes and AWS's list prices; and what changes
// it. The table of docs/deploy.md is this one.
//   npm run cost -- --events 50e6 --domain large --window 5 --pages 20   one stage of your own
import {
  callsOf,
  handovers,
  loadOf,
  monthlyBill,
  PRICES_AS_OF,
  type Bill,
  type NodeType,
  type StageLoad,
} from "@millrace/ops";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DOMAIN_SIZES } from "../stacks/stages.ts";

type Size = keyof typeof DOMAIN_SIZES;

const { values } = parseArgs({
  options: {
    events: { type: "string" },
    domain: { type: "string", default: "standard" },
    window: { type: "string", default: "1" },
    pages: { type: "string", default: "1" },
    "events-per-request": { type: "string", default: "5" },
  },
});

/** Counted in the checked-in list of what a stage deploys. */
function alarmsOf(stage: "production" | "staging"): number {
  const text = readFileSync(join(import.meta.dirname, `../stacks/inventory/${stage}.txt`), "utf8");
  return text.split("\n").filter((line) => line.startsWith("cloudwatch.MetricAlarm")).length;
}

function stage(domain: Size, events: number, change: Partial<StageLoad> = {}): StageLoad {
  const { instance, nodes, diskGb } = DOMAIN_SIZES[domain];
  const production = domain !== "small";
  return {
    events,
    eventsPerRequest: 5,
    openPages: 1,
    windowSeconds: 1,
    nodes: { type: instance satisfies NodeType, count: nodes },
    diskGb: diskGb * nodes,
    alarms: alarmsOf(production ? "production" : "staging"),
    firewall: production,
    archive: production,
    ...change,
  };
}

const usd = (value: number) => (value < 10 ? value.toFixed(1) : value.toFixed(0));

function show(bills: readonly (readonly [name: string, bill: Bill])[]): void {
  const names = bills[0]?.[1].lines.map(({ what }) => what) ?? [];
  const rows = names.map((what) => [
    what,
    Object.fromEntries(
      bills.map(([name, { lines }]) => [name, usd(lines.find((line) => line.what === what)?.usd ?? 0)]),
    ),
  ]);
  const together = Object.fromEntries(bills.map(([name, { total }]) => [name, usd(total)]));
  console.table(Object.fromEntries([...rows, ["together", together]]));
}

function isSize(name: string): name is Size {
  return name in DOMAIN_SIZES;
}

console.log(`US dollars a month, us-east-1, list prices of ${PRICES_AS_OF}, no free tiers.\n`);
if (values.events === undefined) {
  const of = (...args: Parameters<typeof stage>) => monthlyBill(loadOf(stage(...args)));
  show([
    ["small, idle", of("small", 0)],
    ["small, 1M", of("small", 1e6)],
    ["standard, 10M", of("standard", 10e6)],
    ["large, 125M", of("large", 125e6)],
    ["window 5 s", of("large", 125e6, { windowSeconds: 5 })],
    ["1 event a request", of("large", 125e6, { eventsPerRequest: 1 })],
    ["60 pages open", of("large", 125e6, { openPages: 60 })],
  ]);
  console.log("The last three: large, 125M, with one thing changed.\n");
  const { requests, visitShare, totals, collectorCalls } = loadOf(stage("large", 125e6));
  const calls = callsOf({
    request: requests,
    visit: requests * visitShare,
    totals,
    collect: collectorCalls,
    archive: collectorCalls,
    handover: handovers({ requests, collectorCalls }),
  });
  console.log("Calls per million events of the last size:");
  console.table(Object.fromEntries([...calls].map(([name, count]) => [name, Math.round(count / 125)])));
} else {
  const domain = values.domain;
  const numbers = [values.events, values.window, values.pages, values["events-per-request"]].map(Number);
  const [events = 0, windowSeconds = 1, openPages = 0, eventsPerRequest = 5] = numbers;
  if (!isSize(domain)) throw new Error(`--domain is one of ${Object.keys(DOMAIN_SIZES).join(", ")}.`);
  if (numbers.some((number) => !Number.isFinite(number) || number < 0) || eventsPerRequest < 1)
    throw new Error("--events, --window, --pages and --events-per-request are numbers.");
  show([["yours", monthlyBill(loadOf(stage(domain, events, { windowSeconds, openPages, eventsPerRequest })))]]);
}
