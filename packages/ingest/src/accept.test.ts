import { randomBytes } from "node:crypto";
import { decodeEnvelope, HOUR_MS, runInExecution, type AcceptedEvent, type Execution } from "@millrace/core";
import { expect, test } from "vitest";
import { createAccept } from "./accept.ts";

const NOON = Date.UTC(2026, 10, 1, 12);

function setUp(send: (body: string) => Promise<void> = async () => {}) {
  const totals: number[] = [];
  const bodies: string[] = [];
  const accept = createAccept({
    queue: {
      send: async ({ body }) => {
        totals.push(decodeEnvelope(body).accepted);
        await send(body);
        bodies.push(body);
      },
    },
    clock: { now: () => NOON },
    random: (count) => new Uint8Array(count),
    instance: "i",
  });
  const request = (events: number, { project = "p", receivedAt = NOON } = {}) =>
    accept({ project, receivedAt, route: "/", bytes: 0, content: { events: Array.from({ length: events }, event) } });
  return { accept, request, totals, bodies };
}

test("what was too large for anybody is not in the total: no event of it will ever arrive", async () => {
  const { accept, request, totals } = setUp();
  const heavy = { ...event(), properties: { text: "x".repeat(13_000_000) } };
  const acceptance = { project: "p", receivedAt: NOON, route: "/", bytes: 0, content: { events: [heavy, event()] } };
  await expect(accept(acceptance)).rejects.toMatchObject({ code: "RequestEntityTooLarge" });
  await request(1);
  expect(totals).toEqual([1]);
});

const event = (): AcceptedEvent => ({ id: "0".repeat(32), collection: "c", timestamp: NOON, properties: {} });

test("requests that run at the same time get totals that add up: the newest is what was offered", async () => {
  const open = Promise.withResolvers<void>();
  const { request, totals } = setUp(() => open.promise);
  const all = [10, 20, 30].map((events) => request(events));
  open.resolve();
  await Promise.all(all);
  // Which is packed first nobody knows.
  const added = totals.map((total, index) => total - (totals[index - 1] ?? 0));
  expect(added.toSorted((a, b) => a - b)).toEqual([10, 20, 30]);
});

test("a total is of one project and one hour of receipt, and goes on after what the queue refused", async () => {
  let refuses = false;
  const { request, totals } = setUp(() => (refuses ? Promise.reject(new Error("refused")) : Promise.resolve()));
  await request(1);
  await request(5, { project: "q" });
  refuses = true;
  await expect(request(2)).rejects.toMatchObject({ code: "ServiceUnavailable" });
  refuses = false;
  await request(3);
  await request(4, { receivedAt: NOON + HOUR_MS });
  // Late by a moment, from before the turn of the hour.
  await request(1);
  await request(9, { receivedAt: NOON + 3 * HOUR_MS });
  expect(totals).toEqual([1, 5, 3, 6, 4, 7, 9]);
});

/** An event of that many bytes that do not get shorter when they are packed. */
const heavy = (id: string, bytes: number): AcceptedEvent => ({
  ...event(),
  id,
  properties: { text: randomBytes(bytes).toString("latin1") },
});

test("a message has a batch of its own as a UUID, and says which request it came with", async () => {
  const { accept, bodies } = setUp();
  const acceptance = { project: "p", receivedAt: NOON - 7, route: "/3.0/x", bytes: 55, content: { events: [event()] } };
  await accept(acceptance);
  const execution = {
    id: "request-1",
    coldStart: true,
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    label: (name: string, value: unknown) => labels.push([name, value]),
    metric: () => {},
    startSpan: () => ({ end: () => {} }),
  } satisfies Execution;
  const labels: unknown[] = [];
  await runInExecution(execution, () => accept({ ...acceptance, content: { events: [event(), event()] } }));
  const [alone, within] = bodies.map((body) => decodeEnvelope(body));
  // Milliseconds first, as in a UUIDv7.
  const time = (NOON - 7).toString(16).padStart(12, "0");
  expect(alone?.batch).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(alone?.batch.replaceAll("-", "").startsWith(time)).toBe(true);
  const request = { function: "ingest", durationMs: 7, route: "/3.0/x", bytes: 55 };
  expect(alone).toMatchObject({ project: "p", receivedAt: NOON - 7, instance: "i", sequence: 1 });
  expect(alone?.request).toEqual({ ...request, executionId: alone?.batch, coldStart: false });
  expect(within?.sequence).toBe(2);
  expect(within?.request).toEqual({
    ...request,
    executionId: "request-1",
    coldStart: true,
    trace: "4bf92f3577b34da6a3ce929d0e0e4736",
  });
  expect(labels).toEqual([
    ["events", 2],
    ["project", "p"],
  ]);
});

test("no events are no message", async () => {
  const { request, bodies } = setUp();
  expect(await request(0)).toEqual([]);
  expect(bodies).toEqual([]);
});

test("what is too large for a message is told of alone: what is beside it goes, in messages that fit", async () => {
  const { accept, bodies } = setUp();
  const labels: unknown[] = [];
  const execution = {
    id: "r",
    coldStart: false,
    label: (name: string, value: unknown) => labels.push([name, value]),
    metric: () => {},
    startSpan: () => ({ end: () => {} }),
  } satisfies Execution;
  const events = [heavy("a", 300_000), heavy("b", 1_500_000), heavy("c", 300_000)];
  const unqueued = await runInExecution(execution, () =>
    accept({ project: "p", receivedAt: NOON, route: "/", bytes: 0, content: { events } }),
  );
  expect(unqueued).toMatchObject([{ events: [{ id: "b" }], error: { code: "RequestEntityTooLarge" } }]);
  const arrived = bodies.flatMap((body) => decodeEnvelope(body).events.map(({ id }) => id));
  expect(arrived.toSorted()).toEqual(["a", "c"]);
  expect(labels).toEqual([
    ["events", 2],
    ["project", "p"],
  ]);
});

test("what the queue refuses of several messages is told, with how many events; when it refuses all, that is thrown", async () => {
  let sent = 0;
  const { accept } = setUp(async () => {
    if (++sent !== 1) throw new Error("refused");
  });
  const events = ["a", "b", "c", "d"].map((id) => heavy(id, 400_000));
  const request = () => accept({ project: "p", receivedAt: NOON, route: "/", bytes: 0, content: { events } });
  const unqueued = await request();
  expect(unqueued.length).toBeGreaterThan(0);
  for (const { events: some, error } of unqueued) {
    expect(error).toMatchObject({
      code: "ServiceUnavailable",
      message: "The events could not be queued. Send them again.",
      context: { events: some.length },
    });
  }
  await expect(request()).rejects.toMatchObject({
    code: "ServiceUnavailable",
    message: "The events could not be queued. Send them again.",
    context: { events: 4 },
  });
});
