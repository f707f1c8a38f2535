// Events per second accepted durably and until visible, over HTTP on one machine, and where the time goes.
//
// Starts a server of its own on an empty folder, in a process of its own, and sends over loopback with keep-alive. The sender
// shares the machine's cores, so absolute figures are a floor; CPU per event is the server process's own.
import { Agent, request } from "node:http";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ask, freePort, settled, startServer, temporaryFolder } from "../packages/local/test/harness.ts";
import type { Demo } from "../packages/local/src/demo.ts";

interface Load {
  readonly name: string;
  readonly eventsPerRequest: number;
  readonly requests: number;
  readonly concurrency: number;
}

const LOADS: readonly Load[] = [
  { name: "1 event per request", eventsPerRequest: 1, requests: 4_000, concurrency: 32 },
  { name: "100 events per request", eventsPerRequest: 100, requests: 1_000, concurrency: 16 },
];
const TICKS_PER_SECOND = 100;

const rows: Record<string, string | number>[] = [];
let timeSpent: Record<string, string>[] = [];
for (const load of LOADS) {
  const folder = await temporaryFolder();
  const server = await startServer(folder.path, await freePort());
  const pid = server.pid;
  await drive(server.demo, { ...load, requests: Math.ceil(load.requests / 20) });
  await settled(server.demo);
  const visibleBefore = await visible(server.demo);

  const cpuBefore = await cpuSeconds(pid);
  const started = performance.now();
  await drive(server.demo, load);
  const acceptedSeconds = (performance.now() - started) / 1000;
  const events = load.requests * load.eventsPerRequest;
  while ((await visible(server.demo)) < visibleBefore + events) await new Promise((resolve) => setTimeout(resolve, 20));
  const visibleSeconds = (performance.now() - started) / 1000;
  const cpu = (await cpuSeconds(pid)) - cpuBefore;

  rows.push({
    load: load.name,
    events,
    "accepted/s": Math.round(events / acceptedSeconds),
    "requests/s": Math.round(load.requests / acceptedSeconds),
    "visible/s": Math.round(events / visibleSeconds),
    "visible : accepted": (acceptedSeconds / visibleSeconds).toFixed(2),
    "server CPU us/event": ((cpu / events) * 1e6).toFixed(1),
  });
  timeSpent = [...timeSpent, ...(await whereTimeGoes(load.name, join(folder.path, "executions.ndjson")))];
  await server.stop();
  await folder.remove();
}
console.table(rows);
console.log(
  "Wall time by handler and external call (all executions of the run; calls overlap, so shares are of their handler):",
);
console.table(timeSpent);

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
  return Number(await ask(demo, "count", { event_collection: "signups" }).catch(() => 0));
}

/** User and system time of a process (Linux). */
async function cpuSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

interface Line {
  "faas.name": string;
  "millrace.duration_ms": number;
  "millrace.spans": { name: string; durationMs: number }[];
}

async function whereTimeGoes(load: string, file: string): Promise<Record<string, string>[]> {
  const lines = (await readFile(file, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const totals = new Map<string, { runs: number; ms: number; calls: Map<string, number> }>();
  for (const line of lines) {
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
