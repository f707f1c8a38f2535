// `npm run cost`: what each size of stages costs a month, from the calls that the code makes and AWS's list prices; and what changes
// it. The table of docs/deploy.md is this one.
//   npm run cost -- --events 50e6 --domain large --window 5 --pages 20   one stage of your own
import { callsOf, handovers, loadOf, monthlyBill, PRICES_AS_OF, type Bill, type StageLoad } from "@millrace/ops";
import { DOMAIN_SIZES } from "../stacks/stages.ts";
import { mistake, numberOf, readCommand } from "./command.ts";
import { showMeasured } from "./cost/measured.ts";
import { documented, shapeQuery, stageOf, usd, type Size } from "./cost/table.ts";

const USAGE = `npm run cost           what each size of stages costs a month, and what changes it

  --events N               events a month: the bill of one stage of your own
  --domain SIZE            ${Object.keys(DOMAIN_SIZES).join(", ")}. Default: standard
  --window SECONDS         how long a collector waits for a batch. Default: 1
  --pages N                dashboards open at all times. Default: 1
  --kept N                 cached queries, and values of datasets in use. Default: 10
  --events-per-request N   default: 5

  --measured               of this month's traffic, as a running installation measured it: until now, by the month's end, by project, beside
                           the plan, and what would change it; with --domain, --window and --kept. The server of MILLRACE_DATA, or --url URL
                           with an operator's token in MILLRACE_KEY
  --measured --stage NAME  the same of a stage on AWS as it is, with your own rights there (lambda:InvokeFunction on its function "health");
                           with --domain, as if it had that size
  --help`;

const asked = readCommand(
  USAGE,
  {
    options: {
      events: { type: "string" },
      domain: { type: "string" },
      window: { type: "string" },
      pages: { type: "string", default: "1" },
      kept: { type: "string" },
      "events-per-request": { type: "string", default: "5" },
      measured: { type: "boolean" },
      url: { type: "string" },
      stage: { type: "string" },
    },
  },
  ({ values }) => {
    const { domain = "standard", window = "1", kept = "10", stage } = values;
    if (!isSize(domain)) mistake(`--domain is one of ${Object.keys(DOMAIN_SIZES).join(", ")}.`);
    const change = {
      windowSeconds: numberOf("window", window),
      openPages: numberOf("pages", values.pages),
      keptAnswers: numberOf("kept", kept),
      eventsPerRequest: numberOf("events-per-request", values["events-per-request"], { least: 1 }),
    };
    if (values.measured && values.events !== undefined)
      mistake("--measured and --events are two ways to say the same.");
    if (stage !== undefined && !values.measured) mistake("--stage is of --measured.");
    if (stage !== undefined && values.url !== undefined) mistake("--stage and --url are two installations.");
    // A stage knows what it is; of another installation somebody must say what it would be on AWS.
    const isAsItIs =
      stage !== undefined && [values.domain, values.window, values.kept].every((said) => said === undefined);
    const shape = isAsItIs ? undefined : shapeQuery(stageOf(domain, 0, change));
    if (values.measured) return { kind: "measured" as const, url: values.url, stage, shape };
    if (values.events === undefined) return { kind: "documented" as const };
    return { kind: "own" as const, domain, events: numberOf("events", values.events), change };
  },
);

function show(bills: readonly (readonly [name: string, bill: Bill])[]): void {
  console.log(`US dollars a month, us-east-1, list prices of ${PRICES_AS_OF}, no free tiers.\n`);
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

switch (asked.kind) {
  case "documented":
    showDocumented();
    break;
  case "own":
    show([["yours", monthlyBill(loadOf(stageOf(asked.domain, asked.events, asked.change)))]]);
    break;
  case "measured":
    await showMeasured(asked).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    });
}

function showDocumented(): void {
  const large = (change: Partial<StageLoad>) => monthlyBill(loadOf(stageOf("large", 125e6, change)));
  show([
    ...documented(),
    ["large, 1 event a request", large({ eventsPerRequest: 1 })],
    ["large, 60 pages open", large({ openPages: 60 })],
    ["large, 1,000 kept answers", large({ keptAnswers: 1_000 })],
  ]);
  const load = loadOf(stageOf("large", 125e6));
  const { requests, pageViewShare, totals, collectorCalls, collecting, beats, queries, rounds, refreshes, forwards } =
    load;
  const calls = callsOf({
    request: requests,
    pageView: requests * pageViewShare,
    visitRead: requests * (1 - pageViewShare),
    totals,
    collect: collectorCalls,
    archive: collectorCalls,
    collecting,
    handover: handovers({ requests, collectorCalls }),
    beat: beats,
    query: queries,
    round: rounds,
    refresh: refreshes,
    forward: forwards,
  });
  console.log("Calls per million events of the last size:");
  console.table(Object.fromEntries([...calls].map(([name, count]) => [name, Math.round(count / 125)])));
}
