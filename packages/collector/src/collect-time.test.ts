import { indexDeletions, type EventSink } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { createCollector, type CollectorParts } from "./collect.ts";
import { createEnricher } from "./enrich/enricher.ts";
import { accepted, envelope, message, NOON } from "./testing/events.ts";

const IN_TIME = { deadline: NOON + 60_000 };

/** A collector over a sink that takes everything, unless something else is said. */
function collectorWith(sink: Partial<EventSink>, parts: Partial<CollectorParts> = {}) {
  return createCollector({
    sink: {
      append: async (events) => events.map(() => ({ kind: "stored" })),
      recordExceptions: async () => {},
      withdrawExceptions: async () => {},
      ...sink,
    },
    catalogue: { admit: async () => ({ admits: () => true }) },
    claims: { claimMany: async (claims) => claims.map(() => "ours") },
    tombstones: { of: async () => indexDeletions() },
    enrich: createEnricher(),
    clock: { now: () => NOON },
    ...parts,
  });
}

test.each([
  [60_000, 58_000],
  [20_000, 18_000],
  [10_000, 9_000],
  [100, 90],
])("of %d ms the append leaves a tenth for exceptions, two seconds at most: it has %d", async (left, appending) => {
  const deadlines: unknown[] = [];
  const collect = collectorWith({
    append: async (events, options) => {
      deadlines.push(options?.deadline);
      return events.map((_, at) => (at === 0 ? { kind: "duplicate" } : { kind: "stored" }));
    },
    recordExceptions: async (_, options) => void deadlines.push(options?.deadline),
  });
  await collect([message(envelope("b1", [accepted(), accepted()]))], { deadline: NOON + left });
  expect(deadlines).toEqual([NOON + appending, NOON + left]);
});

test("the ledger is told when what is worked on was received, and of that what comes back", async () => {
  const told: [what: string, receivedAt: number[]][] = [];
  const progress: CollectorParts["progress"] = {
    saw: (receivedAt) => void told.push(["saw", [...receivedAt]]),
    left: (receivedAt) => void told.push(["left", [...receivedAt]]),
  };
  const collect = collectorWith(
    {
      append: async (events) =>
        events.map(({ batch }) =>
          batch === "b2" ? { kind: "retry", detail: "full", because: "blocked" } : { kind: "stored" },
        ),
    },
    { progress },
  );
  const batch = ["b1", "b2"].map((name, at) => message(envelope(name, [accepted()], { receivedAt: NOON + at })));
  expect(await collect(batch, IN_TIME)).toEqual({ failed: ["b2"] });
  expect(told).toEqual([
    ["saw", [NOON, NOON + 1]],
    ["left", [NOON + 1]],
  ]);
});

describe("what an earlier delivery recorded", () => {
  test("and cannot be taken back brings those messages back that were delivered before, and no others", async () => {
    const collect = collectorWith({ withdrawExceptions: () => Promise.reject(new Error("no writes")) });
    const batch = [message(envelope("b1", [accepted()])), message(envelope("b2", [accepted()]), 2)];
    expect(await collect(batch, IN_TIME)).toEqual({ failed: ["b2"] });
    await expect(collect(batch.slice(1), IN_TIME)).rejects.toMatchObject({ cause: new Error("no writes") });
  });

  test("is asked for nothing where there was none, and nothing is recorded where nothing is to be", async () => {
    const asked: string[] = [];
    const collect = collectorWith({
      withdrawExceptions: async () => void asked.push("withdraw"),
      recordExceptions: async () => void asked.push("record"),
    });
    await collect([message(envelope("b1", [accepted()]))], IN_TIME);
    expect(asked).toEqual([]);
    await collect([message(envelope("b1", [accepted(), null]), 2)], IN_TIME);
    expect(asked).toEqual(["withdraw", "record"]);
  });
});

test("deaths are looked for, and notes made, over messages that were here before only", async () => {
  const asked: unknown[] = [];
  const deaths: CollectorParts["deaths"] = {
    over: async (ids) => {
      asked.push(["over", ids]);
      return new Map();
    },
    begin: async (ids, until) => {
      asked.push(["begin", ids, until]);
      return async () => void asked.push(["ended", ids]);
    },
  };
  const collect = collectorWith({}, { deaths });
  await collect([message(envelope("b1", [accepted()]))], IN_TIME);
  expect(asked).toEqual([]);
  await collect([message(envelope("b1", [accepted()])), message(envelope("b2", [accepted()]), 2)], IN_TIME);
  expect(asked).toEqual([
    ["over", ["b2"]],
    ["begin", ["b2"], IN_TIME.deadline],
    ["ended", ["b2"]],
  ]);
});

test("a note over work that fails is taken back all the same: nobody died", async () => {
  let notes = 0;
  const deaths: CollectorParts["deaths"] = {
    over: async () => new Map(),
    begin: async () => {
      notes++;
      return async () => void notes--;
    },
  };
  const collect = collectorWith({ append: () => Promise.reject(new Error("down")) }, { deaths });
  await expect(collect([message(envelope("b1", [accepted()]), 2)], IN_TIME)).rejects.toThrow("None of 1 messages");
  expect(notes).toBe(0);
});
