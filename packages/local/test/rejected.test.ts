import { createClaims, createSqliteRegistry, createTombstones, systemRandom } from "@millrace/access";
import { createCollector, createEnricher } from "@millrace/collector";
import {
  encodeEnvelope,
  ENVELOPE_VERSION,
  mintId,
  PROPERTY_QUOTA,
  type AcceptedEvent,
  type AppendOutcome,
  type EventStore,
} from "@millrace/core";
import { createEmbeddedQueue } from "@millrace/queue/embedded";
import { createRounds, measureRejected, nextStates, type CheckState } from "@millrace/ops";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { randomBytes, randomUUID } from "node:crypto";
import { serve } from "@hono/node-server";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { createTestApp, NOW } from "../../query/test/setup.ts";

const RECEIVED = NOW - 60_000;
const OPS = fileURLToPath(new URL("../../../scripts/ops.ts", import.meta.url));

/** Real parts on both sides of a queue, and a store that takes no `clicks` until it is mended. */
async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), "millrace-rejected-"));
  const clock = { now: () => NOW };
  const queue = await createEmbeddedQueue({ path: join(folder, "queue.sqlite"), clock });
  const store = await createDuckDbStore({ path: ":memory:", clock });
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const t = await createTestApp(
    (deps) => ({ ...deps, rejected: { source: store, queue } }),
    PROPERTY_QUOTA,
    async () => ({ store, registry }),
  );
  onTestFinished(async () => {
    await queue.close();
    await t.close();
    await rm(folder, { recursive: true });
  });
  const fault = { on: true };
  const collect = createCollector({
    sink: { ...store, append: refusing(store, (event) => fault.on && event.collection === "clicks") },
    catalogue: t.catalogue,
    claims: createClaims({ registry, clock }),
    tombstones: createTombstones({ registry, clock, random: systemRandom }),
    enrich: createEnricher(),
    clock,
  });

  /** A request as ingest accepts it. */
  async function accept(events: readonly unknown[]): Promise<void> {
    t.accepted.set(HOUR_OF_RECEIPT, (t.accepted.get(HOUR_OF_RECEIPT) ?? 0) + events.length);
    const request = { executionId: "i", function: "ingest", coldStart: false, durationMs: 1, route: "/", bytes: 1 };
    const about = { v: ENVELOPE_VERSION, batch: randomUUID(), project: t.shop.id, receivedAt: RECEIVED } as const;
    const counts = { instance: "i", sequence: 1, accepted: events.length };
    const body = await encodeEnvelope({ ...about, ...counts, request, events: events as AcceptedEvent[] });
    await queue.send({ body, group: t.shop.id, accepted: { receivedAt: RECEIVED, events: events.length } });
  }

  /** Collects all that waits, and answers how many messages that were. */
  async function work(): Promise<number> {
    const messages = await queue.receive({ max: 10_000, visibilityMs: 60_000 });
    if (messages.length > 0) expect(await collect(messages, { deadline: NOW + 60_000 })).toEqual({ failed: [] });
    await queue.ack(messages.map(({ receipt }) => receipt));
    return messages.length;
  }

  async function ends() {
    const { body } = await t.send<Ledger>("GET", "/ledger");
    expect(body.result).toHaveLength(1);
    const [{ accepted, stored, duplicate, rejected, in_flight } = NONE] = body.result;
    expect(in_flight).toBe(0);
    return { accepted, stored, duplicate, rejected };
  }

  const replay = (asked: object = {}) => t.send<Replay>("POST", "/rejected/replay", { body: asked });
  return { t, queue, accept, work, ends, replay, mend: () => void (fault.on = false) };
}

const HOUR_OF_RECEIPT = Math.floor(RECEIVED / 3_600_000) * 3_600_000;
const NONE = { accepted: 0, stored: 0, duplicate: 0, rejected: 0, in_flight: -1 };

interface Ledger {
  readonly result: readonly (typeof NONE)[];
}

interface Replay {
  readonly found: number;
  readonly sent: number;
  readonly without_raw: number;
  readonly after: string | null;
}

function refusing(store: EventStore, isBad: (event: { collection: string }) => boolean): EventStore["append"] {
  const no: AppendOutcome = { kind: "rejected", reason: "mapping", detail: "The store has no place for it." };
  return async (events, options) => {
    const outcomes = await store.append(
      events.filter((event) => !isBad(event)),
      options,
    );
    const others = outcomes.values();
    return events.map((event) => (isBad(event) ? no : (others.next().value ?? no)));
  };
}

function event(collection: string, parts: Partial<AcceptedEvent> = {}): AcceptedEvent {
  return { id: mintId(NOW, randomBytes(10)), collection, timestamp: RECEIVED, properties: { n: 1 }, ...parts };
}

test("what was rejected is sent again after the reason is mended, three times: it is stored once, and the ledger says so", async () => {
  const { t, accept, work, ends, replay, mend } = await setUp();
  const seen = event("visits");
  // Of one request: rejected ones between others, a token that two share, a duplicate by its id, and what is no event at all.
  await accept([event("clicks"), seen, event("clicks", { uniquenessToken: "once" }), event("clicks"), seen, null]);
  await accept([event("visits"), event("clicks", { uniquenessToken: "once" })]);
  for (let i = 0; i < 130; i++) await accept([event("clicks", { properties: { text: "ä".repeat(200) } })]);
  await work();
  const before = { accepted: 138, stored: 2, duplicate: 2, rejected: 134 };
  expect(await ends()).toEqual(before);

  expect((await replay()).body).toEqual({ found: 134, without_raw: 0, sent: 0, after: null });
  expect(await work()).toBe(0);
  // Too early: nothing changes.
  expect((await replay({ send: true, collection: "clicks" })).body).toMatchObject({ found: 133, sent: 133 });
  expect(await work()).toBe(131);
  expect(await ends()).toEqual(before);

  mend();
  for (let time = 0; time < 3; time++) await replay({ send: true });
  expect(await work()).toBe(3 * 131);
  const after = { accepted: 138, stored: 135, duplicate: 2, rejected: 1 };
  expect(await ends()).toEqual(after);
  expect((await replay({ send: true })).body).toMatchObject({ found: 1, sent: 1 });
  await work();
  expect(await ends()).toEqual(after);
  const counted = await t.query("count", { event_collection: "clicks" });
  expect(counted.body.result).toBe(133);
  const audit = await t.access.audit.search({ project: t.shop.id, what: "rejected" });
  expect(audit.entries.map(({ after: noted }) => noted?.["sent"])).toEqual([1, 134, 134, 134, 133]);
});

test("the check of rejected events turns with the share that is, and back when they were sent again", async () => {
  const { t, accept, work, replay, mend } = await setUp();
  let states: CheckState[] = [];
  const clock = { now: () => NOW };
  const rounds = createRounds({ registry: t.registry, clock });
  const look = async () => {
    const measured = await measureRejected(rounds, t.ledger, [{ id: t.shop.id }], clock);
    states = nextStates(states, measured, NOW);
    return states.map(({ severity, detail }) => [severity, detail]);
  };
  await accept([event("clicks")]);
  await work();
  // One of one: too few to say anything.
  expect(await look()).toEqual([["ok", undefined]]);
  await accept(Array.from({ length: 49 }, () => event("visits")));
  await work();
  expect(await look()).toEqual([["warn", `${t.shop.id}: 2.0 %`]]);
  await accept(Array.from({ length: 10 }, () => event("clicks")));
  await work();
  expect(await look()).toEqual([["critical", `${t.shop.id}: 18.3 %`]]);
  mend();
  await replay({ send: true });
  await work();
  expect(await look()).toEqual([["ok", undefined]]);
});

test("an event that came in again meanwhile is a duplicate when it is sent again; those of its request before stay what they are", async () => {
  const { accept, work, ends, replay, mend } = await setUp();
  const [seen, click] = [event("visits"), event("clicks")];
  await accept([seen]);
  await accept([seen, seen, click]);
  await work();
  expect(await ends()).toEqual({ accepted: 4, stored: 1, duplicate: 2, rejected: 1 });
  mend();
  await accept([click]);
  await work();
  for (let time = 0; time < 2; time++) {
    await replay({ send: true });
    await work();
    expect(await ends()).toEqual({ accepted: 5, stored: 2, duplicate: 3, rejected: 0 });
  }
});

test("rejected events are listed by reason and collection with an example, and found by what stands in them", async () => {
  const { t, accept, work } = await setUp();
  await accept([event("clicks", { properties: { who: "Ada" } }), event("clicks", { properties: { who: "Bob" } })]);
  await accept([null]);
  await work();
  const { body } = await t.send<{ groups: unknown[]; complete: boolean }>("GET", "/rejected");
  const received_at = new Date(RECEIVED).toISOString();
  expect(body).toEqual({
    complete: true,
    groups: [
      {
        reason: "mapping",
        collection: "clicks",
        count: 2,
        first_at: received_at,
        last_at: received_at,
        sample: expect.objectContaining({
          received_at,
          ordinal: 1,
          detail: "The store has no place for it.",
        }) as unknown,
      },
      expect.objectContaining({ reason: "unreadable", collection: "", count: 1 }),
    ],
  });
  const find = async (query: string) => {
    const found = await t.send<{ events: { raw: { properties: { who: string } } }[]; after: string | null }>(
      "GET",
      `/rejected/events?${query}`,
    );
    return [found.body.events.map(({ raw }) => raw?.properties?.who), found.body.after !== null];
  };
  expect(await find("text=aDA")).toEqual([["Ada"], false]);
  expect(await find("text=no%20place&collection=clicks")).toEqual([["Bob", "Ada"], false]);
  expect(await find("text=nobody")).toEqual([[], false]);
  expect(await find("reason=unreadable")).toEqual([[undefined], false]);
  expect(await find("collection=clicks&limit=1")).toEqual([["Bob"], true]);
  const { body: page } = await t.send<{ after: string }>("GET", "/rejected/events?collection=clicks&limit=1");
  expect(await find(`collection=clicks&limit=1&after=${page.after}`)).toEqual([["Ada"], false]);
  expect(await find("timeframe=yesterday")).toEqual([[], false]);
});

test("the operator's command lists them, says what it would send, and sends it when told so", async () => {
  const { t, accept, work, ends, mend } = await setUp();
  const listening = Promise.withResolvers<number>();
  const server = serve({ fetch: t.app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => listening.resolve(port));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${await listening.promise}`;
  const ops = async (...args: string[]) => {
    const env = { ...process.env, MILLRACE_KEY: t.shop.masterKey };
    const all = [
      "--disable-warning=ExperimentalWarning",
      OPS,
      "rejected",
      ...args,
      "--project",
      t.shop.id,
      "--url",
      url,
    ];
    return (await promisify(execFile)(process.execPath, all, { env })).stdout;
  };
  await accept([event("clicks", { properties: { who: "Ada" } }), event("clicks"), event("visits")]);
  await work();
  expect(await ops()).toMatch(/2  mapping  clicks .*\n +The store has no place for it\./);
  expect(await ops("replay", "--collection", "clicks")).toMatch(/^2 rejected events\. Nothing was sent/);
  expect(await work()).toBe(0);
  mend();
  expect(await ops("replay", "--collection", "clicks", "--yes")).toBe(
    "2 of 2 rejected events are in the queue again.\n",
  );
  await work();
  expect(await ends()).toEqual({ accepted: 3, stored: 3, duplicate: 0, rejected: 0 });
});

test.each([
  ["GET", "/rejected?text=x", "text"],
  ["GET", "/rejected/events?limit=0", "limit"],
  ["GET", "/rejected/events?after=nowhere", "after"],
  ["GET", `/rejected/events?after=${Buffer.from('[1,"b",9999999999]').toString("base64url")}`, "after"],
  ["GET", "/rejected/events?colection=clicks", "collection"],
  ["POST", "/rejected/replay", "send"],
])("%s %s is refused by name", async (method, path, name) => {
  const { t } = await setUp();
  const { status, body } = await t.send(method, path, method === "POST" ? { body: { send: "yes" } } : {});
  expect([status, body.message]).toEqual([400, expect.stringContaining(name)]);
});

test("neither a read key nor a write key sees what was rejected, nor sends it", async () => {
  const { t } = await setUp();
  for (const key of [t.shop.readKey, t.shop.writeKey]) {
    expect((await t.send("GET", "/rejected", { key })).status).toBe(401);
    expect((await t.send("POST", "/rejected/replay", { key, body: { send: true } })).status).toBe(401);
  }
});
