import { decodeEnvelope, HOUR_MS, type AcceptedEvent } from "@millrace/core";
import { expect, test } from "vitest";
import { createAccept } from "./accept.ts";

const NOON = Date.UTC(2026, 10, 1, 12);

function setUp(send: (body: string) => Promise<void> = async () => {}) {
  const totals: number[] = [];
  const accept = createAccept({
    queue: {
      send: async ({ body }) => {
        totals.push(decodeEnvelope(body).accepted);
        await send(body);
      },
    },
    clock: { now: () => NOON },
    random: (count) => new Uint8Array(count),
    instance: "i",
  });
  const request = (events: number, { project = "p", receivedAt = NOON } = {}) =>
    accept({ project, receivedAt, route: "/", bytes: 0, content: { events: Array.from({ length: events }, event) } });
  return { accept, request, totals };
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
  expect(totals).toEqual([10, 30, 60]);
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
