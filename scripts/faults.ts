// `npm run faults`: a campaign against the whole product. A fleet of senders that repeat until they are told yes, a plan of faults
// made from a seed, and at the end every acknowledged event looked for in the store. `--help` says the rest.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { seededRandom, type Random } from "../bench/simulation/random.ts";
import { readCommand } from "./command.ts";
import { readLedger, storedNumbers } from "./faults/api.ts";
import { ACTORS } from "./faults/actors/index.ts";
import type { Campaign, StoreServer } from "./faults/campaign.ts";
import { openDisk } from "./faults/disk.ts";
import { createFleet } from "./faults/fleet.ts";
import { startLine } from "./faults/line.ts";
import { createLoads } from "./faults/loads.ts";
import { commandOf, CONFIG, optionsOf, USAGE, type Options } from "./faults/options.ts";
import { FAULTS, type FaultKind } from "./faults/kinds.ts";
import { makePlan, type PlannedFault } from "./faults/plan.ts";
import { probe } from "./faults/probes.ts";
import { backlogGone, recoveryTable } from "./faults/recovery.ts";
import { insist } from "./product/api.ts";
import { residentMiB } from "./product/memory.ts";
import { createProduct } from "./product/server-process.ts";
import { account, reconcile } from "./faults/reconcile.ts";
import { balanceTable, closingLine, durationTable, partTable, problemsOf, type Finding } from "./faults/report.ts";
import { createSamples } from "./faults/samples.ts";
import { COLLECTION, createTracker } from "./faults/senders.ts";
import { settle } from "./faults/settle.ts";
import { createTenants } from "./faults/tenants.ts";
import { startOpenSearch } from "./servers/opensearch.ts";
import { freePort } from "./servers/server.ts";

const PROJECTS = 4;
/** What the hostile project has left in the queue is not calm; but its own affair after so long. */
const AFTERMATH_MS = 60_000;
/** Seconds of the fleet's events that are on their way while all is well: the batch window, the append, and a look at the ledger. */
const ORDINARY_SECONDS = 3;
/** The product is new for so long: modules are loaded, files are made, nothing of it is typical. */
const WARM_UP_SECONDS = 8;

const options = readCommand(USAGE, CONFIG, ({ values }) => optionsOf(values, Math.floor(Math.random() * 1_000_000)));
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());
const began = performance.now();
const say = (line: string) => console.log(`${((performance.now() - began) / 1_000).toFixed(0).padStart(5)} s  ${line}`);

let holds = false;
try {
  holds = await run(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
}
process.exit(holds ? 0 : 1);

/** @returns whether every promise held */
async function run(asked: Options): Promise<boolean> {
  await using stack = new AsyncDisposableStack();
  const random = seededRandom(asked.seed);
  const plan = makePlan(asked, random);
  const all = [...plan.alone, ...plan.process, ...plan.surroundings].sort((a, b) => a.at - b.at);
  console.log(
    `Campaign of seed ${asked.seed}: ${asked.events} events, ${asked.rate} a second, of ${PROJECTS} projects and a hostile one.\n` +
      `Store: ${asked.openSearch ?? "DuckDB"}. Faults, in this order:\n  ${all.map(({ kind }) => kind).join(", ")}\n`,
  );

  const parent = await mkdtemp(join(tmpdir(), "millrace-faults-"));
  const folder = join(parent, "data");
  stack.defer(() =>
    asked.keep ? console.log(`Kept: ${parent}`) : rm(parent, { recursive: true, force: true, maxRetries: 3 }),
  );
  await mkdir(folder, { mode: 0o700 });
  const disk = openDisk(folder);
  if (!asked.keep) stack.defer(() => disk.close());
  console.log(`A full disk is: ${disk.how}.`);

  const store = await openStoreServer(asked, random, stack);
  const product = createProduct({
    folder,
    port: await freePort(),
    logFile: join(parent, "product.log"),
    signal: stopping.signal,
    env: store ? { OPENSEARCH_URL: store.line.url, OPENSEARCH_PREFIX: store.prefix } : {},
  });
  const names = Array.from({ length: PROJECTS }, (_, index) => `project-${index + 1}`);
  const [hostile, ...tenants] = await createTenants(folder, ["hostile", ...names]);
  if (!hostile) throw new Error("There is no hostile project.");
  await product.start();
  stack.defer(() => product.kill());
  const clients = await startLine(product.url, random);
  stack.defer(() => clients.close());

  const campaign: Campaign = {
    folder,
    product,
    clients,
    store,
    disk,
    tenants,
    hostile,
    random,
    signal: stopping.signal,
    say,
  };
  const refusals: string[] = [];
  const refused = (reply: string) => refusals.push(reply);
  const acknowledged = () => tenants.reduce((sum, { book }) => sum + book.acknowledged(), 0);

  // What holds right now.
  const active: FaultKind[] = [];
  let quiet: "warming up" | "calm" | "between" = "warming up";
  const phase = () => (active.length > 1 ? "several" : (active[0] ?? quiet));

  /** Seconds from the end of each fault until its backlog was gone; another fault that begins meanwhile makes it one of several. */
  const recoveries = new Map<string, number[]>();
  let begun = 0;
  const recover = async (kind: FaultKind) => {
    const since = begun;
    const ms = await backlogGone(product.url, tenants, ORDINARY_SECONDS * asked.rate, isOver);
    if (ms === undefined) return;
    const key = begun > since || active.length > 0 ? "several" : kind;
    recoveries.set(key, [...(recoveries.get(key) ?? []), ms / 1_000]);
  };

  let isDone = false;
  const isOver = () => isDone || stopping.signal.aborted;
  const lane = async (faults: readonly PlannedFault[]) => {
    for (const fault of faults) {
      while (!isOver() && acknowledged() < fault.at * asked.events) await delay(50);
      if (isOver()) return;
      await suffer(fault);
      // The next one must find something to harm.
      await delay(1_000);
    }
  };
  const suffer = async (fault: PlannedFault) => {
    begun++;
    active.push(fault.kind);
    say(`${fault.kind}: ${FAULTS[fault.kind].says}`);
    await ACTORS[fault.kind](campaign, fault);
    active.splice(active.indexOf(fault.kind), 1);
    void recover(fault.kind);
  };
  const loads = createLoads(() => product.pid());
  /** Each with a calm part as long before it: so both are had on the same machine, whatever else that does, in the same minute. */
  const besideCalm = async (faults: readonly PlannedFault[]) => {
    await delay(WARM_UP_SECONDS * 1_000);
    for (const fault of faults) {
      if (isOver()) return;
      quiet = "calm";
      await loads.during("calm", () => delay(fault.seconds * 1_000));
      await loads.during(fault.kind, () => suffer(fault));
      quiet = "between";
      await settle(product.url, [hostile], () => {}, isOver, AFTERMATH_MS);
    }
  };

  const lag = createSamples();
  const latency = createSamples();
  const fleet = createFleet(tenants, random, { base: clients.url, refused });
  const fleetRun = fleet.run(asked.rate, isOver);
  const probes = tenants.map((tenant) => {
    const sender = createTracker({ base: clients.url, tenant, random, refused }, 0);
    const moment = () => ({ phase: phase(), part: loads.part() });
    return probe({ base: product.url, tenant, sender, moment, lag, latency, isOver });
  });
  const memory = watchMemory(() => product.pid(), isOver);
  const progress = setInterval(() => say(`${acknowledged()} of ${asked.events} acknowledged`), 15_000);
  stack.defer(() => clearInterval(progress));

  await besideCalm(plan.alone);
  quiet = "between";
  await Promise.all([lane(plan.process), lane(plan.surroundings)]);
  while (!isOver() && acknowledged() < asked.events) await delay(100);
  isDone = true;
  clearInterval(progress);
  await Promise.all([fleetRun, ...probes]);
  if (stopping.signal.aborted) throw new Error("Stopped.");

  say("the faults are over: what was not answered is sent until it is");
  const isAborted = () => stopping.signal.aborted;
  await fleet.drain(isAborted);
  await settle(product.url, [...tenants, hostile], say, isAborted);

  const findings: Finding[] = [];
  for (const tenant of tenants) {
    const numbers = await storedNumbers(product.url, tenant, COLLECTION);
    const ledger = await insist(`ledger of ${tenant.name}`, () => readLedger(product.url, tenant), 60_000);
    findings.push({ name: tenant.name, reconciled: reconcile(tenant.book, numbers), account: account(ledger.result) });
  }
  // The hostile project's own events need no book: its ledger must be equal like everybody's.
  const its = await insist("ledger of the hostile project", () => readLedger(product.url, hostile), 60_000);
  findings.push({ name: hostile.name, reconciled: reconcile(hostile.book, []), account: account(its.result) });

  const kinds = ["calm", ...Object.keys(FAULTS), "several", "between"];
  console.log("\nThe balance:");
  console.table(balanceTable(findings));
  console.log(
    "From the yes to the first answer that holds the event, and each question; all projects but the hostile one:",
  );
  console.table(durationTable(names, kinds, { lag, latency }));
  console.log("Each of the parts that are compared, and who used the processors in it:");
  console.table(partTable(names, loads.all(), { lag, latency }));
  console.log("From the end of a fault until no more events are on their way than ordinarily:");
  console.table(recoveryTable(recoveries));
  console.log(`Most memory of the process: ${await memory} MiB.`);
  const problems = problemsOf(findings, product.crashes(), refusals);
  if (problems.length > 0) {
    console.log(`\nThe end of the product's log:\n${await product.lastLines()}\n`);
    for (const problem of problems) console.log(`FAILED  ${problem}`);
    console.log(`\nThe same plan again: ${commandOf(asked)}`);
  }
  console.log(`\n${closingLine(findings)}`);
  return problems.length === 0;
}

/** The store as a process of its own, when it is not DuckDB; its node, if it is ours, ends with the campaign. */
async function openStoreServer(
  { openSearch }: Options,
  random: Random,
  stack: AsyncDisposableStack,
): Promise<StoreServer | undefined> {
  if (openSearch === undefined) return undefined;
  const prefix = `faults-${Math.floor(random.uniform() * 2 ** 32).toString(36)}`;
  if (openSearch !== "own") {
    const line = await startLine(openSearch, random);
    stack.defer(async () => {
      await line.close();
      for (const kind of ["events", "exceptions"])
        await fetch(`${openSearch}/${prefix}-${kind}*`, { method: "DELETE" });
      for (const kind of ["events", "exceptions"])
        await fetch(`${openSearch}/_index_template/${prefix}-${kind}`, { method: "DELETE" });
    });
    return { line, url: openSearch, prefix };
  }
  const dataDir = await mkdtemp(join(tmpdir(), "millrace-faults-node-"));
  const port = await freePort();
  const once = () => startOpenSearch({ port, dataDir, heap: "1g", signal: stopping.signal });
  // On a machine that is busy with the campaign itself a node may miss its time limit; that is no finding about the product.
  const start = () => once().catch(once);
  let node = await start();
  stack.defer(async () => {
    await node.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  });
  const line = await startLine(node.url, random);
  stack.defer(() => line.close());
  return {
    line,
    url: node.url,
    prefix,
    node: {
      kill: () => node.kill(),
      start: async () => (node = await start()),
    },
  };
}

/** The largest resident size that was seen, MiB. */
async function watchMemory(pid: () => number | undefined, isOver: () => boolean): Promise<number> {
  let most = 0;
  while (!isOver()) {
    most = Math.max(most, residentMiB(pid()) ?? 0);
    await delay(500);
  }
  return Math.round(most);
}
