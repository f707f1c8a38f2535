import { createCatalogue, createClaims, createSqliteRegistry, createTombstones, systemRandom } from "@millrace/access";
import { createCollector, createEnricher, type CollectMessage } from "@millrace/collector";
import { ENVELOPE_VERSION, mintId, type Exception } from "@millrace/core";
import { message, metricPlan, newProject } from "@millrace/core/contract";
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sendBulk, type BulkItem } from "../src/write/bulk.ts";
import { openConnection } from "../src/client/connection.ts";
import { createDriver } from "../src/client/driver.ts";
import { startMeddlingProxy, type Given, type Meddler, type MeddlingProxy } from "./meddling-proxy.ts";
import { openSearchUrl, testStore } from "./support.ts";

// One store behind something that meddles. What it says about a request must never be believed about an event.
let later = 0;
const clock = { now: () => Date.now() + later };
const registry = createSqliteRegistry({ path: ":memory:", clock });
let meddler: Meddler = {};
let proxy: MeddlingProxy;
let store: ReturnType<typeof testStore>;

beforeAll(async () => {
  proxy = await startMeddlingProxy(openSearchUrl(), () => meddler);
  store = testStore({ registry, clock, connection: { node: proxy.url }, maxFields: 40 });
  await store.prepare();
});
beforeEach(() => {
  // A partition that refused in the test before is asked again.
  later += 60_000;
  meddler = {};
});
afterAll(async () => {
  meddler = {};
  await testStore({ registry, prefix: store.prefix }).remove();
  await proxy.close();
  await store.close();
});

const soon = () => clock.now() + 4_000;
const kinds = (outcomes: readonly { kind: string }[]) => outcomes.map(({ kind }) => kind);
/** Events with the same names as in every test, so that none but the wanted ones are new to the mapping. */
const events = (count: number) => message(newProject(), ...Array.from({ length: count }, (_, n) => ({ n })));

const HTML: Given = { status: 400, body: "<h1>400</h1>The plain HTTP request was sent to HTTPS port" };

test.each([
  ["a proxy's page with 400", HTML],
  ["a gateway's JSON with 400", { status: 400, body: { message: "Bad Request" } }],
  ["OpenSearch that does not know our request", { status: 400, body: errorOf("contains unrecognized parameter: [x]") }],
  ["a 413 for everything", { status: 413 }],
])("%s: nothing is rejected, and when it is gone all is stored", async (_, given) => {
  const all = events(9);
  await store.append(events(1));
  let bulks = 0;
  meddler = {
    before: (_method, path) => {
      if (!path.startsWith("/_bulk")) return undefined;
      bulks++;
      return given;
    },
  };
  await expect(store.append(all, { deadline: soon() })).rejects.toMatchObject({ code: "ServiceUnavailable" });
  // Not cut into halves again and again either: nine events and a few attempts.
  expect(bulks).toBeLessThan(40);
  meddler = {};
  expect(kinds(await store.append(all))).toEqual(Array(9).fill("stored"));
});

function errorOf(reason: string): object {
  return { error: { type: "illegal_argument_exception", reason, root_cause: [] }, status: 400 };
}

function bulkParts() {
  const driver = createDriver(openConnection({ node: proxy.url }));
  return { driver, clock, random: Math.random, bulkBytes: 5_000_000 };
}

/** A document that the exceptions of this store can hold, with an id and a size of one's own. */
function item(id: string, size = 10): BulkItem {
  const action = JSON.stringify({ create: { _index: `${store.prefix}-exceptions`, _id: id } });
  return { action, source: JSON.stringify({ raw: "x".repeat(size) }) };
}

test("one id that makes the server refuse the whole request harms no other", async () => {
  const parts = bulkParts();
  const ids = ["a1", "a2", "x".repeat(600), "a3", "a4"];
  const items = ids.map((id) => item(id));
  expect(kinds(await sendBulk(parts, items, soon()))).toEqual(["written", "written", "refused", "written", "written"]);
  await parts.driver.close();
});

test("behind a limit of half a megabyte only what is itself huge is refused; the small is written, the rest tried again", async () => {
  const parts = bulkParts();
  meddler = { before: (_method, _path, bytes) => (bytes > 500_000 ? { status: 413 } : undefined) };
  const items = [item("b1"), item("b2", 1_200_000), item("b3", 400_000), item("b4", 700_000), item("b5")];
  const results = await sendBulk(parts, items, soon());
  expect(kinds(results)).toEqual(["written", "refused", "written", "retry", "written"]);
  expect(results[1]).toMatchObject({ reason: "too-large" });
  await parts.driver.close();
});

test("an alias that no index may be written through is no fault of the events", async () => {
  const all = events(3);
  const flag = (value: boolean) =>
    fetch(`${openSearchUrl()}/_aliases`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        actions: [
          {
            add: {
              index: `${store.prefix}-events-g0-other-v0002`,
              alias: `${store.prefix}-events-g0-other`,
              is_write_index: value,
            },
          },
        ],
      }),
    });
  await flag(false);
  expect(kinds(await store.append(all, { deadline: soon() }))).toEqual(Array(3).fill("retry"));
  await flag(true);
  later += 60_000;
  expect(kinds(await store.append(all))).toEqual(Array(3).fill("stored"));
});

test.each([
  ["a proxy's page", HTML],
  ["a change that is not confirmed", { status: 200, body: { acknowledged: false } }],
  ["a server that cannot", { status: 503, body: "<h1>503</h1>" }],
])(
  "new names, and %s for the mapping: nothing is rejected, and the process does not remember it",
  async (why, given) => {
    const name = `new_${why.length}`;
    const all = message(newProject(), { [name]: 1 });
    meddler = { before: (method, path) => (method === "PUT" && path.endsWith("/_mapping") ? given : undefined) };
    await expect(store.append(all, { deadline: soon() })).rejects.toMatchObject({ code: "ServiceUnavailable" });
    meddler = {};
    expect(kinds(await store.append(all))).toEqual(["stored"]);
  },
);

test("a server that says nothing to the mapping costs the time of the append, not five minutes", async () => {
  const all = message(newProject(), { never_heard_of: 1 });
  meddler = { before: (method, path) => (method === "PUT" && path.endsWith("/_mapping") ? "silence" : undefined) };
  await expect(store.append(all, { deadline: soon() })).rejects.toMatchObject({ code: "ServiceUnavailable" });
});

test("a mapping that is full rejects what needs more, few requests are spent on it, and room is found again", async () => {
  const many = message(newProject(), ...Array.from({ length: 200 }, (_, n) => ({ [`many_${n}`]: 1 })));
  const late = message(newProject(), { late_comer: 1 });
  let puts = 0;
  meddler = {
    before: (method, path) => {
      if (method === "PUT" && path.endsWith("/_mapping")) puts++;
      return undefined;
    },
  };
  const outcomes = kinds(await store.append(many));
  expect(new Set(outcomes)).toEqual(new Set(["stored", "rejected"]));
  expect(puts).toBeLessThan(30);
  expect(kinds(await store.append(late))).toEqual(["rejected"]);
  await fetch(`${openSearchUrl()}/${store.prefix}-events/_settings`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ "index.mapping.total_fields.limit": 1_000 }),
  });
  later += 600_000;
  expect(kinds(await store.append(late))).toEqual(["stored"]);
});

const exception = (rest: Partial<Exception>): Exception => ({
  project: "p",
  batch: randomUUID(),
  ordinal: 0,
  collection: "c",
  receivedAt: Date.now(),
  outcome: "rejected",
  reason: "unreadable",
  detail: "",
  raw: null,
  ...rest,
});

test("exceptions wait no longer for a silent server than they may", async () => {
  meddler = { before: (_, path) => (path.startsWith("/_bulk") ? "silence" : undefined) };
  const recorded = store.recordExceptions([exception({})], { deadline: soon() });
  await expect(recorded).rejects.toMatchObject({ code: "ServiceUnavailable" });
});

test("exceptions with large raw events go in requests of no more than a bulk's size", async () => {
  const sizes: number[] = [];
  meddler = {
    before: (_, path, bytes) => {
      if (path.startsWith("/_bulk")) sizes.push(bytes);
      return undefined;
    },
  };
  const project = newProject();
  const large = Array.from({ length: 14 }, () => exception({ project, raw: "x".repeat(900_000) }));
  await store.recordExceptions(large);
  expect(sizes.length).toBeGreaterThan(1);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(5_000_000);
  expect(await rejectedOf(project)).toBe(14);
});

test("a large exception that a proxy does not let through is kept without its raw event", async () => {
  meddler = {
    before: (_, path, bytes) => (path.startsWith("/_bulk") && bytes > 500_000 ? { status: 413 } : undefined),
  };
  const project = newProject();
  await store.recordExceptions([exception({ project, raw: "x".repeat(1_500_000) }), exception({ project })]);
  expect(await rejectedOf(project)).toBe(2);
});

async function rejectedOf(project: string): Promise<number> {
  await store.refresh();
  const rows = await store.outcomes({ project, from: -8.64e15, to: 8.64e15 + 1 });
  return rows.filter(({ outcome }) => outcome === "rejected").reduce((sum, { count }) => sum + count, 0);
}

const good = () => ({
  id: mintId(Date.now(), randomBytes(10)),
  collection: "visits",
  timestamp: Date.now(),
  properties: { n: 1 },
});

test.each([
  ["a collection of 40,000 characters", { collection: "c".repeat(40_000) }, {}],
  ["a collection of many bytes, cut in the middle of a character", { collection: "\u{1f600}".repeat(12_000) }, {}],
  ["a time beyond all dates", {}, { receivedAt: 1e20 }],
  ["a time before all dates", {}, { receivedAt: -1e20 }],
  ["a batch of 40,000 characters", { collection: "c".repeat(40_000) }, { batch: "b".repeat(40_000) }],
])(
  "a forged message with %s is done at its first delivery, and each of its events has an end",
  async (_, event, rest) => {
    const catalogue = createCatalogue({ registry, clock });
    const claims = createClaims({ registry, clock });
    const tombstones = createTombstones({ registry, clock, random: systemRandom });
    const collect = createCollector({ sink: store, catalogue, claims, tombstones, enrich: createEnricher(), clock });
    const project = newProject();
    const envelope = {
      v: ENVELOPE_VERSION,
      batch: randomUUID(),
      project,
      receivedAt: Date.now(),
      instance: "i",
      sequence: 1,
      accepted: 2,
      request: { executionId: "e", function: "ingest", coldStart: false, durationMs: 1, route: "/v1/e", bytes: 1 },
      events: [{ ...good(), ...event }, good()],
      ...rest,
    };
    const forged: CollectMessage = {
      id: randomUUID(),
      body: JSON.stringify(envelope),
      receiveCount: 1,
      sentAt: envelope.receivedAt,
    };
    expect(await collect([forged], { deadline: clock.now() + 10_000 })).toEqual({ failed: [] });
    const rejected = await rejectedOf(project);
    const stored = (await store.metric(metricPlan(project))).rows[0]?.values[0] as number;
    expect(rejected).toBeGreaterThan(0);
    expect(rejected + stored).toBe(2);
  },
);

test("an exception with an ordinal beyond all requests is kept", async () => {
  const project = newProject();
  await store.recordExceptions([exception({ project, ordinal: 2 ** 31 }), exception({ project, ordinal: -1 })]);
  expect(await rejectedOf(project)).toBe(2);
});
