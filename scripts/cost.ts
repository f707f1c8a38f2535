// `npm run cost`: what each size of stages costs a month, from the calls that the code makes and AWS's list prices; and what changes
// it. The table of docs/deploy.md is this one.
//   npm run cost -- --events 50e6 --domain large --window 5 --pages 20   one stage of your own
import { callsOf, handovers, loadOf, monthlyBill, PRICES_AS_OF, type Bill, type StageLoad } from "@millrace/ops";
import { parseArgs } from "node:util";
import { DOMAIN_SIZES } from "../stacks/stages.ts";
import { documented, stageOf, usd, type Size } from "./cost/table.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string" },
    domain: { type: "string", default: "standard" },
    window: { type: "string", default: "1" },
    pages: { type: "string", default: "1" },
    "events-per-request": { type: "string", default: "5" },
  },
});

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
  const large = (change: Partial<StageLoad>) => monthlyBill(loadOf(stageOf("large", 125e6, change)));
  show([
    ...documented(),
    ["large, 1 event a request", large({ eventsPerRequest: 1 })],
    ["large, 60 pages open", large({ openPages: 60 })],
  ]);
  const { requests, pageViewShare, totals, collectorCalls, collecting, queries } = loadOf(stageOf("large", 125e6));
  const calls = callsOf({
    request: requests,
    pageView: requests * pageViewShare,
    visitRead: requests * (1 - pageViewShare),
    totals,
    collect: collectorCalls,
    archive: collectorCalls,
    collecting,
    handover: handovers({ requests, collectorCalls }),
    query: queries,
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
  show([["yours", monthlyBill(loadOf(stageOf(domain, events, { windowSeconds, openPages, eventsPerRequest })))]]);
}
