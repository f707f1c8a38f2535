import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Lambda } from "../../../scripts/lambda/lambda.ts";
import { sqsEvent } from "../../../scripts/lambda/sqs-event.ts";
import type { FunctionName } from "../src/settings.ts";
import { serverUrl } from "./server-url.ts";
import { startSilentProxy, type SilentProxy } from "./silent-proxy.ts";
import { openSqsServer } from "./sqs-server.ts";
import { startFunction, type FunctionEnvironment } from "./start-function.ts";
import { createTables } from "./tables.ts";

// What goes wrong, put in on purpose, in the bundles that are deployed: their logs go through the forwarder's own bundle into OpenSearch,
// and each fault is found among ordinary runs by one search, as an operator asks for it.

const sqs = openSqsServer();
const stopping: (() => Promise<unknown>)[] = [() => sqs.close()];
const MB = 1024 * 1024;
const SLOW_MS = 4_000;
let environment: FunctionEnvironment;
let registry: SilentProxy;
let executions: Lambda;

beforeAll(async () => {
  const tables = await createTables();
  registry = await startSilentProxy(serverUrl("DYNAMODB_URL"));
  const { url, deadLetterUrl } = await sqs.createQueues({ maxReceiveCount: 3 });
  const prefix = `faults-${randomUUID().slice(0, 8)}`;
  const store = serverUrl("OPENSEARCH_URL");
  environment = {
    ...tables.environment,
    DYNAMODB_URL: registry.url,
    SQS_ENDPOINT: sqs.endpoint,
    SQS_QUEUE_URL: url,
    SQS_DEAD_LETTER_URL: deadLetterUrl,
    OPENSEARCH_URL: store,
    OPENSEARCH_PREFIX: prefix,
    OPENSEARCH_SHARDS: "1",
    OPENSEARCH_GROUPS: "1",
    OPENSEARCH_REPLICAS: "0",
    OPENSEARCH_REFRESH_SECONDS: "1",
    OPENSEARCH_BULK_BYTES: "4194304",
    EXECUTIONS_SAMPLED: "ingest",
    SST_RESOURCE_OtlpHeaders: JSON.stringify({ value: "off" }),
    TIME_BUDGET_FACTOR: "1000",
  };
  executions = await startFunction("executions", environment);
  const month = new Date().toISOString().slice(0, 7).replace("-", "");
  stopping.push(
    () => registry.close(),
    () => tables.remove(),
    () => fetch(`${store}/${prefix}-executions-${month}`, { method: "DELETE" }),
    () => fetch(`${store}/_index_template/${prefix}-executions`, { method: "DELETE" }),
    () => executions.stop(),
  );
  const ordinary = await start("admin");
  for (let i = 0; i < 10; i++) await ordinary.invoke({ action: "list-projects" });
  await forward("admin", ordinary);
});
afterAll(async () => {
  for (const stop of stopping.reverse()) await stop();
});

async function start(name: FunctionName, special: Parameters<typeof startFunction>[2] = {}): Promise<Lambda> {
  const lambda = await startFunction(name, environment, special);
  stopping.push(() => lambda.stop());
  return lambda;
}

/** As CloudWatch hands a function's log to whoever is subscribed. */
async function forward(name: FunctionName, from: Lambda): Promise<void> {
  const lines = from
    .log()
    .split("\n")
    .filter((line) => line.startsWith("{"));
  const batch = {
    messageType: "DATA_MESSAGE",
    logGroup: `/millrace/test/${name}`,
    logEvents: lines.map((message, id) => ({ id: String(id), timestamp: Date.now(), message })),
  };
  await executions.invoke({ awslogs: { data: gzipSync(JSON.stringify(batch)).toString("base64") } });
}

interface Found {
  readonly id: string;
  readonly function: string;
  readonly status: string;
  readonly error: string | null;
}

/** What one search finds, once it finds something: a line is visible a second after it was written. */
async function found(search: string): Promise<readonly Found[]> {
  const ask = async () => {
    const { status, body } = await executions.invoke<{ status: number; body: { executions: readonly Found[] } }>({
      ops: `executions?since=1h&${search}`,
    });
    expect(status).toBe(200);
    return body.executions;
  };
  await expect.poll(async () => (await ask()).length).toBeGreaterThan(0);
  return ask();
}

test("a thrown error: by its status, and by its kind", async () => {
  const admin = await start("admin");
  await expect(admin.invoke({ action: "no such thing" })).rejects.toThrow();
  await forward("admin", admin);
  expect(await found("status=failed&function=admin")).toMatchObject([{ error: expect.stringContaining("Error") }]);
});

test("a slow dependency: by its duration, and the call that took it is in the execution", async () => {
  const admin = await start("admin");
  await admin.invoke({ action: "list-projects" });
  registry.delay(SLOW_MS);
  await admin.invoke({ action: "list-projects" });
  registry.delay(0);
  await forward("admin", admin);
  const [slow] = await found(`status=ok&min_duration=${SLOW_MS}`);
  const { body } = await executions.invoke<{ body: { record: Record<string, unknown> } }>({
    ops: `executions/${slow?.id ?? ""}`,
  });
  const spans = body.record["millrace.spans"] as { name: string; durationMs: number }[];
  expect(spans.find(({ durationMs }) => durationMs >= SLOW_MS)?.name).toBe("dynamodb.query");
});

test("a poison message: by its label", async () => {
  const collector = await start("collector");
  const poison = { id: "m1", receipt: "r1", body: "poison", group: "p1", receiveCount: 1, sentAt: Date.now() };
  await collector.invoke(sqsEvent([poison])).catch(() => {});
  await forward("collector", collector);
  expect(await found("label=messages.unreadable%3D1")).toMatchObject([{ function: "collector" }]);
});

test("a timeout: the platform ends the process, and its report is an execution", async () => {
  const admin = await start("admin", { timeoutMs: 3_000 });
  await admin.invoke({ action: "list-projects" });
  registry.silence(/./);
  await expect(admin.invoke({ action: "list-projects" })).rejects.toThrow("timed out");
  registry.silence(undefined);
  await forward("admin", admin);
  expect(await found("status=timeout")).toMatchObject([{ function: "admin" }]);
});

test("a leak: by the memory that is in use", async () => {
  const preload = pathToFileURL(join(import.meta.dirname, "leak.mjs")).href;
  const leaky = await start("admin", { preload });
  for (let i = 0; i < 6; i++) await leaky.invoke({ action: "list-projects" });
  await forward("admin", leaky);
  const large = await found(`min_memory=${450 * MB}&order=largest`);
  expect(large.every((each) => each.function === "admin")).toBe(true);
  // The first runs held little.
  expect(large.length).toBeLessThan(6);
});
