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
import { openBare } from "./query/duckdb.ts";
import { DAY, eventAt, START } from "./query/events.ts";
import { bareAsker } from "./query/opensearch.ts";
import { multiply } from "./query/multiply.ts";
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

async function onDuckDb(): Promise<void> {
  for (const size of sizes) {
    const path = join(folder, `${size}.duckdb`);
    const open = (file = path) => createDuckDbStore({ path: file, clock: { now: Date.now } });
    if (!existsSync(path)) {
      // Under its name when it is whole.
      const unfinished = `${path}.loading`;
      await rm(unfinished, { force: true });
      const loading = await open(unfinished);
      await load(loading, Math.min(size, MILLION));
      await loading.close();
      if (size > MILLION) {
        await multiply(unfinished, size / MILLION);
        // Opened once, the file knows its runs.
        await (await open(unfinished)).close();
      }
      await rename(unfinished, path);
    }
    // A file has one user at a time, so each way has a copy.
    await copyFile(path, `${path}.copy`);
    const store = await open();
    const bare = await openBare(`${path}.copy`);
    try {
      await compare("DuckDB", size, (kind) => OURS[kind](store), bare.ask);
    } finally {
      bare.close();
      await store.close();
      await rm(`${path}.copy`);
    }
  }
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
        await compare("OpenSearch", size, (kind) => OURS[kind](store), bareAsker(call, `${prefix}-events-*`));
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
 * Asks each question some times, both ways in turns, after one that nobody counts, and prints the medians as they are known.
 * @throws Error when the two ways do not come to the same: their times could not be compared
 */
async function compare(store: string, size: number, ours: Asker, byHand: Asker): Promise<void> {
  console.log(`\n${size} events, ${store}`);
  const rows: object[] = [];
  for (const kind of kinds) {
    const [a, b] = await inTurns(kind, ours, byHand);
    if (a.answer !== b.answer) throw new Error(`${kind}: ours ${a.answer}, by hand ${b.answer}`);
    console.log(`${kind}: ${a.ms.toFixed(1)} / ${b.ms.toFixed(1)} = ${(a.ms / b.ms).toFixed(2)}`);
    rows.push({
      question: kind,
      "ours ms": a.ms.toFixed(1),
      "by hand ms": b.ms.toFixed(1),
      ratio: (a.ms / b.ms).toFixed(2),
    });
  }
  console.table(rows);
}

interface Timed {
  readonly answer: string;
  readonly ms: number;
}

async function inTurns(kind: Kind, ...ways: readonly [Asker, Asker]): Promise<[Timed, Timed]> {
  const times: [number[], number[]] = [[], []];
  const answers: [string, string] = ["", ""];
  for (let run = -1; run < runs; run++) {
    for (const way of [0, 1] as const) {
      const start = performance.now();
      answers[way] = await ways[way](kind);
      if (run >= 0) times[way].push(performance.now() - start);
    }
  }
  return [
    { answer: answers[0], ms: median(times[0]) },
    { answer: answers[1], ms: median(times[1]) },
  ];
}
