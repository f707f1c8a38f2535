// Funnels, funnels in order, retention and paths on both stores, beside the same questions written by hand. EVENTS…, default 1000000.
import { createSqliteRegistry } from "@millrace/access";
import type { EventStore } from "@millrace/core";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { createOpenSearchStore } from "@millrace/store-opensearch";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOpenSearch } from "../scripts/servers/opensearch.ts";
import { caller, median } from "./collector/server.ts";
import { openBare, type Asker } from "./query/duckdb.ts";
import { DAY, eventAt, START } from "./query/events.ts";
import { bareAsker } from "./query/opensearch.ts";
import { OURS, type Kind } from "./query/questions.ts";

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000_000];
if (!SIZES.every((size) => Number.isInteger(size) && size >= 1_000)) {
  console.error("npm run bench -- query [EVENTS…]: whole numbers of events, a thousand at least.");
  process.exit(2);
}
const RUNS = 7;
const PER_APPEND = 5_000;
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
    await load(loading, size);
    await loading.close();
    // A file has one user at a time, so one way is asked after the other.
    const bare = await openBare(path);
    const byHand = await timed(bare.ask);
    bare.close();
    const store = await open();
    const ours = await timed((kind) => OURS[kind](store));
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
    return tableOf(await timed((kind) => OURS[kind](store)), await timed(byHand));
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

/** Of each kind its answer and the median of some runs, after one that nobody counts. */
async function timed(ask: Asker): Promise<Map<Kind, { answer: string; ms: number }>> {
  const results = new Map<Kind, { answer: string; ms: number }>();
  for (const kind of KINDS) {
    const times: number[] = [];
    let answer = "";
    for (let run = -1; run < RUNS; run++) {
      const start = performance.now();
      answer = await ask(kind);
      if (run >= 0) times.push(performance.now() - start);
    }
    results.set(kind, { answer, ms: median(times) });
  }
  return results;
}

/** @throws Error when the two ways do not come to the same: their times could not be compared */
function tableOf(ours: Awaited<ReturnType<typeof timed>>, byHand: Awaited<ReturnType<typeof timed>>): object[] {
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
