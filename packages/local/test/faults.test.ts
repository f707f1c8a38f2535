import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { ENVELOPE_VERSION, hourOf, type Envelope } from "@millrace/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Demo } from "../src/demo.ts";
import { inProject, loadId, request, trackerBatch } from "./client.ts";
import { ask, freePort, ledgerTotals, settled, startServer, temporaryFolder } from "./harness.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const record = (demo: Demo, n: number) =>
  request(demo, inProject(demo, "/events/steps"), { key: demo.writeKey, body: { n } });
const numbers = async (demo: Demo) =>
  ((await ask(demo, "select_unique", { event_collection: "steps", target_property: "n" })) as number[]).sort(
    (a, b) => a - b,
  );
const upTo = (end: number, from = 0) => Array.from({ length: end - from }, (_, at) => from + at);

// The limit on the size of a process's files, changed while it runs, is a disk that is full: writes fail, reads go on. Only Linux
// can set it from outside.
describe.runIf(process.platform === "linux")("a disk that is full for a while", () => {
  const limitFiles = (pid: number, bytes: number | "unlimited") =>
    execFileSync("prlimit", [`--pid=${pid}`, `--fsize=${bytes}:unlimited`]);

  test("clients are told to come back, nobody is told yes in vain, and all goes on when there is room", async () => {
    const server = await startServer(folder.path, await freePort());
    const { demo, pid } = server;
    for (const n of upTo(5)) expect((await record(demo, n)).status).toBe(201);
    await settled(demo);

    limitFiles(pid, 1);
    const accepted: number[] = [];
    for (const n of upTo(25, 5)) {
      const { status, text, headers } = await record(demo, n);
      if (status === 201) accepted.push(n);
      else {
        expect(status, text).toBe(503);
        expect(JSON.parse(text)).toMatchObject({ error_code: "ServiceUnavailable" });
        expect(headers.get("retry-after")).not.toBeNull();
      }
    }
    const refusedByTracker = await request(demo, "/v1/e", {
      body: trackerBatch(demo.writeKey, { load: loadId(Date.now()), sequences: [1] }),
    });
    expect(refusedByTracker.status).toBe(503);
    expect(accepted).toEqual([]);
    // Questions are still answered.
    expect(await numbers(demo)).toEqual(upTo(5));

    limitFiles(pid, "unlimited");
    const wellAgain = new Date().toISOString();
    for (const n of upTo(30, 25)) await expect.poll(async () => (await record(demo, n)).status).toBe(201);
    const totals = await settled(demo);
    expect(await numbers(demo)).toEqual([...upTo(5), ...upTo(30, 25)]);
    // The terminal names the reason, and the log of executions goes on.
    expect(server.output()).toContain("disk");
    const lastLogged = async () =>
      (await readFile(join(folder.path, "executions.ndjson"), "utf8")).match(/"timestamp":"[^"]*"/g)?.at(-1) ?? "";
    await expect.poll(async () => (await lastLogged()) > `"timestamp":"${wellAgain}"`).toBe(true);
    expect(totals).toMatchObject({ accepted: 10, stored: 10, duplicate: 0, rejected: 0, dead: 0 });
    expect(await server.stop()).toBe(0);
  });

  test("the disk fills while events wait for the store: they are stored when there is room, each once", async () => {
    const port = await freePort();
    let server = await startServer(folder.path, port);
    const { demo, pid } = server;
    await record(demo, 0);
    await settled(demo);
    const load = loadId(Date.now());
    const sends = upTo(40).map((at) =>
      request(demo, "/v1/e", { body: trackerBatch(demo.writeKey, { load, sequences: upTo(at * 10 + 10, at * 10) }) }),
    );
    // Some of them are in the queue, some on their way to the store, some still to come.
    await Promise.race(sends);
    limitFiles(pid, 1);
    const answers = await Promise.all(sends);
    const yes = answers.filter(({ status }) => status === 202).length;
    expect(answers.filter(({ status }) => status !== 202 && status !== 503)).toEqual([]);
    expect(yes).toBeGreaterThan(0);
    limitFiles(pid, "unlimited");
    // The store itself is well again at once …
    expect((await record(demo, 1)).status).toBe(201);
    await expect.poll(() => numbers(demo)).toEqual([0, 1]);
    // … but what could be neither stored nor handed back comes again when its visibility ends, or here with a new owner.
    expect(await server.stop()).toBe(0);
    server = await startServer(folder.path, port);
    const totals = await settled(server.demo);
    expect(totals).toMatchObject({ accepted: 2 + yes * 10, stored: 2 + yes * 10, rejected: 0, dead: 0 });
    expect(await ask(server.demo, "count", { event_collection: "pageviews" })).toBe(yes * 10);
    expect(await server.stop()).toBe(0);
  });
});

describe("messages that no collector can read", () => {
  /** Puts messages into the file of a queue that no server uses, as a broken or newer ingest would have. */
  function enqueue(project: string, bodies: readonly string[], receiveCount: number): void {
    const queue = new DatabaseSync(join(folder.path, "queue.sqlite"));
    const now = Date.now();
    for (const body of bodies) {
      const { lastInsertRowid } = queue
        .prepare(
          "INSERT INTO message (project, sent_at, visible_at, receive_count, hour, events) VALUES (?, ?, ?, ?, ?, 1)",
        )
        .run(project, now, now, receiveCount, hourOf(now));
      queue.prepare("INSERT INTO body (seq, text) VALUES (?, ?)").run(lastInsertRowid, body);
      queue
        .prepare("INSERT INTO accepted VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET events = events + 1")
        .run(project, hourOf(now));
    }
    queue.close();
  }
  const envelope = (project: string, batch: string, event: unknown): Envelope => ({
    v: ENVELOPE_VERSION,
    batch,
    project,
    receivedAt: Date.now(),
    instance: "test",
    sequence: 1,
    accepted: 1,
    request: { executionId: batch, function: "ingest", coldStart: false, durationMs: 0, route: "/", bytes: 1 },
    events: [event] as Envelope["events"],
  });

  test("they reach the dead letters and the ledger says so; their neighbours are stored", async () => {
    let server = await startServer(folder.path, await freePort());
    const { project } = server.demo;
    expect(await server.stop()).toBe(0);
    const poison = [
      "not an envelope",
      "",
      "gz:AAAA",
      "null",
      JSON.stringify({ v: 99, events: [{}] }),
      JSON.stringify({ ...envelope(project, "b", {}), events: { length: 1 } }),
      JSON.stringify({ ...envelope(project, "b", {}), batch: 7 }),
    ];
    // All deliveries but the last are behind them; this one ends them.
    enqueue(project, poison, 99);
    server = await startServer(folder.path, await freePort());
    for (const n of upTo(10)) expect((await record(server.demo, n)).status).toBe(201);
    await expect.poll(() => numbers(server.demo)).toEqual(upTo(10));
    expect(await ledgerTotals(server.demo)).toMatchObject({ stored: 10, rejected: 0 });
    expect(await server.stop()).toBe(0);
    // The only owner of the queue's file need not wait for the visibility of those who had the messages before.
    server = await startServer(folder.path, await freePort());
    const totals = await settled(server.demo);
    expect(totals).toMatchObject({ accepted: 10 + poison.length, stored: 10, dead: poison.length, in_flight: 0 });
    expect((await record(server.demo, 10)).status).toBe(201);
    expect((await settled(server.demo)).stored).toBe(11);
    expect(await server.stop()).toBe(0);
  });

  test("an event that no store can keep is rejected by itself, with its reason; the others of its message are stored", async () => {
    let server = await startServer(folder.path, await freePort());
    const { project } = server.demo;
    expect(await server.stop()).toBe(0);
    const id = (n: number) => `${Date.now().toString(16).padStart(12, "0")}${String(n).padStart(8, "0")}`;
    const good = { id: id(1), collection: "steps", timestamp: Date.now(), properties: { n: 1 } };
    const deep = JSON.parse(`${'{"a":'.repeat(3000)}1${"}".repeat(3000)}`) as unknown;
    const broken = [
      null,
      7,
      "event",
      [],
      {},
      { ...good, id: id(2), timestamp: "yesterday" },
      { ...good, id: id(3), timestamp: 1e300 },
      { ...good, id: id(4), collection: null },
      { ...good, id: id(5), properties: "none" },
      { ...good, id: "../../etc/passwd" },
      { ...good, id: id(6), properties: deep },
    ];
    enqueue(
      project,
      [good, ...broken].map((event, at) => JSON.stringify(envelope(project, `batch-${at}`, event))),
      0,
    );
    const together = {
      ...envelope(project, "batch-together", good),
      accepted: broken.length + 1,
      events: [...broken, { ...good, id: id(9), properties: { n: 9 } }],
    };
    enqueue(project, [JSON.stringify(together)], 0);
    const queue = new DatabaseSync(join(folder.path, "queue.sqlite"));
    queue.exec(`UPDATE message SET events = ${together.events.length} WHERE seq = (SELECT max(seq) FROM message);
      UPDATE accepted SET events = events + ${together.events.length - 1}`);
    queue.close();
    server = await startServer(folder.path, await freePort());
    const totals = await settled(server.demo);
    expect(await numbers(server.demo)).toEqual([1, 9]);
    expect(totals).toMatchObject({ dead: 0, in_flight: 0 });
    expect(totals.accepted).toBe(totals.stored + totals.rejected + totals.duplicate);
    expect(totals.rejected).toBeGreaterThanOrEqual(2 * (broken.length - 1));
    expect(await server.stop()).toBe(0);
  });
});

describe("Ctrl-C", () => {
  test("with requests in flight: exit code 0, everything accepted is there after the restart, nothing is cut", async () => {
    const port = await freePort();
    let server = await startServer(folder.path, port);
    const { demo } = server;
    const accepted: number[] = [];
    const gone: number[] = [];
    let next = 0;
    let stopping = false;
    const client = async () => {
      while (!stopping) {
        const n = next++;
        const status = await record(demo, n).then(
          (answer) => answer.status,
          () => 0,
        );
        if (status === 201) accepted.push(n);
        else {
          expect(status).toBe(0);
          gone.push(n);
          stopping = true;
        }
      }
    };
    const clients = Array.from({ length: 8 }, client);
    while (accepted.length < 200) await delay(2);
    const code = await server.stop();
    stopping = true;
    await Promise.all(clients);
    expect(code).toBe(0);
    server = await startServer(folder.path, port);
    const totals = await settled(server.demo);
    const stored = await numbers(server.demo);
    expect(accepted.filter((n) => !stored.includes(n))).toEqual([]);
    // Of a request that got no answer the event may be there or not, but of no other.
    expect(stored.filter((n) => !accepted.includes(n) && !gone.includes(n))).toEqual([]);
    expect(totals.accepted).toBe(totals.stored);
    expect(await server.stop()).toBe(0);
  });

  test("a request whose body is still coming is finished and answered, not cut", async () => {
    const server = await startServer(folder.path, await freePort());
    const { demo } = server;
    const { port } = new URL(demo.url);
    const body = JSON.stringify({ n: 1 });
    const socket = connect(Number(port), "127.0.0.1");
    await once(socket, "connect");
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
    socket.write(
      `POST ${inProject(demo, "/events/steps")} HTTP/1.1\r\nHost: x\r\nAuthorization: ${demo.writeKey}\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 3)}`,
    );
    // Its first line has been read when a later request was answered.
    await record(demo, 0);
    const stopped = server.stop();
    await expect.poll(() => server.output()).toContain("Stopping");
    socket.write(body.slice(3));
    await once(socket, "close");
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(await stopped).toBe(0);
    const again = await startServer(folder.path, await freePort());
    await settled(again.demo);
    expect(await numbers(again.demo)).toEqual([0, 1]);
    expect(await again.stop()).toBe(0);
  });

  test("connections without a request hold nothing up, however long they were open", async () => {
    const server = await startServer(folder.path, await freePort());
    const socket = connect(Number(new URL(server.demo.url).port), "127.0.0.1");
    socket.on("error", () => {});
    await once(socket, "connect");
    expect(await server.stop()).toBe(0);
    socket.destroy();
  });
});

test("events that another program has open: recording goes on, questions say 503, and all of it is stored when the file is free", async () => {
  const port = await freePort();
  const start = () => startServer(folder.path, port);
  let server = await start();
  await record(server.demo, 0);
  await settled(server.demo);
  expect(await server.stop()).toBe(0);

  const other = await createDuckDbStore({ path: join(folder.path, "events.duckdb"), clock: { now: Date.now } });
  server = await start();
  const { demo } = server;
  expect(server.output()).toContain("open in another process");
  for (const n of upTo(5, 1)) expect((await record(demo, n)).status).toBe(201);
  const question = await request(demo, inProject(demo, "/queries/count?event_collection=steps"), { key: demo.readKey });
  expect([question.status, JSON.parse(question.text)]).toMatchObject([503, { error_code: "ServiceUnavailable" }]);
  await other.close();
  await expect.poll(() => numbers(demo).catch(() => [])).toEqual(upTo(5));
  expect(await settled(demo)).toMatchObject({ accepted: 5, stored: 5 });
  expect(await server.stop()).toBe(0);
});
