import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inProject, loadId, request, trackerBatch } from "./client.ts";
import { ask, freePort, ledgerTotals, settled, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const count = (server: ServerProcess, event_collection: string, extra: Record<string, unknown> = {}) =>
  ask(server.demo, "count", { event_collection, ...extra });

describe("the same events, more than once", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: ServerProcess;

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startServer(folder.path, await freePort());
  });
  afterAll(async () => {
    await server.stop();
    await folder.remove();
  });

  const post = (body: unknown) => request(server.demo, "/v1/e", { body });
  const batch = (options: Parameters<typeof trackerBatch>[1]) => trackerBatch(server.demo.writeKey, options);

  test("a tracker's batch replayed at once and later, by itself and overlapping others: each event once, the rest duplicates", async () => {
    const before = await ledgerTotals(server.demo);
    const load = loadId(Date.now());
    const collection = "replayed";
    const replays = Array.from({ length: 20 }, (_, at) =>
      post(batch({ load, collection, sequences: at % 2 ? [1, 2, 3, 4] : [3, 4, 5, 6] })),
    );
    expect(new Set((await Promise.all(replays)).map(({ status }) => status))).toEqual(new Set([202]));
    await settled(server.demo);
    expect((await post(batch({ load, collection, sequences: [1, 1, 1, 6] }))).status).toBe(202);
    const totals = await settled(server.demo);
    expect(await count(server, collection)).toBe(6);
    expect(totals.duplicate - before.duplicate).toBe(20 * 4 + 4 - 6);
    expect(totals.rejected + totals.dead).toBe(0);
  });

  test("what a browser gave up before is a line of its own in the ledger, and no part of the balance", async () => {
    const { demo } = server;
    const telling = { ...batch({ load: loadId(Date.now()), sequences: [1] }), l: 5 };
    expect((await post(telling)).status).toBe(202);
    await settled(demo);
    const { text } = await request(demo, inProject(demo, "/ledger"), { key: demo.masterKey });
    const { result } = JSON.parse(text) as { result: { lost: number; refused: object }[] };
    expect(result.map(({ lost }) => lost).reduce((sum, lost) => sum + lost, 0)).toBe(5);
    expect(result.map(({ refused }) => refused)).toEqual(result.map(() => ({})));
  });

  test("an id repeated within a request, across requests at the same time, and later: the first one stays", async () => {
    const { demo } = server;
    const id = `${Date.now().toString(16).padStart(12, "0")}0123456789abcdef`;
    const send = (turn: number) =>
      request(demo, inProject(demo, "/events"), {
        key: demo.masterKey,
        body: {
          twins: [
            { keen: { id }, turn },
            { keen: { id }, turn: -1 },
          ],
        },
      });
    const before = await ledgerTotals(demo);
    await send(0);
    await settled(demo);
    await Promise.all(Array.from({ length: 10 }, (_, at) => send(at + 1)));
    const after = await settled(demo);
    expect(await ask(demo, "select_unique", { event_collection: "twins", target_property: "turn" })).toEqual([0]);
    expect(after.stored - before.stored).toBe(1);
    expect(after.duplicate - before.duplicate).toBe(21);
  });

  test.each(["keen.event_id", "Idempotency-Key"])("with a write key, %s makes a repeated request one", async (by) => {
    const { demo } = server;
    const collection = `once-${by}`;
    const id = `${Date.now().toString(16).padStart(12, "0")}fedcba9876543210`;
    const events = [1, 2].map((n) => (by === "keen.event_id" ? { n, keen: { event_id: `${id}${n}` } } : { n }));
    const headers = by === "Idempotency-Key" ? { "idempotency-key": loadId(Date.now()) } : {};
    const send = () =>
      request(demo, inProject(demo, "/events"), { key: demo.writeKey, body: { [collection]: events }, headers });
    const before = await ledgerTotals(demo);
    expect([(await send()).status, (await send()).status]).toEqual([200, 200]);
    await settled(demo);
    expect((await send()).status).toBe(200);
    const after = await settled(demo);
    expect(await count(server, collection)).toBe(2);
    expect([after.stored - before.stored, after.duplicate - before.duplicate]).toEqual([2, 4]);
    const extracted = await ask(demo, "extraction", { event_collection: collection });
    expect(JSON.stringify(extracted)).not.toContain('"event_id":');
  });

  test("a uniqueness token sent by many at the same time is one event", async () => {
    const { demo } = server;
    const send = (n: number) =>
      request(demo, inProject(demo, "/events/orders"), {
        key: demo.writeKey,
        body: { n, keen: { uniqueness_token: "order-1" } },
      });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => send(n)));
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    await settled(demo);
    expect(await count(server, "orders")).toBe(1);
  });

  test.each([
    ["three days behind", -3 * DAY],
    ["two days ahead", 2 * DAY],
    ["ten years ahead", 3650 * DAY],
    ["at the beginning of time", -Date.now()],
  ])(
    "a tracker whose clock is %s: the event lands now, counted back by its age, and a replay a day later is none",
    async (name, skew) => {
      const collection = `clock ${name}`;
      const sentAt = Date.now() + skew;
      const load = loadId(Math.max(0, sentAt));
      const body = batch({ load, collection, sequences: [1], sentAt, age: 2 * HOUR });
      expect((await post(body)).status).toBe(202);
      await settled(server.demo);
      const now = Date.now();
      const between = (from: number, to: number) => ({
        timeframe: { start: new Date(now + from).toISOString(), end: new Date(now + to).toISOString() },
      });
      expect(await count(server, collection, between(-2 * HOUR - 60_000, -2 * HOUR + 60_000))).toBe(1);
      // The retry of a client whose clock was set right in the meantime.
      expect((await post({ ...body, s: Date.now() + DAY, a: 1 })).status).toBe(202);
      await settled(server.demo);
      expect(await count(server, collection)).toBe(1);
    },
  );

  test("Keen's recording takes the past as it is, refuses what is more than a day ahead, and keeps its neighbours", async () => {
    const { demo } = server;
    const at = (offset: number) => ({ keen: { timestamp: new Date(Date.now() + offset).toISOString() }, offset });
    const answer = await request(demo, inProject(demo, "/events"), {
      key: demo.writeKey,
      body: { skewed: [at(-3 * DAY), at(2 * DAY), at(HOUR), { keen: { timestamp: "1970-01-01T00:00:00Z" } }] },
    });
    expect(JSON.parse(answer.text)).toMatchObject({
      skewed: [
        { success: true },
        { success: false, error: { name: "InvalidPropertyValueError" } },
        { success: true },
        { success: true },
      ],
    });
    await settled(demo);
    expect(await count(server, "skewed")).toBe(3);
    // Not a relative one: an hour ahead may be tomorrow.
    const timeframe = { start: at(-4 * DAY).keen.timestamp, end: at(2 * HOUR).keen.timestamp };
    expect(await count(server, "skewed", { timeframe })).toBe(2);
  });

  test("after all of it the ledger balances", async () => {
    const { demo } = server;
    const totals = await settled(demo);
    expect(totals.accepted).toBe(totals.stored + totals.duplicate);
    const { text } = await request(demo, inProject(demo, "/ledger"), { key: demo.readKey });
    expect(JSON.parse(text)).toMatchObject({ balanced: true });
  });
});

describe("kill -9 under a tracker's traffic", () => {
  test("three kills while clients send and retry: everything that was answered 202 is stored, once", async () => {
    const folder = await temporaryFolder();
    const port = await freePort();
    let server = await startServer(folder.path, port);
    const { demo } = server;
    const load = loadId(Date.now());
    let sending = true;
    let next = 0;
    let answered = 0;
    /** A client that numbers its events and sends each until it is told yes, as the tracker does. */
    const client = async () => {
      while (sending) {
        const sequences = [next++, next++, next++];
        while ((await answerTo(trackerBatch(demo.writeKey, { load, sequences }))) !== 202) await delay(50);
        answered += sequences.length;
      }
    };
    const answerTo = (body: unknown) =>
      request(demo, "/v1/e", { body }).then(
        ({ status }) => status,
        () => 0,
      );
    const clients = Array.from({ length: 6 }, client);
    for (let kill = 1; kill <= 3; kill++) {
      const goal = answered + 150;
      while (answered < goal) await delay(5);
      await server.kill();
      server = await startServer(folder.path, port);
    }
    sending = false;
    await Promise.all(clients);
    const totals = await settled(demo);
    expect(answered).toBe(next);
    expect(totals.stored).toBe(answered);
    expect(totals.accepted).toBe(totals.stored + totals.duplicate);
    expect(await ask(demo, "count", { event_collection: "pageviews" })).toBe(answered);
    expect(await server.stop()).toBe(0);
    await folder.remove();
    // Four starts, and what a killed process held is hidden for minutes.
  }, 600_000);
});
