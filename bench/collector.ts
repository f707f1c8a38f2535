// The collector on OpenSearch against a bare _bulk feeder, bytes per event, and queries against hand-written DSL. EVENTS…, default 1000000.
import { createCatalogue, createClaims, createSqliteRegistry, createTombstones, systemRandom } from "@millrace/access";
import { createCollector, createEnricher, type Collector, type CollectMessage } from "@millrace/collector";
import { createOpenSearchStore, type OpenSearchStore } from "@millrace/store-opensearch";
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { startOpenSearch } from "../scripts/servers/opensearch.ts";
import { DAY, messageAt, PER_MESSAGE, START } from "./collector/events.ts";
import { askBothWays } from "./collector/questions.ts";
import { caller } from "./collector/server.ts";
import { bodiesOf, collectAll, compare, feedAll, type Turn } from "./collector/writing.ts";

/** How many events to ask questions of; with several numbers, one after the other. */
const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000_000];
if (!SIZES.every((size) => Number.isInteger(size) && size > 0 && size % PER_MESSAGE === 0)) {
  console.error(`npm run bench -- collector [EVENTS…]: whole numbers of events, multiples of ${PER_MESSAGE}.`);
  process.exit(2);
}
const HEAP = process.env["BENCH_HEAP"] ?? "2g";
/** Written both ways, in turns of this many messages. */
const TURNS = 7;
const TURN_MESSAGES = 60;
const TURN_EVENTS = TURN_MESSAGES * PER_MESSAGE;

const clock = { now: Date.now };
const node = await startOpenSearch({ heap: HEAP });
const call = caller(node.url);
const registry = createSqliteRegistry({ path: ":memory:", clock });

/** A store whose month is the events' month, whatever the date is. */
async function open(prefix: string): Promise<OpenSearchStore> {
  const store = createOpenSearchStore({
    connection: { node: node.url },
    registry,
    clock: { now: () => START + 10 * DAY },
    prefix,
    refreshInterval: "5s",
  });
  await store.prepare();
  return store;
}

/** The collector as it runs on Lambda: decode, enrich, claim, admit, append. */
function collectorOn(store: OpenSearchStore): Collector {
  return createCollector({
    sink: store,
    catalogue: createCatalogue({ registry, clock }),
    claims: createClaims({ registry, clock }),
    tombstones: createTombstones({ registry, clock, random: systemRandom }),
    enrich: createEnricher(),
    clock,
  });
}

function messages(from: number, count: number, events: number): CollectMessage[] {
  return Array.from({ length: count }, (_, i) => messageAt(from + i, events));
}

/** The collectors' and the feeder's turns over the same events; each into an index of its own. */
async function turnsOf(name: string): Promise<Turn[]> {
  const source = await open(`${name}-source`);
  const all = messages(0, TURNS * TURN_MESSAGES, TURNS * TURN_EVENTS);
  await collectAll(collectorOn(source), all);
  await source.refresh();
  const bodies = await bodiesOf(call, `${name}-source-events`);
  const [mapping] = Object.values(
    await call<Record<string, { mappings: object }>>("GET", `/${name}-source-events-g0-202611/_mapping`),
  );
  await call("DELETE", `/${name}-source-*`);
  const collect = collectorOn(await open(`${name}-collected`));
  await open(`${name}-fed`);
  const fed = `${name}-fed-events-bodies-v0001`;
  await call("PUT", `/${fed}`, { mappings: mapping?.mappings });
  const perTurn = Math.ceil(bodies.length / TURNS);
  return Array.from({ length: TURNS }, (_, i) => ({
    collector: () => collectAll(collect, all.slice(i * TURN_MESSAGES, (i + 1) * TURN_MESSAGES)),
    feeder: () => feedAll(call, fed, bodies.slice(i * perTurn, (i + 1) * perTurn)),
  }));
}

/** Puts a process and all its threads onto some of the cores. False where that cannot be done. */
function pin(pid: number, cores: string): boolean {
  try {
    execFileSync("taskset", ["-a", "-p", "-c", cores, String(pid)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function compareWriting(): Promise<void> {
  console.log("\nThe collector against two loops around _bulk with the same documents, median of turns");
  const rows = [await compare("all share the cores", await turnsOf("shared"), TURN_EVENTS)];
  if (pin(node.pid, "0") && pin(process.pid, "1")) {
    rows.push(await compare("the server has a core of its own", await turnsOf("apart"), TURN_EVENTS));
    for (const pid of [node.pid, process.pid]) pin(pid, `0-${cpus().length - 1}`);
  } else {
    console.log("taskset is not there: nothing could be given a core of its own.");
  }
  console.table(rows);
  await call("DELETE", "/shared-*,apart-*");
}

async function bytesPerEvent(alias: string, events: number): Promise<number> {
  await call("POST", `/${alias}/_flush`);
  await delay(11_000); // The server keeps its sizes for ten seconds.
  const stats = await call<{ _all: { primaries: { store: { size_in_bytes: number } } } }>(
    "GET",
    `/${alias}/_stats/store`,
  );
  return Math.round(stats._all.primaries.store.size_in_bytes / events);
}

async function load(store: OpenSearchStore, alias: string, events: number): Promise<void> {
  const collect = collectorOn(store);
  const total = events / PER_MESSAGE;
  let ms = 0;
  for (let at = 0; at < total; at += TURN_MESSAGES) {
    ms += await collectAll(collect, messages(at, Math.min(TURN_MESSAGES, total - at), events));
    if (process.stderr.isTTY) process.stderr.write(`\r${Math.round(((at + TURN_MESSAGES) / total) * 100)} % loaded `);
  }
  await store.refresh();
  const rate = Math.round((events / ms) * 1000);
  console.log(
    `\n${events.toLocaleString("en")} events loaded at ${rate}/s, ${await bytesPerEvent(alias, events)} bytes each.`,
  );
}

try {
  console.log(`Heap of the server: ${HEAP}`);
  const warm = await open("warm");
  await collectAll(collectorOn(warm), messages(0, TURN_MESSAGES, TURN_EVENTS));
  await call("DELETE", "/warm-*");
  await compareWriting();

  for (const events of SIZES) {
    const prefix = `main-${events}`;
    const store = await open(prefix);
    await load(store, `${prefix}-events`, events);
    console.log("Questions, median of 15 by turns, the server's request cache off");
    console.table(await askBothWays(store, call, `${prefix}-events`));
    await call("DELETE", `/${prefix}-*`);
  }
} finally {
  await node.stop();
  await registry.close();
}
