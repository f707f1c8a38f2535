import { currentExecution, span } from "@millrace/core/execution";
import { expect, test } from "vitest";
import { createExecutions } from "./execution.ts";
import { executionLine } from "./line.ts";
import { MAX_LABELS, MAX_SPANS, type ExecutionRecord, type QueueSource } from "./record.ts";

const NIGHTLY = { kind: "schedule", name: "nightly" } as const;

function recording(options: { sink?: (record: ExecutionRecord) => void } = {}) {
  const records: ExecutionRecord[] = [];
  let ids = 0;
  const executions = createExecutions({
    function: "collector",
    clock: { now: () => 1_000 },
    newId: () => `id-${++ids}`,
    memoryLimitMb: 512,
    sink: options.sink ?? ((record) => void records.push(record)),
  });
  return { executions, records };
}

test("a run is recorded with its id, source, memory and labels, and its result passes unchanged", async () => {
  const { executions, records } = recording();
  const result = await executions.run(NIGHTLY, async (execution) => {
    execution.label("events", 3);
    return "done";
  });
  expect(result).toBe("done");
  expect(records).toHaveLength(1);
  const [record] = records;
  expect(record).toMatchObject({
    id: "id-1",
    function: "collector",
    startedAt: 1_000,
    source: NIGHTLY,
    labels: { events: 3 },
    error: null,
  });
  expect(record?.memory.limit).toBe(512 * 1024 * 1024);
  expect(record?.memory.rss).toBeGreaterThan(record?.memory.heapUsed ?? 0);
});

test("only the first run of a process is a cold start", async () => {
  const { executions, records } = recording();
  await executions.run(NIGHTLY, async () => {});
  await executions.run(NIGHTLY, async () => {});
  expect(records.map((record) => record.coldStart)).toEqual([true, false]);
});

test("the platform's request id wins over a minted one", async () => {
  const { executions, records } = recording();
  await executions.run(NIGHTLY, async () => {}, { requestId: "lambda-7" });
  expect(records[0]?.id).toBe("lambda-7");
});

test("spans of calls made deep inside end up in the record, failed ones with the error's name", async () => {
  const { executions, records } = recording();
  await executions.run(NIGHTLY, async () => {
    await span("sqs.send", { bytes: 3 }, async () => {});
    await span("duckdb.append", undefined, () => Promise.reject(new TypeError("no"))).catch(() => {});
  });
  expect(records[0]?.spans.map(({ name, error, attributes }) => ({ name, error, attributes }))).toEqual([
    { name: "sqs.send", error: undefined, attributes: { bytes: 3 } },
    { name: "duckdb.append", error: "TypeError", attributes: undefined },
  ]);
});

test("executions that overlap do not see each other", async () => {
  const { executions, records } = recording();
  const gate = Promise.withResolvers<void>();
  const first = executions.run(NIGHTLY, async () => {
    await gate.promise;
    currentExecution()?.label("who", "first");
  });
  await executions.run(NIGHTLY, async () => currentExecution()?.label("who", "second"));
  gate.resolve();
  await first;
  expect(records.map((record) => record.labels["who"])).toEqual(["second", "first"]);
});

test("work that throws is recorded with the error's frames and causes, and still throws", async () => {
  const { executions, records } = recording();
  const failure = new RangeError("too far", { cause: new Error("disk full") });
  await expect(executions.run(NIGHTLY, () => Promise.reject(failure))).rejects.toBe(failure);
  expect(records[0]?.error).toMatchObject({ name: "RangeError", message: "too far", causes: ["Error: disk full"] });
  expect(records[0]?.error?.stack).toContain("execution.test.ts");
});

test("a sink that throws harms neither result nor error", async () => {
  const { executions } = recording({
    sink: () => {
      throw new Error("sink broken on purpose");
    },
  });
  await expect(executions.run(NIGHTLY, async () => 5)).resolves.toBe(5);
  await expect(executions.run(NIGHTLY, () => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
});

test("thousands of spans and labels cannot blow up the record; what was dropped is counted", async () => {
  const { executions, records } = recording();
  await executions.run(NIGHTLY, async (execution) => {
    for (let i = 0; i < MAX_SPANS + 5; i++) execution.startSpan("s").end();
    for (let i = 0; i < MAX_LABELS + 5; i++) execution.label(`l${i}`, "x".repeat(9_999));
    execution.label("l0", "again");
  });
  const record = records[0];
  expect(record?.spans).toHaveLength(MAX_SPANS);
  expect(record?.droppedSpans).toBe(5);
  expect(Object.keys(record?.labels ?? {})).toHaveLength(MAX_LABELS);
  expect(record?.labels["l0"]).toBe("again");
  expect(executionLine(record as ExecutionRecord).length).toBeLessThan(256_000);
});

test("the line is one flat JSON object with OpenTelemetry's names", async () => {
  const { executions, records } = recording();
  const source: QueueSource = { kind: "queue", messages: 10, events: 0, oldestAgeMs: null, maxReceiveCount: 2 };
  await executions.run(source, async () => {
    source.events = 250;
    source.oldestAgeMs = 40;
  });
  const line = executionLine(records[0] as ExecutionRecord);
  expect(line).not.toContain("\n");
  expect(JSON.parse(line)).toMatchObject({
    type: "execution",
    timestamp: "1970-01-01T00:00:01.000Z",
    "faas.name": "collector",
    "faas.invocation_id": "id-1",
    "faas.coldstart": true,
    "faas.trigger": "pubsub",
    "messaging.batch.message_count": 10,
    "millrace.source.events": 250,
    "millrace.source.oldest_age_ms": 40,
    "millrace.source.max_receive_count": 2,
  });
});
