// Events per second accepted durably and until visible, CPU per event and where time goes, over HTTP on one machine.
//
// `npm run bench -- ingest [--profile FOLDER] [--share 0.5]`: with a folder, the server leaves its CPU profiles there; a share
// below one sends fewer events. Starts a server of its own on an empty folder, in a process of its own, and sends over loopback
// with keep-alive. The sender and whatever else runs share the machine's cores, so rates are a floor and swing from run to run;
// CPU per event is the server process's own and is the number to compare.
import { Agent, request } from "node:http";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ask, freePort, settled, startServer, temporaryFolder } from "../packages/local/test/harness.ts";
import type { Demo } from "../packages/local/src/demo.ts";
import { cpuTime } from "./process/cpu.ts";

interface Load {
  readonly name: string;
  readonly eventsPerRequest: number;
  readonly requests: number;
  readonly concurrency: number;
}

const LOADS: readonly Load[] = [
  { name: "1 event per request", eventsPerRequest: 1, requests: 8_000, concurrency: 32 },
  { name: "100 events per request", eventsPerRequest: 100, requests: 600, concurrency: 16 },
];
/** Share of each load that is sent first and not measured: by then the compiler has seen the code. */
const WARM_UP = 0.2;
/** Asking more often would be a load of its own. */
const ASK_EVERY_MS = 100;

const { values } = parseArgs({
  options: { profile: { type: "string" }, share: { type: "string", default: "1" } },
});
const rows: Record<string, string | number>[] = [];
let timeSpent: Record<string, string>[] = [];
for (const load of LOADS) {
  const { measured, calls } = await measure({ ...load, requests: Math.ceil(load.requests * Number(values.share)) });
  rows.push(measured);
  timeSpent = [...timeSpent, ...calls];
}
console.table(rows);
console.log(
  "Wall time by handler and external call, the measured part only. Calls overlap: shares are of their handler.",
);
console.table(timeSpent);

async function measure(load: Load) {
  const folder = await temporaryFolder();
  const profile = values.profile && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${values.profile}` };
  const server = await startServer(folder.path, await freePort(), { ...profile });
  await drive(server.demo, { ...load, requests: Math.ceil(load.requests * WARM_UP) });
  await settled(server.demo, 60_000);
  const before = await visible(server.demo);
  const log = join(folder.path, "executions.ndjson");
  const linesBefore = (await logLines(log)).length;

  const cpuBefore = await cpuTime(server.pid);
  const started = performance.now();
  await drive(server.demo, load);
  const acceptedSeconds = (performance.now() - started) / 1000;
  const events = load.requests * load.eventsPerRequest;
  while ((await visible(server.demo)) < before + events) await new Promise((go) => setTimeout(go, ASK_EVERY_MS));
  const visibleSeconds = (performance.now() - started) / 1000;
  const cpuAfter = await cpuTime(server.pid);
  const calls = whereTimeGoes(load.name, (await logLines(log)).slice(linesBefore));
  await server.stop();
  await folder.remove();

  const perEvent = (from: number, to: number) => ((to - from) / events).toFixed(1);
  const measured = {
    load: load.name,
    events,
    "accepted/s": Math.round(events / acceptedSeconds),
    "requests/s": Math.round(load.requests / acceptedSeconds),
    "visible/s": Math.round(events / visibleSeconds),
    "CPU us/event": perEvent(cpuBefore.all, cpuAfter.all),
    "of it main thread": perEvent(cpuBefore.main, cpuAfter.main),
    "events per CPU second": Math.round((events * 1e6) / (cpuAfter.all - cpuBefore.all)),
  };
  return { measured, calls };
}

async function drive(demo: Demo, load: Load): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.concurrency });
  const event = { plan: "pro", seats: 5, amount: 12.5, trial: false, page: { title: "Pricing" }, tags: ["a", "b"] };
  const body = JSON.stringify(
    load.eventsPerRequest === 1 ? event : { signups: Array.from({ length: load.eventsPerRequest }, () => event) },
  );
  const path = `/3.0/projects/${demo.project}/events${load.eventsPerRequest === 1 ? "/signups" : ""}`;
  let left = load.requests;
  const sender = async () => {
    while (left-- > 0) await post(agent, demo, path, body);
  };
  await Promise.all(Array.from({ length: load.concurrency }, sender));
  agent.destroy();
}

function post(agent: Agent, demo: Demo, path: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${demo.url}${path}`,
      {
        agent,
        method: "POST",
        headers: {
          authorization: demo.writeKey,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
        },
      },
      (response) => {
        response.resume();
        response.on("end", () =>
          response.statusCode && response.statusCode < 300
            ? resolve()
            : reject(new Error(`status ${response.statusCode}`)),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function visible(demo: Demo): Promise<number> {
  return Number(await ask(demo, "count", { event_collection: "signups" }));
}

interface Line {
  "faas.name": string;
  "millrace.duration_ms": number;
  "millrace.spans": { name: string; durationMs: number }[];
}

async function logLines(file: string): Promise<string[]> {
  return (await readFile(file, "utf8")).trimEnd().split("\n");
}

function whereTimeGoes(load: string, lines: readonly string[]): Record<string, string>[] {
  const totals = new Map<string, { runs: number; ms: number; calls: Map<string, number> }>();
  for (const line of lines.map((text) => JSON.parse(text) as Line)) {
    const total = totals.get(line["faas.name"]) ?? { runs: 0, ms: 0, calls: new Map<string, number>() };
    totals.set(line["faas.name"], total);
    total.runs++;
    total.ms += line["millrace.duration_ms"];
    for (const span of line["millrace.spans"])
      total.calls.set(span.name, (total.calls.get(span.name) ?? 0) + span.durationMs);
  }
  return [...totals].map(([name, { runs, ms, calls }]) => ({
    load,
    handler: name,
    runs: String(runs),
    "ms per run": (ms / runs).toFixed(2),
    "external calls": [...calls].map(([call, spent]) => `${call} ${Math.round((spent / ms) * 100)} %`).join(", "),
  }));
}
