import { CERTAINTY, type StoredExecution } from "@millrace/core";
import { createExecutions, executionLine } from "@millrace/monitor";
import { expect, test } from "vitest";
import { createForwarder } from "./forward.ts";
import { executionOf } from "./from-log.ts";

const NOON = Date.UTC(2026, 10, 23, 12);

async function lineOf(name: string, work: () => Promise<unknown>, id = "run-1"): Promise<string> {
  let line = "";
  const executions = createExecutions({
    function: name,
    clock: { now: () => NOON },
    sink: (record) => void (line = executionLine(record)),
  });
  await executions.run({ kind: "schedule", name: "warm" }, async () => {});
  await executions
    .run(
      {
        kind: "queue",
        messages: 2,
        events: 5,
        oldestAgeMs: 3,
        maxReceiveCount: 1,
        projects: ["p1", "p2"],
        batches: ["b1"],
      },
      async (execution) => {
        execution.label("events.stored", 5);
        execution.metric("tries", 2);
        await work();
      },
      { requestId: id },
    )
    .catch(() => {});
  return line;
}

const at = (text: string) => ({ text, at: NOON + 5, function: "collector" });

test("a line of ours becomes an execution that is found by function, status, error, projects, batches, labels and metrics", async () => {
  const text = await lineOf("collector", () => Promise.reject(new Error("disk full")));
  expect(executionOf(at(text))).toEqual({
    id: "run-1",
    function: "collector",
    startedAt: NOON,
    durationMs: expect.any(Number),
    status: "failed",
    cold: false,
    trigger: "pubsub",
    memory: expect.any(Number),
    fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
    error: "Error: disk full",
    labels: ["events.stored=5", "tries=2", "project=p1", "project=p2", "batch=b1"],
    weight: 1,
    certainty: CERTAINTY.final,
    line: text,
  });
});

/** Lambda's report as its telemetry schema has it. */
const report = (record: object) =>
  JSON.stringify({
    time: new Date(NOON).toISOString(),
    type: "platform.report",
    record: {
      requestId: "run-2",
      metrics: { durationMs: 60_000, billedDurationMs: 60_000, memorySizeMB: 512, maxMemoryUsedMB: 210 },
      ...record,
    },
  });

test.each([
  ["a timeout", { status: "timeout" }, "timeout"],
  ["no memory, by name", { status: "error", errorType: "Runtime.OutOfMemory" }, "out-of-memory"],
  [
    "no memory, by what was used",
    {
      status: "failure",
      errorType: "Runtime.ExitError",
      metrics: { durationMs: 60_000, memorySizeMB: 512, maxMemoryUsedMB: 512 },
    },
    "out-of-memory",
  ],
  ["a process that ended", { status: "failure", errorType: "Runtime.ExitError" }, "failed"],
])("the platform's report of %s is an execution, although the process could say nothing", (_name, record, status) => {
  expect(executionOf(at(report(record)))).toMatchObject({
    id: "run-2",
    function: "collector",
    startedAt: NOON + 5 - 60_000,
    status,
    certainty: CERTAINTY.platform,
    error: expect.any(String),
    fingerprint: expect.any(String),
  });
});

test("a process that did not start is an execution of its own, the same one however often it is read", () => {
  const start = (record: object) => at(JSON.stringify({ type: "platform.initReport", record }));
  const failed = {
    phase: "init",
    status: "error",
    errorType: "Runtime.ImportModuleError",
    metrics: { durationMs: 300 },
  };
  expect(executionOf(start(failed))).toMatchObject({
    id: expect.stringMatching(/^start-[0-9a-f]{32}$/),
    function: "collector",
    status: "failed",
    cold: true,
    error: "Runtime.ImportModuleError",
    labels: ["phase=start"],
  });
  expect(executionOf(start(failed))).toEqual(executionOf(start(failed)));
  expect(executionOf(start({ ...failed, status: "timeout" }))).toMatchObject({ status: "timeout" });
  expect(executionOf(start({ ...failed, status: "success" }))).toBeUndefined();
  // Its run has a report that says the same.
  expect(executionOf(start({ ...failed, phase: "invoke" }))).toBeUndefined();
});

test.each([
  ["text", "Slack refused with 404"],
  ["JSON of something else", '{"replay":{"messages":5}}'],
  ["a good report", report({ status: "success" })],
  ["half a line", '{"type":"execution","faas.invocation_id":"x"'],
  ["no id", '{"type":"execution"}'],
  ["a list", '["execution"]'],
])("%s is no execution", (_name, text) => expect(executionOf(at(text))).toBeUndefined());

test("a line that lies about its time, or is hostile in every field, is one execution and harms nothing", () => {
  const text = JSON.stringify({
    type: "execution",
    timestamp: "9999-01-01T00:00:00Z",
    "faas.invocation_id": "x".repeat(5_000),
    "faas.name": 5,
    "millrace.duration_ms": "long",
    "millrace.status": "splendid",
    "millrace.labels": Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`l${i}`, "v".repeat(5_000)])),
    "millrace.source.projects": "none",
  });
  const execution = executionOf(at(text)) as StoredExecution;
  expect(execution).toMatchObject({ startedAt: NOON + 5, function: "collector", durationMs: 0, status: "ok" });
  expect(execution.id.length).toBeLessThan(500);
  expect(execution.labels.length).toBeLessThan(500);
});

test("of the ordinary runs of ingest one in a hundred is kept and stands for them; failures, and everybody else's, all are", async () => {
  const put: StoredExecution[] = [];
  const forward = createForwarder({ put: async (executions) => void put.push(...executions) });
  const ordinary = await lineOf("ingest", async () => {});
  const failed = await lineOf("ingest", () => Promise.reject(new Error("no")), "failed");
  const query = await lineOf("query", async () => {}, "query");
  const many = Array.from({ length: 20_000 }, (_, i) => at(ordinary.replace('"run-1"', `"run-${i}"`)));
  const lines = [...many, at(failed), at(query), at("noise")];
  await forward(lines);
  const kept = put.filter(({ id }) => id.startsWith("run-"));
  expect(kept.length).toBeGreaterThan(140);
  expect(kept.length).toBeLessThan(260);
  expect(new Set(kept.map(({ weight }) => weight))).toEqual(new Set([100]));
  expect(put.filter(({ weight }) => weight === 1).map(({ id }) => id)).toEqual(["failed", "query"]);
  const before = put.splice(0);
  await forward(lines);
  expect(put).toEqual(before);
});
