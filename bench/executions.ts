// How long a search among many executions takes on one machine, and what keeping them costs.
//
// `npm run bench -- executions [rows]`, by default ten million over thirty days: one in a thousand failed, one in fifty is slow.
import { DuckDBInstance } from "@duckdb/node-api";
import { CERTAINTY, type ExecutionSearch, type StoredExecution } from "@millrace/core";
import { createDuckDbExecutions } from "@millrace/store-duckdb";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROWS = Number(process.argv.at(-1)) || 10_000_000;
const DAY_MS = 86_400_000;
const TO = Date.UTC(2026, 10, 29);
const FROM = TO - 30 * DAY_MS;
const RUNS = 7;
const directory = mkdtempSync(join(tmpdir(), "millrace-bench-"));
const path = join(directory, "executions.duckdb");

/** In SQL: a row at a time would take many minutes. The line is as long as one of ours with three spans, and as unlike its neighbours. */
const FILL = `INSERT INTO executions
  SELECT ${FROM} + (i * ${TO - FROM}) // ${ROWS}, id, function, duration, ceil(ln(greatest(duration, 0.1) / 0.1) / ln(1.05)),
    CASE WHEN failed THEN 'failed' ELSE 'ok' END, i % 500 = 0, 'pubsub', 100000000 + (hash(i + 3) % 200000000)::BIGINT,
    CASE WHEN failed THEN 'kind' || (hash(i + 4) % 20) END, CASE WHEN failed THEN 'Error: no' END,
    ['project=p' || (hash(i + 5) % 500), 'events.stored=' || (hash(i + 6) % 300), 'messages.failed=0'], 1, 3, 200,
    '{"type":"execution","faas.invocation_id":"' || id || '","text":"' || repeat(id, 4) || '"}', md5_number_lower(id)
  FROM (SELECT i, md5(i::VARCHAR) AS id, hash(i + 1) % 1000 = 0 AS failed,
    CASE WHEN hash(i + 2) % 50 = 0 THEN 1000 + hash(i + 7) % 4000 ELSE 5 + hash(i + 8) % 200 END::DOUBLE AS duration,
    ['ingest', 'collector', 'query'][1 + (hash(i + 9) % 3)::INTEGER] AS function FROM range(${ROWS}) t(i))`;

try {
  await (await createDuckDbExecutions({ path })).close();
  const instance = await DuckDBInstance.create(path, { memory_limit: "2GB" });
  const connection = await instance.connect();
  await connection.run(FILL);
  await connection.run("CHECKPOINT");
  const [first] = (
    await connection.runAndReadAll(`SELECT id FROM executions LIMIT 1 OFFSET ${Math.floor(ROWS / 3)}`)
  ).getRows();
  connection.closeSync();
  instance.closeSync();
  console.log(`${ROWS.toLocaleString("en")} executions, ${Math.round(statSync(path).size / 1e6)} MB`);

  const executions = await createDuckDbExecutions({ path, memoryLimit: "400MB" });
  const all: ExecutionSearch = { from: FROM, to: TO };
  const hour: ExecutionSearch = { from: TO - DAY_MS / 24, to: TO };
  const edges = Array.from({ length: 61 }, (_, i) => FROM + (i * (TO - FROM)) / 60);
  const find = (search: ExecutionSearch, order: "newest" | "slowest" = "newest") => executions.find(search, order, 50);
  console.log(`${"search".padEnd(52)}${"median ms".padStart(10)}${"slowest".padStart(10)}`);
  await measure("the last hour's failures", () => find({ ...hour, status: "any-failure" }));
  await measure("failures of 30 days, newest", () => find({ ...all, status: "any-failure" }));
  await measure("one kind of failure of 30 days", () => find({ ...all, fingerprint: "kind7" }));
  await measure("slowest of one function of 30 days", () => find({ ...all, function: "query" }, "slowest"));
  await measure("one project's failures of 30 days", () =>
    find({ ...all, status: "any-failure", labels: ["project=p7"] }),
  );
  await measure("one project's of 30 days, newest", () => find({ ...all, labels: ["project=p7"] }));
  await measure("memory above 290 MB of 30 days", () => find({ ...all, minMemory: 290_000_000 }));
  await measure("one by its id", () => executions.get(String(first?.[0])));
  await measure("counts and percentiles of an hour", () => executions.durations(hour, [hour.from, hour.to]));
  await measure("counts and percentiles of 30 days in 60 spans", () => executions.durations(all, edges));
  await measure("kinds of failure of 30 days", () => executions.groups(all, "fingerprint", 20));
  await measure("1,000 more are put", (run) => executions.put(more(run)));
  await executions.close();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function measure(name: string, work: (run: number) => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await work(run);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const shown = [times[Math.floor(RUNS / 2)], times.at(-1)].map((ms) => String(Math.round(ms ?? 0)).padStart(10));
  console.log(name.padEnd(52) + shown.join(""));
}

function more(run: number): StoredExecution[] {
  return Array.from({ length: 1_000 }, (_, i) => ({
    id: `more-${run}-${i}`,
    function: "collector",
    startedAt: TO + i,
    durationMs: 20,
    status: "ok",
    cold: false,
    trigger: "pubsub",
    memory: 1,
    fingerprint: null,
    error: null,
    labels: ["project=p7"],
    weight: 1,
    certainty: CERTAINTY.final,
    line: "{}",
  }));
}
