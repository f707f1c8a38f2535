import { DuckDBInstance } from "@duckdb/node-api";
import { CERTAINTY, type ExecutionSearch, type StoredExecution } from "@millrace/core";
import { describeExecutionsContract } from "@millrace/core/contract";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createDuckDbExecutions } from "./executions.ts";

describeExecutionsContract({ name: "DuckDB", create: () => createDuckDbExecutions({ path: ":memory:" }) });

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function run(id: string, startedAt: number, more: Partial<StoredExecution> = {}): StoredExecution {
  return {
    id,
    function: "query",
    startedAt,
    durationMs: 5,
    status: "ok",
    cold: false,
    trigger: "http",
    memory: 1,
    fingerprint: null,
    error: null,
    labels: [],
    weight: 1,
    certainty: CERTAINTY.final,
    line: "{}",
    ...more,
  };
}

async function fileOf(): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "millrace-executions-")), "executions.duckdb");
  onTestFinished(() => rm(dirname(path), { recursive: true }));
  return path;
}

test("a file from before there were sums of hours and labels is counted as it was", async () => {
  const path = await fileOf();
  const before = await createDuckDbExecutions({ path });
  const labels = ["project=p"];
  await before.put([run("a", 0, { labels }), run("b", 1), run("c", HOUR, { labels }), run("d", 3 * DAY, { labels })]);
  await before.close();
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("DROP TABLE hour_sums");
  await connection.run("DROP TABLE labelled");
  await connection.run("CREATE TABLE hours (hour BIGINT)");
  connection.closeSync();
  instance.closeSync();
  const after = await createDuckDbExecutions({ path });
  onTestFinished(() => after.close());
  const [all] = await after.groups({ from: 0, to: 4 * DAY }, "function", 1);
  expect(all?.count).toBe(4);
  // Behind the days that are filed at the start.
  await after.put([run("e", 3 * DAY, { labels })]);
  const [its] = await after.groups({ from: 0, to: 4 * DAY, labels }, "function", 1);
  expect(its?.count).toBe(4);
});

test("what comes late, or comes again with another start, is found by its labels once, on either side of the end of what is filed", async () => {
  const executions = await createDuckDbExecutions({ path: ":memory:" });
  onTestFinished(() => executions.close());
  const labels = ["project=p"];
  await executions.put([run("a", 0, { labels }), run("b", DAY - 1, { labels }), run("c", DAY + 5 * HOUR, { labels })]);
  await executions.put([run("without labels", 1)]);
  const search = { from: 0, to: 2 * DAY, labels };
  const found = async () => (await executions.find(search, "newest", 9)).map(({ id }) => id);
  // The first day has been filed by when something else is written.
  await executions.put([run("d", DAY + 5 * HOUR + 1)]);
  await executions.put([run("e", DAY - 1 - HOUR / 2, { labels })]);
  expect(await found()).toEqual(["c", "b", "e", "a"]);
  await executions.put([run("b", DAY + 1, { labels })]);
  expect(await found()).toEqual(["c", "b", "e", "a"]);
  expect((await executions.groups(search, "function", 1)).map(({ count }) => count)).toEqual([4]);
  const all = await executions.find({ from: 0, to: 2 * DAY }, "newest", 9);
  expect(all.map(({ id }) => id)).toEqual(["d", "c", "b", "e", "without labels", "a"]);
});

test("days that are over are filed by their labels and hours by their sums; what goes on is not, and neither is it lost", async () => {
  const path = await fileOf();
  const executions = await createDuckDbExecutions({ path });
  const labels = ["project=p"];
  await executions.put([run("a", 0, { labels }), run("b", DAY + 1, { labels }), run("c", DAY + 5 * HOUR, { labels })]);
  const search = { from: 0, to: 2 * DAY, labels };
  expect((await executions.find(search, "newest", 9)).map(({ id }) => id)).toEqual(["c", "b", "a"]);
  // Late, of a day that is filed.
  await executions.put([run("d", HOUR, { labels })]);
  expect((await executions.find(search, "newest", 9)).map(({ id }) => id)).toEqual(["c", "b", "d", "a"]);
  expect((await executions.find(search, "newest", 2)).map(({ id }) => id)).toEqual(["c", "b"]);
  expect((await executions.groups(search, "function", 1)).map(({ count }) => count)).toEqual([4]);
  await executions.close();
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRows().map(([value]) => Number(value));
  expect(await rows("SELECT started_at FROM labelled ORDER BY 1")).toEqual([0, HOUR]);
  expect(await rows("SELECT hour FROM hour_sums ORDER BY 1")).toEqual([0, 1, 24]);
  connection.closeSync();
  instance.closeSync();
});

test("the largest and the slowest of a search are looked for among those it means, not among all", async () => {
  const executions = await createDuckDbExecutions({ path: ":memory:" });
  onTestFinished(() => executions.close());
  await executions.put([
    ...Array.from({ length: 5 }, (_, i) => run(`short-${i}`, i * HOUR, { durationMs: 1, memory: 900 })),
    ...Array.from({ length: 5 }, (_, i) => run(`long-${i}`, i * HOUR, { durationMs: 5_000, memory: 10 })),
    run("now", 9 * HOUR),
  ]);
  const ids = async (...of: Parameters<typeof executions.find>) => (await executions.find(...of)).map(({ id }) => id);
  const all = { from: 0, to: 8 * HOUR };
  const named = (found: readonly string[], prefix: string) => found.every((id) => id.startsWith(prefix));
  for (const [search, order, prefix] of [
    [all, "largest", "short"],
    [all, "slowest", "long"],
    [{ ...all, minDurationMs: 1_000 }, "largest", "long"],
    [{ ...all, minMemory: 500 }, "slowest", "short"],
  ] as const) {
    const found = await ids(search, order, 3);
    expect([found.length, named(found, prefix)], `${order} of ${JSON.stringify(search)}`).toEqual([3, true]);
  }
});

test("what sums and labels say of an answer changes none, over days, with what came late, was replaced and is gone", async () => {
  const path = await fileOf();
  let state = 7;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const START = Date.UTC(2026, 10, 1);
  const known = new Map<string, StoredExecution>();
  let made = 0;
  const some = (from: number, count: number): StoredExecution[] =>
    Array.from({ length: count }, () =>
      run(`run-${++made}`, from + Math.floor(random() * DAY), {
        function: pick(["ingest", "query", "collector"]),
        durationMs: Math.floor(random() * 3_000),
        status: random() < 0.2 ? "failed" : "ok",
        memory: random() < 0.1 ? null : Math.floor(random() * 1_000),
        weight: pick([1, 1, 100]),
        certainty: pick([CERTAINTY.platform, CERTAINTY.final]),
        labels: ["all=1", `project=p${Math.floor(random() * 4)}`, ...(random() < 0.3 ? ["rare=1", "rare=1"] : [])],
      }),
    );
  let executions = await createDuckDbExecutions({ path });
  onTestFinished(() => executions.close());
  const put = async (those: readonly StoredExecution[]) => {
    await executions.put(those);
    for (const each of those) if ((known.get(each.id)?.certainty ?? 0) <= each.certainty) known.set(each.id, each);
  };
  const searches: Omit<ExecutionSearch, "from" | "to">[] = [
    {},
    { function: "query" },
    { minDurationMs: 1_234 },
    { minMemory: 500 },
    { minDurationMs: 200, minMemory: 900, status: "any-failure" },
    { labels: ["project=p1"] },
    { labels: ["project=p1", "rare=1"], status: "any-failure" },
    { labels: ["rare=1"], minMemory: 300 },
    { labels: ["all=1"], minDurationMs: 2_500 },
    { labels: ["none=1"] },
  ];
  const expectTheSame = async () => {
    for (const which of searches)
      for (const [from, to] of [
        [START, START + 9 * DAY],
        [START + DAY / 2 + 17, START + 4 * DAY + HOUR],
      ] as const) {
        const search = { ...which, from, to };
        const those = [...known.values()].filter((each) => isMeant(each, search));
        const what = JSON.stringify(search);
        for (const [order, of] of [
          ["newest", ({ startedAt }: StoredExecution) => startedAt],
          ["slowest", ({ durationMs }: StoredExecution) => durationMs],
          ["largest", ({ memory }: StoredExecution) => memory ?? -1],
        ] as const) {
          const found = await executions.find(search, order, 20);
          const ranks = found.map(({ id }) => of(known.get(id) ?? run(id, -1)));
          expect(ranks, `${order} ${what}`).toEqual(
            those
              .map(of)
              .sort((a, b) => b - a)
              .slice(0, 20),
          );
          for (const each of found) expect(those.map(({ id }) => id)).toContain(each.id);
        }
        const edges = [from, from + DAY, to];
        const total = (counts: readonly { count: number }[]) => counts.reduce((sum, { count }) => sum + count, 0);
        const weights = those.reduce((sum, { weight }) => sum + weight, 0);
        expect(total(await executions.durations(search, edges)), what).toBe(weights);
        expect(total(await executions.groups(search, "function", 10)), what).toBe(weights);
      }
  };
  for (let day = 0; day < 6; day++) await put(some(START + day * DAY, 60));
  await expectTheSame();
  // Late, of days that are filed; and surer lines about runs that were filed, a moment apart.
  await put(some(START, 10));
  const again = [...known.values()].filter(({ certainty }) => certainty < CERTAINTY.final).slice(0, 20);
  await put(
    again.map((each) => ({ ...each, certainty: CERTAINTY.final, startedAt: each.startedAt + 3, durationMs: 77 })),
  );
  await expectTheSame();
  await executions.close();
  executions = await createDuckDbExecutions({ path });
  await put(some(START + 7 * DAY, 10));
  await expectTheSame();
  await executions.expire({ before: START + 2 * DAY, maxBytes: Number.MAX_SAFE_INTEGER });
  for (const [id, { startedAt }] of known) if (startedAt < START + 2 * DAY) known.delete(id);
  await expectTheSame();
});

function isMeant(each: StoredExecution, search: ExecutionSearch): boolean {
  const { from, to, labels = [], minDurationMs = 0, minMemory = -1 } = search;
  return (
    each.startedAt >= from &&
    each.startedAt < to &&
    (search.function === undefined || each.function === search.function) &&
    (search.status === undefined || each.status !== "ok") &&
    each.durationMs >= minDurationMs &&
    (each.memory ?? -1) >= minMemory &&
    labels.every((label) => each.labels.includes(label))
  );
}
