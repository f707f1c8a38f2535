import { stretchTimeBudgets } from "@millrace/core";
import { createSqsQueue } from "@millrace/queue/sqs";
import { randomBytes, randomUUID } from "node:crypto";
import { gunzipSync } from "node:zlib";
import type { FunctionName } from "../src/settings.ts";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createPoller } from "../../local/src/poller/poller.ts";
import { ORIGIN_SECRET, viaCloudFront } from "./cloudfront.ts";
import { httpEvent, textOf, type HttpRequest, type HttpResponse } from "./http-event.ts";
import type { Lambda } from "../../../scripts/lambda/lambda.ts";
import { startS3Server } from "./s3-server.ts";
import { serverUrl } from "./server-url.ts";
import { sqsEvent, type SqsBatchResponse } from "../../../scripts/lambda/sqs-event.ts";
import { openSqsServer } from "./sqs-server.ts";
import { startFunction, type FunctionEnvironment } from "./start-function.ts";
import { createTables, type Tables } from "./tables.ts";

// The whole way of an event on AWS, by the very code that is deployed: gateway event → ingest → SQS → collector → OpenSearch →
// query, with DynamoDB as the registry. Only AWS's own parts are stand-ins: gateway and mapping are the events they would send.
const sqs = openSqsServer();
const PATIENCE = { timeout: 60_000, interval: 250 };
const TRIES = 3;
/** As long as a test: on a busy machine a run may take many times what the stage gives it. */
const RUN_MS = 180_000;
/**
 * More than any run, as in stacks/queue.ts. A message that comes again while it is being stored is a dead letter after so many tries,
 * and stored as well: the ledger then has more ends than starts.
 */
const VISIBILITY_MS = 2 * RUN_MS;
const BUDGET_FACTOR = 20;

interface Made {
  readonly project: { readonly id: string };
  readonly writeKey: string;
  readonly readKey: string;
}

interface Functions {
  readonly admin: Lambda;
  readonly upkeep: Lambda;
  readonly ingest: Lambda;
  /** Two environments of one function. */
  readonly collectors: readonly [Lambda, Lambda];
  readonly query: Lambda;
  readonly health: Lambda;
}

const stopping: (() => Promise<void>)[] = [];
let environment: FunctionEnvironment;
let functions: Functions;
let tables: Tables;
let shop: Made;
let queueUrl: string;
let deadLetterUrl: string;

beforeAll(async () => {
  // A receive that is given up may have taken messages, which are then hidden for as long as a test waits.
  stretchTimeBudgets(BUDGET_FACTOR);
  tables = await createTables();
  stopping.push(() => tables.remove());
  ({ url: queueUrl, deadLetterUrl } = await sqs.createQueues({ maxReceiveCount: TRIES }));
  environment = {
    ...tables.environment,
    DYNAMODB_URL: serverUrl("DYNAMODB_URL"),
    SQS_ENDPOINT: sqs.endpoint,
    SQS_QUEUE_URL: queueUrl,
    SQS_DEAD_LETTER_URL: deadLetterUrl,
    OPENSEARCH_URL: serverUrl("OPENSEARCH_URL"),
    // Other suites may use the same server: retention must not reach what is theirs.
    OPENSEARCH_PREFIX: `flow-${randomUUID().slice(0, 8)}`,
    OPENSEARCH_SHARDS: "1",
    OPENSEARCH_GROUPS: "2",
    OPENSEARCH_REPLICAS: "0",
    OPENSEARCH_REFRESH_SECONDS: "1",
    OPENSEARCH_BULK_BYTES: "4194304",
    EXECUTIONS_GB: "1",
    TIME_BUDGET_FACTOR: String(BUDGET_FACTOR),
    RETENTION_MONTHS: "1",
    // Nothing of AWS's own counts can be had here, and health holds all the same.
    CLOUDWATCH_URL: "http://127.0.0.1:1",
    GATEWAY_ID: "none",
    GATEWAY_FUNCTIONS: "none",
    ORIGIN_CHECK: "on",
    SST_RESOURCE_OriginSecret: JSON.stringify({ value: ORIGIN_SECRET }),
  };
  const start = async (name: FunctionName) => {
    const lambda = await another(name);
    stopping.push(() => lambda.stop());
    return lambda;
  };
  const admin = await start("admin");
  shop = await admin.invoke<Made>({ action: "create-project", name: "Shop", timezone: "Europe/Paris" });
  // What a deploy runs once: index templates, this month's partition, salts.
  const upkeep = await start("upkeep");
  await upkeep.invoke({});
  functions = {
    admin,
    upkeep,
    ingest: await start("ingest"),
    collectors: [await start("collector"), await start("collector")],
    query: await start("query"),
    health: await start("health"),
  };
});

afterAll(async () => {
  for (const stop of stopping.reverse()) await stop();
  await sqs.close();
});

/** One more environment of a function, which whoever starts it stops. */
function another(name: FunctionName, more: FunctionEnvironment = {}): Promise<Lambda> {
  return startFunction(name, { ...environment, ...more }, { timeoutMs: RUN_MS });
}

const ADDRESS = "203.0.113.77";

async function send(request: HttpRequest): Promise<HttpResponse> {
  return functions.ingest.invoke<HttpResponse>(
    httpEvent({ ...request, headers: viaCloudFront(ADDRESS, request.headers) }),
  );
}

const EVENTS = () => `/3.0/projects/${shop.project.id}/events`;

function record(path: string, body: unknown, key = shop.writeKey): Promise<HttpResponse> {
  // The origin says that a browser sends it: only then do address and country mean a visitor.
  const headers = { authorization: key, "content-type": "application/json", origin: "https://shop.example" };
  return send({ method: "POST", path, headers, body: JSON.stringify(body) });
}

async function ask(path: string, parameters: Record<string, unknown> | undefined): Promise<HttpResponse> {
  const answer = await functions.query.invoke<HttpResponse>(
    httpEvent({
      method: parameters ? "POST" : "GET",
      path: `/3.0/projects/${shop.project.id}${path}`,
      headers: viaCloudFront(ADDRESS, { authorization: shop.readKey, "content-type": "application/json" }),
      ...(parameters && { body: JSON.stringify(parameters) }),
    }),
  );
  return { ...answer, body: textOf(answer) };
}

async function result(analysis: string, parameters: Record<string, unknown>): Promise<unknown> {
  const { statusCode, body } = await ask(`/queries/${analysis}`, { timeframe: "today", ...parameters });
  if (statusCode !== 200) throw new Error(`${analysis}: ${statusCode} ${body}`);
  return (JSON.parse(body) as { result: unknown }).result;
}

const queue = () => createSqsQueue({ client: sqs.client, url: queueUrl, deadLetterUrl });

/** Feeds both collectors until the test ends, by the rules of the event-source mapping in stacks/queue.ts. */
function feed(): void {
  let turn = 0;
  const poller = createPoller({
    queue: queue(),
    handle: async (messages) => {
      const collector = functions.collectors[turn++ % 2 === 0 ? 0 : 1];
      const { batchItemFailures } = await collector.invoke<SqsBatchResponse>(sqsEvent(messages));
      return { failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
    },
    batchSize: 100,
    windowMs: 100,
    maximumConcurrency: 2,
    visibilityMs: VISIBILITY_MS,
    onError: () => {},
    wait: async () => {},
  });
  onTestFinished(() => poller.drain());
}

const isEmpty = () => expect.poll(() => queue().stats(), PATIENCE).toMatchObject({ visible: 0, inFlight: 0 });

const COLLECTION = "purchases";

test("what was accepted over HTTP is counted by a question, with the viewer's country and without the address", async () => {
  feed();
  for (let request = 0; request < 10; request++) {
    expect((await record(`${EVENTS()}/${COLLECTION}`, { price: request, plan: "pro" })).statusCode).toBe(201);
  }
  const many = Array.from({ length: 200 }, (_, price) => ({ price, plan: "free", title: "Ägypten 日本 \uFFFE" }));
  expect((await record(EVENTS(), { [COLLECTION]: many, signups: [{ seats: 5 }] })).statusCode).toBe(200);

  await expect.poll(() => result("count", { event_collection: COLLECTION }), PATIENCE).toBe(210);
  // A collection nobody has asked for yet may be a second younger than what the query knows.
  await expect.poll(() => result("count", { event_collection: "signups" }), PATIENCE).toBe(1);
  expect(await result("sum", { event_collection: COLLECTION, target_property: "price" })).toBe(45 + 19_900);
  expect(await result("count", { event_collection: COLLECTION, group_by: "plan" })).toEqual(
    expect.arrayContaining([
      { plan: "free", result: 200 },
      { plan: "pro", result: 10 },
    ]),
  );
  expect(await result("select_unique", { event_collection: COLLECTION, target_property: "$geo.country" })).toEqual([
    "FR",
  ]);
  const [one] = (await result("extraction", {
    event_collection: COLLECTION,
    latest: 1,
    standard_fields: true,
  })) as unknown[];
  expect(JSON.stringify(one)).not.toContain(ADDRESS);
  expect(JSON.stringify(one)).not.toContain("10.9.8.7");
});

test.each(["q?x", "h#y", "a/b", "50% off", "a+b"])(
  "a collection named %s is stored under that name, by POST and by GET",
  async (name) => {
    feed();
    const path = `${EVENTS()}/${encodeURIComponent(name)}`;
    expect((await record(path, { n: 1 })).statusCode).toBe(201);
    const query = `api_key=${shop.writeKey}&data=${Buffer.from(JSON.stringify({ n: 2 })).toString("base64url")}`;
    expect((await send({ method: "GET", path, query })).statusCode).toBe(201);
    await expect.poll(() => result("count", { event_collection: name }), PATIENCE).toBe(2);
  },
);

test("the browser's tracker: text without a preflight, cookies ignored, a retry of the same batch stored once", async () => {
  feed();
  const now = Date.now();
  const time = now.toString(16).padStart(12, "0");
  const batch = {
    v: 1,
    k: shop.writeKey,
    i: `${time.slice(0, 8)}-${time.slice(8)}-7abc-8def-${randomBytes(6).toString("hex")}`,
    s: now,
    a: 0,
    c: { l: "fr-FR", z: "Europe/Paris", w: [1920, 1080, 1200, 800], r: "https://search.example/" },
    e: [
      { q: 0, n: "pageviews", t: 20, g: 1, u: "https://shop.example/pricing?utm_source=mail&secret=1", T: "Pricing" },
      { q: 1, n: "clicks", t: 5, g: 1, x: "Buy" },
    ],
  };
  const headers = { "content-type": "text/plain;charset=UTF-8", origin: "https://shop.example" };
  for (const a of [0, 1, 2]) {
    const body = JSON.stringify({ ...batch, a });
    const response = await send({ method: "POST", path: "/v1/e", headers, body, cookies: ["a=b"] });
    expect(response.statusCode).toBe(202);
  }
  await isEmpty();
  await expect.poll(() => result("count", { event_collection: "pageviews" }), PATIENCE).toBe(1);
  expect(await result("count", { event_collection: "clicks" })).toBe(1);
  const [view] = (await result("extraction", { event_collection: "pageviews", standard_fields: true })) as unknown[];
  expect(JSON.stringify(view)).toContain("utm_source=mail");
  expect(JSON.stringify(view)).not.toContain("secret");
});

describe("what cannot be accepted is refused at once and never queued", () => {
  const good = { price: 1 };
  const refusals: readonly [why: string, status: number, request: () => Promise<HttpResponse>][] = [
    ["no key", 401, () => send({ method: "POST", path: `${EVENTS()}/refused`, body: "{}" })],
    ["a read key", 401, () => record(`${EVENTS()}/refused`, good, shop.readKey)],
    ["an unknown project", 404, () => record("/3.0/projects/ffffffffffffffffffffffff/events/refused", good)],
    ["a body that is not JSON", 400, () => sendText(`${EVENTS()}/refused`, "{")],
    ["an event that is a list", 400, () => sendText(`${EVENTS()}/refused`, "[]")],
    ["a reserved property", 400, () => record(`${EVENTS()}/refused`, { $price: 1 })],
    ["a tracker batch that is none", 400, () => sendText("/v1/e", `{"v":1}`)],
    ["more events than a request may hold", 413, () => record(EVENTS(), { refused: Array(5_001).fill({ n: 1 }) })],
    ["a path that is not there", 404, () => record("/v2/e", good)],
  ];
  function sendText(path: string, body: string): Promise<HttpResponse> {
    return send({ method: "POST", path, headers: { authorization: shop.writeKey }, body });
  }

  test.each(refusals)("%s: %i", async (_why, status, request) => {
    expect((await request()).statusCode).toBe(status);
    expect(await queue().stats()).toMatchObject({ visible: 0, inFlight: 0 });
  });

  test("a question that cannot be answered is refused by name, never answered as another one", async () => {
    const filters = [{ property_name: "plan", operator: "sounds_like", property_value: "pro" }];
    const wrong = await ask("/queries/count", { event_collection: COLLECTION, timeframe: "today", filters });
    expect(wrong.statusCode).toBe(400);
    expect(wrong.body).toContain("filters[0].operator");
  });
});

test("a message nobody can read is a dead letter at once, and its batch is done", async () => {
  const collection = `partial-${randomUUID().slice(0, 8)}`;
  const unreadable = `{"v":99,"of":"${randomUUID()}"}`;
  const before = (await queue().stats()).dead;
  await record(`${EVENTS()}/${collection}`, { n: 1 });
  await queue().send({ body: unreadable, group: "p", accepted: { receivedAt: 0, events: 0 } });
  const messages = [];
  while (messages.length < 2)
    messages.push(...(await queue().receive({ max: 10, visibilityMs: 60_000, waitMs: 1_000 })));

  const [one, other] = functions.collectors;
  expect(await one.invoke(sqsEvent(messages))).toEqual({ batchItemFailures: [] });
  await expect.poll(() => queue().stats(), PATIENCE).toMatchObject({ dead: before + 1 });
  // Delivered again, to another environment at that, although it was stored: SQS may always do so.
  const readable = messages.filter(({ body }) => body !== unreadable);
  expect(await other.invoke(sqsEvent(readable))).toEqual({ batchItemFailures: [] });
  await queue().ack(messages.map(({ receipt }) => receipt));
  await expect.poll(() => result("count", { event_collection: collection }), PATIENCE).toBe(1);
});

test("what is acknowledged is in the archive; while that refuses, the batch is an error that alarms see", async () => {
  const collection = `archived-${randomUUID().slice(0, 8)}`;
  const s3 = await startS3Server();
  onTestFinished(() => s3.close());
  const archiving = await another("collector", { ARCHIVE_BUCKET: "kept", S3_ENDPOINT: s3.url });
  onTestFinished(() => archiving.stop());
  await record(`${EVENTS()}/${collection}`, { n: 1 });
  const messages = await queue().receive({ max: 10, visibilityMs: 60_000, waitMs: 1_000 });
  s3.failNext(3, 503);
  await expect(archiving.invoke(sqsEvent(messages))).rejects.toThrow("AllMessagesFailed");
  expect(s3.objects.size).toBe(0);
  expect(await archiving.invoke(sqsEvent(messages))).toEqual({ batchItemFailures: [] });
  const [[key, object]] = [...s3.objects] as [[string, Buffer]];
  expect(key).toMatch(/^kept\/raw\/\d{4}\/\d\d\/\d\d\/\d\d\/.+\.ndjson\.gz$/);
  expect(gunzipSync(object).toString()).toContain(messages[0]?.id ?? "no message");
  await queue().ack(messages.map(({ receipt }) => receipt));
  await expect.poll(() => result("count", { event_collection: collection }), PATIENCE).toBe(1);
});

test("a poisoned message ends in the dead-letter queue as it was; its neighbours are stored", async () => {
  const collection = `beside-${randomUUID().slice(0, 8)}`;
  const poison = `{"v":99,"events":"poison ${randomUUID()}"}`;
  const before = (await queue().stats()).dead;
  await record(`${EVENTS()}/${collection}`, { n: 1 });
  await queue().send({ body: poison, group: "p", accepted: { receivedAt: 0, events: 0 } });
  await record(`${EVENTS()}/${collection}`, { n: 2 });
  feed();
  await expect.poll(() => queue().stats(), PATIENCE).toMatchObject({ visible: 0, inFlight: 0, dead: before + 1 });
  expect(await sqs.bodies(deadLetterUrl, before + 1)).toContain(poison);
  await expect.poll(() => result("count", { event_collection: collection }), PATIENCE).toBe(2);
});

test("an event in a dead letter is dead in the ledger, not lost; redriven it is stored", async () => {
  const collection = `redriven-${randomUUID().slice(0, 8)}`;
  const dead = async () => {
    await functions.health.invoke({});
    const { body } = await ask("/ledger", undefined);
    return (JSON.parse(body) as { result: { dead: number }[] }).result.reduce((sum, hour) => sum + hour.dead, 0);
  };
  await record(`${EVENTS()}/${collection}`, { n: 1 });
  const [message] = await queue().receive({ max: 1, visibilityMs: 60_000, waitMs: 5_000 });
  if (!message) throw new Error("The message is missing.");
  await queue().bury([message]);
  await expect.poll(dead, PATIENCE).toBe(1);

  const deadLetters = createSqsQueue({ client: sqs.client, url: deadLetterUrl });
  const letters = await deadLetters.receive({ max: 10, visibilityMs: 60_000, waitMs: 5_000 });
  const letter = letters.find(({ body }) => body === message.body);
  if (!letter) throw new Error("The letter is missing.");
  await queue().send({ body: letter.body, group: letter.group, accepted: { receivedAt: 0, events: 0 } });
  await deadLetters.ack([letter.receipt]);
  feed();
  await expect.poll(() => result("count", { event_collection: collection }), PATIENCE).toBe(1);
  await expect.poll(dead, PATIENCE).toBe(0);
});

test("a deletion takes what is stored and what still waits, and nothing of it comes back", async () => {
  const collection = `deleted-${randomUUID().slice(0, 8)}`;
  const recordAndReceive = async () => {
    await record(`${EVENTS()}/${collection}`, { n: 1 });
    const messages = await queue().receive({ max: 10, visibilityMs: 60_000, waitMs: 5_000 });
    expect(messages).toHaveLength(1);
    return messages;
  };
  const done = { batchItemFailures: [] };
  const stored = await recordAndReceive();
  expect(await functions.collectors[0].invoke(sqsEvent(stored))).toEqual(done);
  await expect.poll(() => result("count", { event_collection: collection }), PATIENCE).toBe(1);

  const waiting = await recordAndReceive();
  const project = shop.project.id;
  await functions.admin.invoke({ action: "delete-events", project, collection });
  // An environment of its own: what the others know of deletions may be ten seconds old.
  const fresh = await another("collector");
  onTestFinished(() => fresh.stop());
  expect(await fresh.invoke(sqsEvent(waiting))).toEqual(done);
  await functions.upkeep.invoke({});
  expect(await fresh.invoke(sqsEvent([...stored, ...waiting]))).toEqual(done);
  await queue().ack([...stored, ...waiting].map(({ receipt }) => receipt));
  await expect.poll(() => result("count", { event_collection: collection }), PATIENCE).toBe(0);
  const { deletions } = await functions.admin.invoke<{ deletions: object[] }>({ action: "list-deletions", project });
  // Too young to be over: somebody may still be writing who had not heard of it.
  expect(deletions).toMatchObject([{ project, collection }]);
});

test("salts lie in their table, alone in it and nowhere else: a copy of the registry leads nobody back to an address", async () => {
  expect(await tables.kindsIn("SALTS_TABLE")).toEqual(["salts"]);
  const kinds = await tables.kindsIn("REGISTRY_TABLE");
  expect(kinds).toContain("projects");
  expect(kinds).not.toContain("salts");
});

test("a month has as many groups of projects as the stage says", async () => {
  const answer = await fetch(
    `${environment.OPENSEARCH_URL}/_cat/indices/${environment.OPENSEARCH_PREFIX}-events-*?h=index&format=json`,
  );
  const indexes = ((await answer.json()) as { index: string }[]).map(({ index }) => index);
  for (const group of ["g0", "g1"])
    expect(
      indexes.filter((index) => index.includes(`-${group}-2`)),
      group,
    ).not.toEqual([]);
  expect(indexes.filter((index) => index.includes("-g2-"))).toEqual([]);
});

test("the store's health and its migration, by invoke: one is told, the other has nothing to do", async () => {
  expect(await functions.upkeep.invoke({ action: "health" })).toMatchObject({ nodes: 1, blocked: [] });
  expect(await functions.upkeep.invoke({ action: "migrate" })).toEqual({ migrated: [], done: true });
  await expect(functions.upkeep.invoke({ action: "delete" })).rejects.toThrow("ZodError");
});

test("a store that is away is an alarm and a critical check, over HTTP and by invoke; with its return it is well", async () => {
  const { key: authorization } = await functions.admin.invoke<{ key: string }>({
    action: "create-organisation-key",
    name: "operations",
  });
  const told = async <T>(path: string) => {
    const headers = viaCloudFront(ADDRESS, { authorization });
    const answer = await functions.query.invoke<HttpResponse>(
      httpEvent({ method: "GET", path: `/ops/${path}`, headers }),
    );
    expect(answer.statusCode).toBe(200);
    // Packed by the function: CloudFront does that to answers nobody keeps when it has the time.
    expect([answer.isBase64Encoded, answer.headers["content-encoding"]]).toEqual([true, "gzip"]);
    return JSON.parse(textOf(answer)) as T;
  };
  const store = async () => {
    const { checks } = await told<{ checks: { name: string; status: string }[] }>("health");
    const { body } = await functions.health.invoke<{ body: { checks: unknown[] } }>({ ops: "health" });
    expect(body.checks).toHaveLength(checks.length);
    return checks.find(({ name }) => name === "Store")?.status;
  };
  await functions.health.invoke({});
  expect(await store()).toBe("ok");
  const without = await another("health", { OPENSEARCH_URL: "http://127.0.0.1:1" });
  onTestFinished(() => without.stop());
  await expect(without.invoke({})).rejects.toThrow("StoreAway");
  expect(await store()).toBe("critical");
  await functions.health.invoke({});
  expect(await store()).toBe("ok");
  const { projects } = await told<{ projects: { name: string; events: number }[] }>("cost");
  expect(projects).toEqual([expect.objectContaining({ name: "Shop", events: expect.any(Number) as number })]);
});

test("a project that has used up its month is refused by a process that counted none of it, and what was acknowledged is stored", async () => {
  const before = shop;
  onTestFinished(() => void (shop = before));
  shop = await functions.admin.invoke<Made>({ action: "create-project", name: "Small" });
  const event = (n: number) => record(`${EVENTS()}/orders`, { n });
  for (const n of [1, 2, 3]) expect((await event(n)).statusCode).toBe(201);
  const accepted = async () => {
    const { body } = await ask("/ledger", undefined);
    return (JSON.parse(body) as { result: { accepted: number }[] }).result.reduce(
      (sum, hour) => sum + hour.accepted,
      0,
    );
  };
  await expect.poll(accepted, PATIENCE).toBe(3);
  await functions.admin.invoke({ action: "change-project", project: shop.project.id, eventsPerMonth: 3 });
  const unaware = await another("ingest");
  onTestFinished(() => unaware.stop());
  const refused = await unaware.invoke<HttpResponse>(
    httpEvent({
      method: "POST",
      path: `${EVENTS()}/orders`,
      headers: viaCloudFront(ADDRESS, { authorization: shop.writeKey, "content-type": "application/json" }),
      body: "{}",
    }),
  );
  expect([refused.statusCode, JSON.parse(refused.body)]).toMatchObject([429, { error_code: "RateLimitExceeded" }]);
  await functions.health.invoke({});
  const { body } = await functions.health.invoke<{ body: { checks: unknown[] } }>({ ops: "health" });
  const detail = `${shop.project.id}: 100.0 %`;
  expect(body.checks).toContainEqual(expect.objectContaining({ name: "Events", status: "critical", detail }));
  feed();
  await expect.poll(() => result("count", { event_collection: "orders" }), PATIENCE).toBe(3);
});

test("at the end the ledger balances: accepted is what was stored, was sent twice, or was deleted", async () => {
  await isEmpty();
  const ledger = async () => {
    const { statusCode, body } = await ask("/ledger", undefined);
    expect(statusCode).toBe(200);
    return JSON.parse(body) as { result: Record<string, number>[] };
  };
  // Whole hours: should they not meet, the counts say which side is short.
  const unbalanced = async () => (await ledger()).result.filter((hour) => hour["in_flight"] !== 0);
  await expect.poll(unbalanced, PATIENCE).toEqual([]);
  const { result: hours } = await ledger();
  const sum = (name: string) => hours.reduce((all, row) => all + (row[name] ?? 0), 0);
  expect(sum("accepted")).toBeGreaterThan(200);
  expect(sum("duplicate")).toBeGreaterThan(0);
  expect(sum("deleted")).toBe(2);
  expect(sum("accepted")).toBe(sum("stored") + sum("duplicate") + sum("deleted"));
});
