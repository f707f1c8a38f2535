import { CERTAINTY, type ExecutionSearch, type StoredExecution } from "@millrace/core";
import { describeExecutionsContract } from "@millrace/core/contract";
import { randomBytes } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { EXECUTION_MAPPING } from "../src/executions/documents.ts";
import { createOpenSearchExecutions } from "../src/index.ts";
import { openSearchUrl } from "./support.ts";

describeExecutionsContract({
  name: "OpenSearch",
  create: async () => {
    const prefix = `test-${randomBytes(5).toString("hex")}`;
    const node = openSearchUrl();
    const executions = createOpenSearchExecutions({ connection: { node }, prefix, visibleAtOnce: true });
    await executions.prepare();
    return {
      ...executions,
      async close() {
        await executions.expire({ before: Number.MAX_SAFE_INTEGER, maxBytes: 0 });
        await fetch(`${node}/_index_template/${prefix}-executions`, { method: "DELETE" });
        await executions.close();
      },
    };
  },
});

test("a month whose index is from before starts were dates is searched and counted with those after it", async () => {
  const prefix = `test-${randomBytes(5).toString("hex")}`;
  const node = openSearchUrl();
  const executions = createOpenSearchExecutions({ connection: { node }, prefix, visibleAtOnce: true });
  onTestFinished(async () => {
    await executions.expire({ before: Number.MAX_SAFE_INTEGER, maxBytes: 0 });
    await fetch(`${node}/_index_template/${prefix}-executions`, { method: "DELETE" });
    await executions.close();
  });
  await executions.prepare();
  const properties = { ...EXECUTION_MAPPING.properties, started_at: { type: "long" } };
  const made = await fetch(`${node}/${prefix}-executions-202610`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ mappings: { ...EXECUTION_MAPPING, properties } }),
  });
  expect(made.status).toBe(200);
  const [october, november] = [Date.UTC(2026, 9, 31, 23), Date.UTC(2026, 10, 1, 1)];
  const run = (id: string, startedAt: number): StoredExecution => ({
    id,
    function: "query",
    startedAt,
    durationMs: 5,
    status: "failed",
    cold: false,
    trigger: "http",
    memory: 1,
    fingerprint: "abc",
    error: "Error: no",
    labels: [],
    weight: 1,
    certainty: CERTAINTY.final,
    line: "{}",
  });
  await executions.put([
    run("old", october),
    run("older", october - 5),
    run("new", november),
    run("newer", november + 5),
  ]);
  const all = { from: october - 1_000, to: november + 1_000 };
  const ids = async (search: ExecutionSearch) => (await executions.find(search, "newest", 10)).map(({ id }) => id);
  expect(await ids(all)).toEqual(["newer", "new", "old", "older"]);
  expect(await ids({ from: october, to: november + 1 })).toEqual(["new", "old"]);
  const counts = await executions.durations(all, [all.from, october, november, all.to]);
  expect(counts.map(({ span, count }) => [span, count])).toEqual([
    [0, 1],
    [1, 1],
    [2, 2],
  ]);
  expect(await executions.groups(all, "fingerprint", 10)).toEqual([
    { value: "abc", count: 4, failed: 4, lastAt: november + 5 },
  ]);
});
