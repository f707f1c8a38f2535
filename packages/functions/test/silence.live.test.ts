import { createSalts, SALT_KEEP_MS, systemRandom } from "@millrace/access";
import { decodeEnvelope, eventAt } from "@millrace/core";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { ORIGIN_SECRET, viaCloudFront } from "./cloudfront.ts";
import { httpEvent, type HttpResponse } from "./http-event.ts";
import type { Lambda } from "../../../scripts/lambda/lambda.ts";
import { serverUrl } from "./server-url.ts";
import { startSilentProxy, type SilentProxy } from "./silent-proxy.ts";
import { openSqsServer } from "./sqs-server.ts";
import { startFunction } from "./start-function.ts";
import { createTables, type Tables } from "./tables.ts";

// Dependencies that accept a request and never answer it, and the very code that is deployed. Without time budgets the function
// hangs until Lambda kills it, and this suite until its own limit.
const sqs = openSqsServer();
const PATIENCE = { timeout: 60_000 };
const stopping: (() => Promise<void>)[] = [];
let dynamo: SilentProxy;
let queue: SilentProxy;
let ingest: Lambda;
let shop: { readonly project: { readonly id: string }; readonly writeKey: string };
let queueUrl: string;
let deadLetterUrl: string;
let tables: Tables;

beforeAll(async () => {
  tables = await createTables();
  stopping.push(() => tables.remove());
  dynamo = await startSilentProxy(serverUrl("DYNAMODB_URL"));
  queue = await startSilentProxy(sqs.endpoint);
  stopping.push(
    () => dynamo.close(),
    () => queue.close(),
  );
  ({ url: queueUrl, deadLetterUrl } = await sqs.createQueues({ maxReceiveCount: 100 }));
  const registry = { ...tables.environment, DYNAMODB_URL: dynamo.url };
  const admin = await startFunction("admin", registry);
  stopping.push(() => admin.stop());
  shop = await admin.invoke({ action: "create-project", name: "Shop" });
  ingest = await startFunction("ingest", {
    ...registry,
    SQS_QUEUE_URL: queueUrl,
    SQS_ENDPOINT: queue.url,
    ORIGIN_CHECK: "on",
    SST_RESOURCE_OriginSecret: JSON.stringify({ value: ORIGIN_SECRET }),
  });
  stopping.push(() => ingest.stop());
  // From here on the process knows key and salt. A laptop's DynamoDB may need a second try for its first answers.
  await vi.waitFor(async () => expect(await view()).toMatchObject({ statusCode: 201 }), PATIENCE);
  expect(await sqs.bodies(queueUrl, 1)).toHaveLength(1);
});
afterEach(() => {
  dynamo.silence(undefined);
  queue.silence(undefined);
});
afterAll(async () => {
  for (const stop of stopping.reverse()) await stop();
  await sqs.close();
});

/** A page view by a browser: it has a visitor, so a visit is asked for. */
function view(): Promise<HttpResponse> {
  return ingest.invoke<HttpResponse>(
    httpEvent({
      method: "POST",
      path: `/3.0/projects/${shop.project.id}/events/pageviews`,
      headers: viaCloudFront("203.0.113.77", {
        authorization: shop.writeKey,
        "content-type": "application/json",
        origin: "https://shop.example",
      }),
      body: JSON.stringify({ path: "/" }),
    }),
  );
}

test("a registry that says nothing about visits costs the visit, not the event", async () => {
  dynamo.silence(/"visit:/);
  expect(await view()).toMatchObject({ statusCode: 201 });
  expect(dynamo.ignored()).toBeGreaterThan(0);
  const [body = ""] = await sqs.bodies(queueUrl, 1);
  expect(eventAt(decodeEnvelope(body), 0)).toMatchObject({
    collection: "pageviews",
    context: { visit_id: expect.any(String), visit_page: 1 },
  });
});

test("a registry that says nothing about counts is not in the way of the answer", async () => {
  dynamo.silence(/"(accepted|refused):/);
  expect(await view()).toMatchObject({ statusCode: 201 });
  expect(await sqs.bodies(queueUrl, 1)).toHaveLength(1);
});

test("a registry that says nothing at all does not stop ingest: keys and salts are known", async () => {
  dynamo.silence(/./);
  expect(await view()).toMatchObject({ statusCode: 201 });
  expect(await sqs.bodies(queueUrl, 1)).toHaveLength(1);
});

test("a queue that says nothing is a queue that refuses: the client is told to send again", async () => {
  queue.silence(/./);
  const response = await view();
  expect(response).toMatchObject({ statusCode: 503 });
  expect(response.body).toContain("ServiceUnavailable");
});

test("a store that is away keeps no salt alive: the daily round and the ten-minute one delete those that are over", async () => {
  const upkeep = await startFunction("upkeep", {
    ...tables.environment,
    DYNAMODB_URL: serverUrl("DYNAMODB_URL"),
    SQS_ENDPOINT: sqs.endpoint,
    SQS_DEAD_LETTER_URL: deadLetterUrl,
    OPENSEARCH_URL: "http://127.0.0.1:1",
    OPENSEARCH_SHARDS: "1",
    OPENSEARCH_GROUPS: "1",
    OPENSEARCH_REPLICAS: "0",
    OPENSEARCH_REFRESH_SECONDS: "1",
    OPENSEARCH_BULK_BYTES: "4194304",
    EXECUTIONS_GB: "1",
    TIME_BUDGET_FACTOR: "20",
  });
  onTestFinished(() => upkeep.stop());
  const registry = tables.registry("SALTS_TABLE");
  const days = async () => (await registry.list(`salts:${shop.project.id}`)).map(({ key }) => key.sort);
  const clock = { now: () => Date.now() - SALT_KEEP_MS - 60_000 };
  const round = () => expect(upkeep.invoke({})).rejects.toThrow("The store cannot be reached");
  const often = () => upkeep.invoke({ action: "deletions" });
  for (const run of [round, often]) {
    // One of an import: it lived 48 hours from its making.
    const salts = createSalts({ registry, random: systemRandom, clock });
    await salts.importSaltAt({ id: shop.project.id, timezone: "UTC" }, Date.UTC(2015, 4, 17));
    expect(await days()).toContain("2015-05-17");
    await run();
    expect(await days()).not.toContain("2015-05-17");
    // Today's and tomorrow's live, and, right after midnight, yesterday's.
    expect((await days()).length).toBeGreaterThanOrEqual(2);
  }
});
