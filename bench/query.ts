// Every kind of question on both stores, beside the same written by hand; --help tells how to keep its events between runs.
import { createSqliteRegistry } from "@millrace/access";
import type { EventStore } from "@millrace/core";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { createOpenSearchStore } from "@millrace/store-opensearch";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startOpenSearch } from "../scripts/servers/opensearch.ts";
import { caller, median } from "./collector/server.ts";
import { cpuTime } from "./process/cpu.ts";
import { openBare } from "./query/duckdb.ts";
import { multiply } from "./events/multiply.ts";
import { DAY, eventAt, squeezed, START } from "./query/events.ts";
import { bareAsker } from "./query/opensearch.ts";
import { readOptions } from "./query/options.ts";
import { OURS, type Asker, type Kind } from "./query/questions/index.ts";

const { sizes, stores, kinds, runs, data } = readOptions();
const PER_APPEND = 5_000;
const MILLION = 1_000_000;
const clock = { now: () => START + 10 * DAY };
const folder = data === undefined ? await mkdtemp(join(tmpdir(), "millrace-bench-")) : resolve(data);

try {
  await mkdir(folder, { recursive: true });
  for (const store of stores) await (store === "duckdb" ? onDuckDb() : onOpenSearch());
} finally {
  if (data === undefined) await rm(folder, { recursive: true });
}

function openDuckDb(path: string): ReturnType<typeof createDuckDbStore> {
  return createDuckDbStore({ path, clock: { now: Date.now } });
}

async function onDuckDb(): Promise<void> {
  for (const size of sizes) {
    const path = await duckDbOf(size);
    // A file has one user at a time, so each way has a copy.
    await copyFile(path, `${path}.copy`);
    const store = await openDuckDb(path);
    const bare = await openBare(`${path}.copy`);
    try {
      await compare("DuckDB", size, [(kind) => OURS[kind](store), bare.ask], process.pid);
    } finally {
      bare.close();
      await store.close();
      await rm(`${path}.copy`);
    }
  }
}

/** The file of so many events, loaded where it is not there yet. */
async function duckDbOf(size: number): Promise<string> {
  const path = join(folder, `${size}.duckdb`);
  if (existsSync(path)) return path;
  // Under its name when it is whole.
  const unfinished = `${path}.loading`;
  await rm(unfinished, { force: true });
  if (size > MILLION) {
    await copyFile(await duckDbOf(MILLION), unfinished);
    await multiply(unfinished, size / MILLION, squeezed(size / MILLION));
  }
  // Opened once, a file that was multiplied knows its runs.
  const store = await openDuckDb(unfinished);
  if (size <= MILLION) await load(store, size);
  await store.close();
  await rename(unfinished, path);
  return path;
}

async function onOpenSearch(): Promise<void> {
  const dataDir = join(folder, "opensearch");
  const node = await startOpenSearch({ dataDir, heap: process.env["BENCH_HEAP"] ?? "2g" });
  try {
    for (const size of sizes) {
      const prefix = `bench-${size}`;
      const store = createOpenSearchStore({
        connection: { node: node.url },
        registry: createSqliteRegistry({ path: join(folder, `${prefix}.registry`), clock }),
        clock,
        prefix,
        refreshInterval: "-1",
        actorRows: 2 * size + 1_000,
      });
      try {
        await store.prepare();
        await store.refresh();
        // What an earlier run has left unfinished is loaded again: an event is stored once.
        const call = caller(node.url);
        const { count } = await call<{ count: number }>("GET", `/${prefix}-events-*/_count`);
        if (count < size) await load(store, size);
        await store.refresh();
        await call("PUT", `/${prefix}-events-*/_settings`, { "index.requests.cache.enable": false });
        const ways = [(kind: Kind) => OURS[kind](store), bareAsker(call, `${prefix}-events-*`)] as const;
        await compare("OpenSearch", size, ways, process.pid, node.pid);
      } finally {
        await store.close();
      }
    }
  } finally {
    await node.stop();
  }
}

async function load(store: EventStore, size: number): Promise<void> {
  for (let from = 0; from < size; from += PER_APPEND) {
    const count = Math.min(PER_APPEND, size - from);
    await store.append(Array.from({ length: count }, (_, i) => eventAt(from + i, size)));
  }
}

/**
 * Asks each question some times, both ways in turns, after one that nobody counts, and prints the medians as they are known. CPU is
 * that of the processes, all runs together: on a busy machine it is the steadier ratio.
 * @param processes this one, and that of an engine
 * @throws Error when the two ways do not come to the same: their times could not be compared
 */
async function compare(
  store: string,
  size: number,
  ways: readonly [ours: Asker, byHand: Asker],
  ...processes: readonly number[]
): Promise<void> {
  console.log(`\n${size} events, ${store}`);
  const rows: object[] = [];
  for (const kind of kinds) {
    const [a, b] = await inTurns(kind, ways, processes);
    if (a.answer !== b.answer) throw new Error(`${kind}: ours ${a.answer}, by hand ${b.answer}`);
    const row = {
      question: kind,
      "ours ms": a.ms.toFixed(1),
      "by hand ms": b.ms.toFixed(1),
      ratio: (a.ms / b.ms).toFixed(2),
      "CPU ms": `${a.cpuMs.toFixed(0)}, ${b.cpuMs.toFixed(0)}`,
      "CPU ratio": (a.cpuMs / b.cpuMs).toFixed(2),
    };
    console.log(Object.values(row).join("  "));
    rows.push(row);
  }
  console.table(rows);
}

interface Timed {
  readonly answer: string;
  readonly ms: number;
  /** Of one run, on average. */
  readonly cpuMs: number;
}

async function inTurns(
  kind: Kind,
  ways: readonly [Asker, Asker],
  processes: readonly number[],
): Promise<[Timed, Timed]> {
  const cpu = async () => {
    const spent = await Promise.all(processes.map(cpuTime));
    return spent.reduce((sum, { all }) => sum + all / 1_000, 0);
  };
  const times: [number[], number[]] = [[], []];
  const answers: [string, string] = ["", ""];
  const cpuMs: [number, number] = [0, 0];
  for (let run = -1; run < runs; run++) {
    for (const way of [0, 1] as const) {
      const [before, start] = [await cpu(), performance.now()];
      answers[way] = await ways[way](kind);
      const ms = performance.now() - start;
      if (run < 0) continue;
      times[way].push(ms);
      cpuMs[way] += (await cpu()) - before;
    }
  }
  const timed = (way: 0 | 1): Timed => ({ answer: answers[way], ms: median(times[way]), cpuMs: cpuMs[way] / runs });
  return [timed(0), timed(1)];
}
