import { DuckDBInstance } from "@duckdb/node-api";
import { CERTAINTY, type StoredExecution } from "@millrace/core";
import { describeExecutionsContract } from "@millrace/core/contract";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createDuckDbExecutions } from "./executions.ts";

describeExecutionsContract({ name: "DuckDB", create: () => createDuckDbExecutions({ path: ":memory:" }) });

test("a file from before there were sums of hours is counted as it was", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "millrace-executions-")), "executions.duckdb");
  onTestFinished(() => rm(dirname(path), { recursive: true }));
  const hour = 3_600_000;
  const run = (id: string, startedAt: number): StoredExecution => ({
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
  });
  const before = await createDuckDbExecutions({ path });
  await before.put([run("a", 0), run("b", 1), run("c", hour), run("d", 3 * hour)]);
  await before.close();
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("DROP TABLE hours");
  connection.closeSync();
  instance.closeSync();
  const after = await createDuckDbExecutions({ path });
  onTestFinished(() => after.close());
  const [all] = await after.groups({ from: 0, to: 4 * hour }, "function", 1);
  expect(all?.count).toBe(4);
});
