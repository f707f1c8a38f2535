import type { ReceivedMessage } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { createHeld, giveBackTo, type GiveBack } from "./held.ts";
import { NOON } from "./testing/events.ts";

const NONE = new Set<never>();

function setUp() {
  let now = NOON;
  const called: string[][] = [];
  const batch = (): GiveBack => async (ids, delayMs) => void called.push([...ids, String(delayMs)]);
  return { held: createHeld({ now: () => now }), called, batch, pass: (ms: number) => void (now += ms) };
}

describe("when one comes through that had failed", () => {
  test("what failed of the same cause is called at once, batch by batch, and only once", async () => {
    const { held, called, batch } = setUp();
    held.note(["a", "b"], "unreachable", 60_000, batch());
    held.note(["c"], "unreachable", 60_000, batch());
    held.note(["x"], "blocked", 60_000, batch());
    await held.through(["a"], NONE);
    expect(called).toEqual([
      ["b", "0"],
      ["c", "0"],
    ]);
    await held.through(["b"], NONE);
    expect(called).toHaveLength(2);
  });

  test("nobody is called for one that never failed, nor for a cause that lasts", async () => {
    const { held, called, batch } = setUp();
    held.note(["a", "b"], "unreachable", 60_000, batch());
    await held.through(["fine"], NONE);
    await held.through(["a"], new Set(["unreachable"] as const));
    expect(called).toEqual([]);
  });

  test("what comes within a second by itself is not called", async () => {
    const { held, called, batch, pass } = setUp();
    held.note(["a", "soon", "late"], "busy", 60_000, batch());
    held.note(["late"], "busy", 60_001, batch());
    pass(59_000);
    await held.through(["a"], NONE);
    expect(called).toEqual([["late", "0"]]);
  });

  test("what failed again of another cause waits for that one", async () => {
    const { held, called, batch } = setUp();
    held.note(["a", "b"], "busy", 60_000, batch());
    held.note(["b"], "blocked", 60_000, batch());
    await held.through(["a"], NONE);
    expect(called).toEqual([]);
  });

  test("of more than a thousand the oldest are forgotten; what failed again counts as the newest", async () => {
    const { held, called, batch } = setUp();
    const ids = Array.from({ length: 1_000 }, (_, i) => `m${i}`);
    held.note(ids, "busy", 60_000, batch());
    held.note(["m0"], "busy", 60_000, batch());
    held.note(["new", "newer"], "busy", 60_000, batch());
    await held.through(["newer"], NONE);
    const all = called.flatMap((call) => call.slice(0, -1));
    expect(all).toEqual([...ids.slice(3), "m0", "new"]);
  });

  test("a queue that cannot be reached harms nobody: they come when their delay is over", async () => {
    const { held, called, batch } = setUp();
    held.note(["a"], "busy", 60_000, batch());
    held.note(["b"], "busy", 60_000, () => Promise.reject(new Error("away")));
    await expect(held.through(["a"], NONE)).resolves.toBeUndefined();
    expect(called).toEqual([]);
  });
});

test("messages of a batch are given back by their receipts; an id of another batch is none of it", async () => {
  const given: unknown[] = [];
  const message = (id: string): ReceivedMessage => ({
    id,
    receipt: `r-${id}`,
    body: "",
    group: "p1",
    receiveCount: 1,
    sentAt: NOON,
  });
  const giveBack = giveBackTo({ nack: async (...what) => void given.push(what) }, [message("a"), message("b")]);
  await giveBack(["b", "elsewhere", "a"], 5_000);
  expect(given).toEqual([[["r-b", "r-a"], 5_000]]);
});
