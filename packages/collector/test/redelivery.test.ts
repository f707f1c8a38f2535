import { createCatalogue, createClaims, createSqliteRegistry, createTombstones, systemRandom } from "@millrace/access";
import { createCollector, createEnricher, type CollectMessage } from "@millrace/collector";
import { hourOf, type EventSink, type EventStore } from "@millrace/core";
import { createLedger } from "@millrace/ops";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { afterEach, expect, test } from "vitest";
import { accepted, envelope, message, NOON } from "../src/testing/events.ts";

// The collector on the real store of one machine, with the real registry behind claims and catalogue.
const clock = { now: () => NOON + 1_000 };
const DEADLINE = { deadline: NOON + 60_000 };
const EVENTS_PER_MESSAGE = 10;
const MESSAGES = 20;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function openParts() {
  const store = await createDuckDbStore({ path: ":memory:", clock, threads: 1 });
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  closing.push(
    () => registry.close(),
    () => store.close(),
  );
  await store.prepare();
  const collectorOn = (sink: EventSink) =>
    createCollector({
      sink,
      catalogue: createCatalogue({ registry, clock }),
      claims: createClaims({ registry, clock }),
      tombstones: createTombstones({ registry, clock, random: systemRandom }),
      enrich: createEnricher(),
      clock,
    });
  return { store, collectorOn };
}

/** 20 messages of 10 events: nine good ones, of which two share a uniqueness token, and one that is malformed. */
function batch(): CollectMessage[] {
  return Array.from({ length: MESSAGES }, (_, m) => {
    const good = Array.from({ length: EVENTS_PER_MESSAGE - 3 }, (_unused, i) => accepted({ properties: { i, m } }));
    const twins = [accepted({ uniquenessToken: `t${m}` }), accepted({ uniquenessToken: `t${m}` })];
    return message(envelope(`batch-${m}`, [...good, ...twins, null]));
  });
}

async function expectBalance(store: EventStore): Promise<void> {
  const hour = hourOf(NOON);
  const ledger = createLedger({
    outcomes: (query) => store.outcomes(query),
    accepted: async () => [{ hour, count: MESSAGES * EVENTS_PER_MESSAGE }],
    dead: async () => [],
    refused: async () => [],
  });
  expect(await ledger.hours("p1", NOON, NOON + 1)).toMatchObject([
    { stored: MESSAGES * 8, duplicate: MESSAGES, rejected: MESSAGES, inFlight: 0 },
  ]);
}

test("the same messages, five times, from four collectors at once: each event ends once and the ledger balances", async () => {
  const { store, collectorOn } = await openParts();
  const messages = batch();
  const collectors = Array.from({ length: 4 }, () => collectorOn(store));
  for (let delivery = 1; delivery <= 5; delivery++) {
    const answers = await Promise.all(
      collectors.map((collect) =>
        collect(
          messages.map((m) => ({ ...m, receiveCount: delivery })),
          DEADLINE,
        ),
      ),
    );
    expect(answers.flatMap(({ failed }) => failed)).toEqual([]);
  }
  await expectBalance(store);
});

test("a store that fails after it has written, then again before: redelivery brings every event to one end", async () => {
  const { store, collectorOn } = await openParts();
  let calls = 0;
  const collect = collectorOn({
    append: async (events, options) => {
      calls++;
      if (calls === 2) throw new Error("down");
      const outcomes = await store.append(events, options);
      if (calls === 1) throw new Error("cut off after the commit");
      return outcomes;
    },
    recordExceptions: async (exceptions) => {
      if (calls === 3) throw new Error("exceptions refused");
      await store.recordExceptions(exceptions);
    },
    withdrawExceptions: (late) => store.withdrawExceptions(late),
  });
  const messages = batch();
  for (let delivery = 1; delivery <= 3; delivery++) {
    await expect(collect(messages, DEADLINE)).rejects.toThrow("None of 20");
  }
  expect(await collect(messages, DEADLINE)).toEqual({ failed: [] });
  await expectBalance(store);
});

test("events that cannot be read, or bring hostile properties, leave their neighbours stored", async () => {
  const { store, collectorOn } = await openParts();
  const hostile = [
    accepted({ properties: JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}') }),
    accepted({ properties: { text: "\u0000\uFFFE\uD800", "": 1, big: 1e308 } }),
    accepted({
      raw: { userAgent: "(".repeat(9_000), url: "http://[", referrer: "%%%", ip: "x", timezone: "__proto__" },
    }),
    { ...accepted(), context: "text" },
    { ...accepted(), raw: { userAgent: 5 } },
    { ...accepted(), addons: [{ name: "constructor", input: {}, output: "x" }] },
  ];
  const messages = [message(envelope("bad", [...hostile, accepted()])), message(envelope("good", [accepted()]))];
  expect(await collectorOn(store)(messages, DEADLINE)).toEqual({ failed: [] });
  const rows = await store.outcomes({ project: "p1", from: hourOf(NOON), to: hourOf(NOON) + 3_600_000 });
  const total = (outcome: string) =>
    rows.filter((row) => row.outcome === outcome).reduce((sum, row) => sum + row.count, 0);
  expect(total("stored") + total("rejected")).toBe(hostile.length + 2);
  expect(total("stored")).toBe(5);
  expect(rows.filter(({ outcome, reason }) => outcome === "rejected" && reason !== "unreadable")).toEqual([]);
});
