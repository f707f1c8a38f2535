// Funnels, funnels in order, retention and paths on both stores, beside the same questions written by hand. EVENTS…, default 1000000.
import { createSqliteRegistry } from "@millrace/access";
import type { EventStore } from "@millrace/core";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { createOpenSearchStore } from "@millrace/store-opensearch";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOpenSearch } from "../scripts/servers/opensearch.ts";
import { caller, median } from "./collector/server.ts";
import { openBare } from "./query/duckdb.ts";
import { DAY, eventAt, START } from "./query/events.ts";
import { bareAsker } from "./query/opensearch.ts";
import { multiply } from "./query/multiply.ts";
import { OURS, type Asker, type Kind } from "./query/questions/index.ts";

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000_000];
if (!SIZES.every((size) => Number.isInteger(size) && size >= 1_000 && (size <= 1_000_000 || size % 1_000_000 === 0))) {
  console.error("npm run bench -- query [EVENTS…]: a thousand to a million events, or whole millions.");
  process.exit(2);
}
const RUNS = 7;
const PER_APPEND = 5_000;
const MILLION = 1_000_000;
const KINDS = Object.keys(OURS) as Kind[];
const clock = { now: () => START + 10 * DAY };
const node = await startOpenSearch({ heap: process.env["BENCH_HEAP"] ?? "2g" });

try {
  for (const size of SIZES) {
    console.log(`\n${size} events, DuckDB`);
    console.table(await onDuckDb(size));
    console.log(`\n${size} events, OpenSearch`);
    console.table(await onOpenSearch(size));
  }
} finally {
  await node.stop();
}

async function onDuckDb(size: number): Promise<object[]> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-bench-"));
  try {
    const path = join(folder, "events.duckdb");
    const open = () => createDuckDbStore({ path, clock: { now: Date.now } });
    const loading = await open();
    await load(loading, Math.min(size, MILLION));
    await loading.close();
    if (size > MILLION) {
      await multiply(path, size / MILLION);
      // Opened once, the file knows its runs.
      await (await open()).close();
    }
    // A file has one user at a time, so each way has a copy.
    await copyFile(path, `${path}.copy`);
    const store = await open();
    const bare = await openBare(`${path}.copy`);
    const [ours, byHand] = await timed((kind) => OURS[kind](store), bare.ask);
    bare.close();
    await store.close();
    return tableOf(ours, byHand);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function onOpenSearch(size: number): Promise<object[]> {
  const prefix = `bench-${size}`;
  const store = createOpenSearchStore({
    connection: { node: node.url },
    registry: createSqliteRegistry({ path: ":memory:", clock }),
    clock,
    prefix,
    refreshInterval: "-1",
    actorRows: 2 * size + 1_000,
  });
  try {
    await store.prepare();
    await load(store, size);
    await store.refresh();
    const call = caller(node.url);
    await call("PUT", `/${prefix}-events-*/_settings`, { "index.requests.cache.enable": false });
    const byHand = bareAsker(call, `${prefix}-events-*`);
    return tableOf(...(await timed((kind) => OURS[kind](store), byHand)));
  } finally {
    await store.close();
  }
}

async function load(store: EventStore, size: number): Promise<void> {
  for (let from = 0; from < size; from += PER_APPEND) {
    const count = Math.min(PER_APPEND, size - from);
    await store.append(Array.from({ length: count }, (_, i) => eventAt(from + i, size)));
  }
}

type Times = Map<Kind, { readonly answer: string; readonly ms: number }>;

/** Of each kind the answer and the median of some runs, both ways in turns, after one that nobody counts. */
async function timed(...ways: readonly [Asker, Asker]): Promise<[Times, Times]> {
  const results: [Times, Times] = [new Map(), new Map()];
  for (const kind of KINDS) {
    const runs: [number[], number[]] = [[], []];
    const answers: [string, string] = ["", ""];
    for (let run = -1; run < RUNS; run++) {
      for (const way of [0, 1] as const) {
        const start = performance.now();
        answers[way] = await ways[way](kind);
        if (run >= 0) runs[way].push(performance.now() - start);
      }
    }
    for (const way of [0, 1] as const) results[way].set(kind, { answer: answers[way], ms: median(runs[way]) });
  }
  return results;
}

/** @throws Error when the two ways do not come to the same: their times could not be compared */
function tableOf(ours: Times, byHand: Times): object[] {
  return KINDS.map((kind) => {
    const [a, b] = [ours.get(kind), byHand.get(kind)];
    if (!a || !b || a.answer !== b.answer) throw new Error(`${kind}: ours ${a?.answer}, by hand ${b?.answer}`);
    return {
      question: kind,
      "ours ms": a.ms.toFixed(1),
      "by hand ms": b.ms.toFixed(1),
      ratio: (a.ms / b.ms).toFixed(2),
    };
  });
}
