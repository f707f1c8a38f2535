import { runInExecution, type AcceptedEvent } from "@millrace/core";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { decode } from "./decode.ts";
import type { Enricher } from "./enrich/enricher.ts";
import { prepare } from "./stored-event.ts";
import { accepted, envelope, message, NOON } from "./testing/events.ts";

/** Longer than the thread may be kept. */
const LONG_MS = 6;
const plain: Enricher = ({ context = {}, properties }) => ({ context, properties });
async function preparing(events: readonly unknown[], enrich = plain, parts: Parameters<typeof envelope>[2] = {}) {
  const { deliveries } = await decode([message(envelope("b", events, parts))]);
  return prepare(deliveries, enrich);
}

test("an event is stored with its place, its message's numbers and the runs that it went through", async () => {
  const event = accepted({ properties: { a: { b: 1 } }, context: { page_path: "/" } });
  const { ready } = await runInExecution({ id: "collector-1" } as never, () => preparing([event]));
  expect(ready).toMatchObject([
    {
      ordinal: 0,
      accepted: event,
      stored: {
        project: "p1",
        batch: "b",
        ordinal: 0,
        id: event.id,
        collection: "pageviews",
        timestamp: NOON,
        receivedAt: NOON + 500,
        instance: "instance-1",
        sequence: 1,
        accepted: 1,
        context: { page_path: "/", execution_ingest: "ingest-1", execution_collector: "collector-1" },
        properties: { a: { b: 1 } },
      },
    },
  ]);
  expect(ready[0]?.stored.flat.numbers).toEqual({ "a.b": 1 });
});

test("where neither run is known, none is named; what is sent again keeps its places", async () => {
  const { ready } = await preparing([accepted(), accepted()], plain, {
    request: undefined as never,
    ...({ v: 3, ordinals: [4, 7] } as object),
  });
  expect(ready.map(({ ordinal, stored }) => [ordinal, stored.ordinal, stored.context])).toEqual([
    [4, 4, {}],
    [7, 7, {}],
  ]);
});

test.each<[what: string, event: unknown, detail: string]>([
  ["null", null, "The event is not an object."],
  ["a list", ["x"], "The event is not an object."],
  ["a number as its id", { ...accepted(), id: 5 }, "The event's id is malformed."],
  ["no id", { ...accepted(), id: "" }, "The event's id is malformed."],
  ["an empty collection", { ...accepted(), collection: "" }, "The event has no collection."],
  ["a list of collections", { ...accepted(), collection: ["pageviews"] }, "The event has no collection."],
  ["a text as its time", { ...accepted(), timestamp: "now" }, "The event has no timestamp."],
  ["a list of properties", { ...accepted(), properties: [] }, "The event's properties are not an object."],
  ["a text as its context", { ...accepted(), context: "text" }, "The event's context is not an object."],
])("an event with %s is rejected alone, and says why", async (_what, event, detail) => {
  const { ready, settled } = await preparing([accepted(), event]);
  expect(ready.map(({ ordinal }) => ordinal)).toEqual([0]);
  expect(settled).toMatchObject([
    { candidate: { ordinal: 1 }, end: { kind: "rejected", reason: "unreadable", detail } },
  ]);
});

test.each<[thrown: unknown, detail: string]>([
  [new Error("The step failed."), "The step failed."],
  // Only the name of what is behind it: its message may hold a piece of the event.
  [new Error("The step failed.", { cause: new TypeError("lovelace") }), "The step failed. (TypeError)"],
  ["lovelace", "The event could not be read."],
])("what enrichment throws rejects the event: %s", async (thrown, detail) => {
  const failing = (_event: AcceptedEvent): never => {
    throw thrown;
  };
  expect(await preparing([accepted()], failing)).toMatchObject({ ready: [], settled: [{ end: { detail } }] });
});

test("requests have turns while the events of a message are enriched, which keep their order", async () => {
  const events = Array.from({ length: 4 }, (_, n) => accepted({ properties: { n } }));
  const { deliveries } = await decode([message(envelope("b1", events))]);
  let done = 0;
  const slow = prepare(deliveries, ({ properties }) => {
    for (const until = performance.now() + LONG_MS; performance.now() < until;);
    done++;
    return { context: {}, properties };
  });
  const seen = new Set<number>();
  while (done < events.length) {
    seen.add(done);
    await nextTurn();
  }
  expect([...seen]).toEqual([1, 2, 3]);
  const { ready } = await slow;
  expect(ready.map(({ stored, ordinal }) => [stored.properties["n"], ordinal])).toEqual(events.map((_, n) => [n, n]));
});
