// How long a search among many executions takes on one machine, and what keeping them costs.
//
// `npm run bench -- executions [rows]`, by default ten million over thirty days: one in a thousand failed, one in fifty is slow, each is of
// one of 500 projects and has a batch of its own.
import { DuckDBInstance } from "@duckdb/node-api";
import { CERTAINTY, type ExecutionOrder, type ExecutionSearch, type StoredExecution } from "@millrace/core";
import { createDuckDbExecutions } from "@millrace/store-duckdb";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROWS = Number(process.argv.at(-1)) || 10_000_000;
const DAY_MS = 86_400_000;
const TO = Date.UTC(2026, 10, 29);
const FROM = TO - 30 * DAY_MS;
const RUNS = 7;
const COMMON = "messages.failed=0";
const directory = mkdtempSync(join(tmpdir(), "millrace-bench-"));
const path = join(directory, "executions.duckdb");

/** In SQL: a row at a time would take many minutes. The line is as long as one of ours with three spans, and as unlike its neighbours. */
const FILL = `INSERT INTO executions
  SELECT ${FROM} + (i * ${TO - FROM}) // ${ROWS}, id, function, duration, ceil(ln(greatest(duration, 0.1) / 0.1) / ln(1.05)),
    CASE WHEN failed THEN 'failed' ELSE 'ok' END, i % 500 = 0, 'pubsub', 100000000 + (hash(i + 3) % 200000000)::BIGINT,
    CASE WHEN failed THEN 'kind' || (hash(i + 4) % 20) END, CASE WHEN failed THEN 'Error: no' END,
    ['project=p' || (hash(i + 5) % 500), 'batch=' || id, 'events.stored=' || (hash(i + 6) % 300), '${COMMON}'], 1, 3, 200,
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
  const find = (search: ExecutionSearch, order: ExecutionOrder = "newest") => executions.find(search, order, 50);
  // A day is filed by its labels between two writes.
  const start = performance.now();
  for (let day = 0; day <= 30; day++) await executions.put([execution(`first-${day}`, TO)]);
  console.log(
    `filed by their labels in ${Math.round((performance.now() - start) / 1000)} s, ${Math.round(statSync(path).size / 1e6)} MB`,
  );
  console.log(`${"search".padEnd(52)}${"median ms".padStart(10)}${"slowest".padStart(10)}${"CPU ms".padStart(10)}`);
  await measure("the last hour's failures", () => find({ ...hour, status: "any-failure" }));
  await measure("failures of 30 days, newest", () => find({ ...all, status: "any-failure" }));
  await measure("one kind of failure of 30 days", () => find({ ...all, fingerprint: "kind7" }));
  await measure("slowest of one function of 30 days", () => find({ ...all, function: "query" }, "slowest"));
  await measure("one project's failures of 30 days", () =>
    find({ ...all, status: "any-failure", labels: ["project=p7"] }),
  );
  const its = { ...all, labels: ["project=p7"] };
  await measure("one project's of 30 days, newest", () => find(its));
  await measure("one project's of 30 days, slowest", () => find(its, "slowest"));
  await measure("one batch of 30 days", () => find({ ...all, labels: [`batch=${String(first?.[0])}`] }));
  await measure("those with a label that all have, slowest", () => find({ ...all, labels: [COMMON] }, "slowest"));
  await measure("largest of one function of 30 days", () => find({ ...all, function: "query" }, "largest"));
  await measure("memory above 290 MB of 30 days", () => find({ ...all, minMemory: 290_000_000 }));
  await measure("one by its id", () => executions.get(String(first?.[0])));
  await measure("counts and percentiles of an hour", () => executions.durations(hour, [hour.from, hour.to]));
  await measure("counts and percentiles of 30 days in 60 spans", () => executions.durations(all, edges));
  await measure("counts of one project in 60 spans", () => executions.durations(its, edges));
  await measure("counts of a label that all have in 60 spans", () =>
    executions.durations({ ...all, labels: [COMMON] }, edges),
  );
  await measure("counts of those above 100 ms in 60 spans", () =>
    executions.durations({ ...all, minDurationMs: 100 }, edges),
  );
  await measure("counts of those above 150 MB in 60 spans", () =>
    executions.durations({ ...all, minMemory: 150_000_000 }, edges),
  );
  await measure("kinds of failure of 30 days", () => executions.groups(all, "fingerprint", 20));
  await measure("1,000 more are put", (run) => executions.put(more(run)));
  await executions.close();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function measure(name: string, work: (run: number) => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  const cpu: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const before = process.cpuUsage();
    await work(run);
    const { user, system } = process.cpuUsage(before);
    times.push(performance.now() - start);
    cpu.push((user + system) / 1000);
  }
  for (const list of [times, cpu]) list.sort((a, b) => a - b);
  const shown = [times[Math.floor(RUNS / 2)], times.at(-1), cpu[Math.floor(RUNS / 2)]].map((ms) =>
    String(Math.round(ms ?? 0)).padStart(10),
  );
  console.log(name.padEnd(52) + shown.join(""));
}

function more(run: number): StoredExecution[] {
  return Array.from({ length: 1_000 }, (_, i) => execution(`more-${run}-${i}`, TO + i));
}

/** With an id as they are: those of one put lie among all others. */
function execution(name: string, startedAt: number): StoredExecution {
  return {
    id: createHash("md5").update(name).digest("hex"),
    function: "collector",
    startedAt,
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
  };
}
