import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DatabaseSync } from "node:sqlite";
import { createOperations } from "./embedded-operations.ts";
import type { Call, Claim, OperationName, Operations } from "./embedded-protocol.ts";
import { openQueueFile } from "./embedded-schema.ts";

const HOUR = 3_600_000;
let database: DatabaseSync;
beforeEach(() => {
  database = openQueueFile(":memory:");
});
afterEach(() => database.close());

/** The operations without the thread that they run in, which the suite of the queue itself has. */
function operations(maxReceiveCount = 2) {
  const run = createOperations(database, maxReceiveCount);
  const call = <Name extends OperationName>(name: Name, args: Operations[Name]["args"]) =>
    run({ id: 1, name, args } as Call) as Operations[Name]["result"];
  const send = (group: string, body: string, { now = 0, hour = 0, events = 1 } = {}) =>
    call("send", { group, body, hour, events, now });
  const claim = (rest: Partial<Operations["receive"]["args"]> = {}): Claim =>
    call("receive", { max: 10, maxBytes: undefined, except: [], visibilityMs: 1_000, now: 0, ...rest });
  const bodies = (rest: Partial<Operations["receive"]["args"]> = {}) => claim(rest).messages.map(({ body }) => body);
  return { call, send, claim, bodies };
}

describe("a claim", () => {
  test("gives each message with all that is known of it, and hides it for its time", () => {
    const { send, claim } = operations(5);
    send("p1", "a", { now: 10 });
    const first = { id: "1", body: "a", group: "p1", sentAt: 10 };
    expect(claim({ now: 20 })).toEqual({
      messages: [{ ...first, receipt: "1.1", receiveCount: 1, redriven: false }],
      nextVisibleAt: null,
    });
    expect(claim({ now: 1_019 })).toEqual({ messages: [], nextVisibleAt: 1_020 });
    expect(claim({ now: 1_020 }).messages).toEqual([{ ...first, receipt: "1.2", receiveCount: 2, redriven: false }]);
  });

  test("tells when to look again: at the soonest of what is hidden, of projects that are wanted, or never", () => {
    const { send, claim } = operations(5);
    expect(claim()).toEqual({ messages: [], nextVisibleAt: null });
    for (const [index, group] of ["a", "b", "c"].entries()) send(group, group, { now: index });
    claim({ except: ["b", "c"], visibilityMs: 3_000 });
    claim({ except: ["a", "c"], visibilityMs: 500, now: 1 });
    claim({ except: ["a", "b"], visibilityMs: 900, now: 2 });
    expect(claim({ now: 3 }).nextVisibleAt).toBe(501);
    expect(claim({ now: 3, except: ["b"] }).nextVisibleAt).toBe(902);
    expect(claim({ now: 3, except: ["a", "b", "c"] }).nextVisibleAt).toBeNull();
  });

  test("gives what is visible for longest first, and what became so at once in the order it came", () => {
    const { call, send, bodies } = operations(5);
    for (const body of ["a", "b", "c"]) send("p1", body);
    expect(bodies({ max: 1 })).toEqual(["a"]);
    call("setVisible", { receipts: ["1.1"], visibleAt: 5 });
    expect(bodies({ now: 10 })).toEqual(["b", "c", "a"]);
  });

  test.each([
    [6, ["a1", "a2", "a3", "a4", "b1", "c1"]],
    [4, ["a1", "b1", "c1", "a2"]],
    [3, ["a1", "b1", "c1"]],
    [1, ["a1"]],
  ])("of %d shares them out: what one project does not use, another may", (max, expected) => {
    const { send, bodies } = operations();
    for (const body of ["a1", "a2", "a3", "a4", "b1", "c1"]) send(body.slice(0, 1), body);
    expect(bodies({ max }).toSorted()).toEqual(expected.toSorted());
  });

  test("shares out what is left of it among those whose turn is still to come", () => {
    const { send, bodies } = operations();
    for (const group of ["a", "b", "c"]) for (const n of [1, 2, 3]) send(group, `${group}${n}`);
    expect(bodies({ max: 4 })).toEqual(["a1", "b1", "c1", "c2"]);
  });

  test("shares out what is left of its weight, too, and of what nobody else wants whoever has more gets more", () => {
    const { call, send, claim } = operations();
    const weights = (maxBytes: number) => {
      const { messages } = claim({ maxBytes });
      call("ack", { receipts: messages.map(({ receipt }) => receipt) });
      return messages.map(({ group, body }) => `${group} ${body.split(":")[1]}`);
    };
    for (const [group, weight] of [
      ["a", 400],
      ["b", 300],
      ["b", 301],
      ["c", 302],
      ["c", 303],
    ] as const)
      send(group, `gz:${weight}:`);
    expect(weights(1_000)).toEqual(["a 400", "b 300", "c 302"]);
    expect(weights(1_000)).toEqual(["b 301", "c 303"]);
    for (const [group, weight] of [
      ["a", 600],
      ["a", 601],
      ["a", 602],
      ["b", 100],
    ] as const)
      send(group, `gz:${weight}:`);
    expect(weights(2_000)).toEqual(["a 600", "a 601", "b 100", "a 602"]);
  });

  test("has each project in it once, wherever it begins", () => {
    const { send, bodies } = operations();
    for (const group of ["a", "b"]) for (const n of [1, 2, 3]) send(group, `${group}${n}`);
    expect(bodies({ max: 1 })).toEqual(["a1"]);
    expect(bodies({ max: 3 })).toEqual(["b1", "a2", "a3"]);
  });

  test("begins with the project after the one that was served last, and from the front after the last of them", () => {
    const { send, bodies } = operations();
    for (const body of ["a1", "b1", "c1", "c2", "a2", "é1"]) send(body.slice(0, 1), body);
    expect([bodies({ max: 2 }), bodies({ max: 1 }), bodies({ max: 1 }), bodies({ max: 2 })]).toEqual([
      ["a1", "b1"],
      ["c1"],
      ["é1"],
      ["a2", "c2"],
    ]);
  });

  test("stops at what its messages unpack to, half of the room for each of two projects first", () => {
    const { send, bodies } = operations();
    for (const [group, body] of [
      ["a", "gz:600:1"],
      ["a", "gz:600:2"],
      ["b", "gz:300:3"],
      ["b", "gz:100:4"],
      ["b", "gz:900:5"],
    ] as const) {
      send(group, body);
    }
    // 600 for a, then 300 and 100 for b: with that it is full.
    expect(bodies({ maxBytes: 1_000 })).toEqual(["gz:600:1", "gz:300:3", "gz:100:4"]);
    // Whose turn it is gets one message, however heavy.
    expect(bodies({ maxBytes: 1 })).toEqual(["gz:600:2"]);
    expect(bodies({ maxBytes: 1 })).toEqual(["gz:900:5"]);
  });

  test("buries what would be handed out once too often, and goes on with the others", () => {
    const { call, send, bodies } = operations(1);
    send("p1", "poison", { events: 3, hour: HOUR });
    bodies({ visibilityMs: 5 });
    send("p1", "fine", { now: 6 });
    expect(bodies({ now: 6 })).toEqual(["fine"]);
    expect(call("deadLetters", {})).toEqual([
      { id: "1", group: "p1", body: "poison", events: 3, sentAt: 0, deadAt: 6, receiveCount: 1 },
    ]);
  });
});

describe("receipts", () => {
  test.each([
    "1.1 ",
    " 1.1",
    "1.",
    ".1",
    "1",
    "x.1",
    "1.x",
    "1.1.1",
    "1234567890123456.1",
    "1.1234567890",
    "2.1",
    "1.2",
    "",
  ])("%j is one of nothing: nothing is acknowledged, given back or buried", (receipt) => {
    const { call, send, claim } = operations();
    send("p1", "a");
    claim();
    call("ack", { receipts: [receipt] });
    call("setVisible", { receipts: [receipt], visibleAt: 0 });
    call("bury", { receipts: [receipt], now: 0 });
    expect(call("stats", { now: 0 })).toEqual({ visible: 0, inFlight: 1, dead: 0, oldestAgeMs: 0 });
  });

  test("acknowledging takes the message with its body, each of those that are named", () => {
    const { call, send, claim } = operations();
    for (const body of ["a", "b", "c"]) send("p1", body);
    const [a, , c] = claim().messages.map(({ receipt }) => receipt);
    call("ack", { receipts: [a ?? "", c ?? ""] });
    expect(database.prepare("SELECT text FROM body").all()).toEqual([{ text: "b" }]);
    expect(database.prepare("SELECT seq FROM message").all()).toEqual([{ seq: 2 }]);
  });

  test("a message that is buried is dead at that time, and no receipt of it counts any more", () => {
    const { call, send, claim } = operations();
    send("p1", "a");
    const [{ receipt } = { receipt: "" }] = claim().messages;
    call("bury", { receipts: [receipt], now: 77 });
    call("bury", { receipts: [receipt], now: 99 });
    call("ack", { receipts: [receipt] });
    call("setVisible", { receipts: [receipt], visibleAt: 0 });
    expect(call("deadLetters", {})).toMatchObject([{ deadAt: 77 }]);
    expect(claim({ now: 5_000 })).toEqual({ messages: [], nextVisibleAt: null });
  });
});

test("stats count what is visible, what is held and what is dead, and the age of the oldest that lives", () => {
  const { call, send, claim } = operations(1);
  expect(call("stats", { now: 5 })).toEqual({ visible: 0, inFlight: 0, dead: 0, oldestAgeMs: null });
  send("p1", "poison", { now: 1 });
  claim({ now: 1, visibilityMs: 1 });
  claim({ now: 2 });
  send("p1", "b", { now: 10 });
  claim({ now: 10 });
  send("p2", "c", { now: 20 });
  expect(call("stats", { now: 25 })).toEqual({ visible: 1, inFlight: 1, dead: 1, oldestAgeMs: 15 });
  // At the moment at which it is visible again it counts as that; a clock that went back makes no age below nothing.
  expect(call("stats", { now: 1_010 })).toMatchObject({ visible: 2, inFlight: 0 });
  expect(call("stats", { now: 1 })).toMatchObject({ oldestAgeMs: 0 });
});

test("what was accepted is told by project and hour, from the first to before the last", () => {
  const { call, send } = operations();
  send("p1", "a", { hour: HOUR, events: 2 });
  send("p1", "b", { hour: HOUR, events: 3 });
  send("p1", "c", { hour: 2 * HOUR, events: 4 });
  send("p2", "d", { hour: HOUR, events: 9 });
  const accepted = (from: number, to: number) => call("accepted", { group: "p1", from, to });
  expect(accepted(HOUR, 3 * HOUR)).toEqual([
    { hour: HOUR, count: 5 },
    { hour: 2 * HOUR, count: 4 },
  ]);
  expect(accepted(HOUR + 1, 2 * HOUR)).toEqual([]);
});

describe("dead letters", () => {
  /** Six, of two projects, of which the events are their numbers. */
  function withDead() {
    const all = operations(1);
    for (let n = 1; n <= 6; n++) {
      all.send(n % 2 === 0 ? "even" : "odd", `${n}`, { events: n, hour: n <= 4 ? HOUR : 2 * HOUR, now: n });
    }
    all.send("even", "alive", { now: 100 });
    all.call("bury", { receipts: all.claim({ now: 7, max: 6 }).messages.map(({ receipt }) => receipt), now: 8 });
    const ids = (filter: Operations["deadLetters"]["args"]) => all.call("deadLetters", filter).map(({ id }) => id);
    return { ...all, ids };
  }

  test.each([
    [{}, ["1", "2", "3", "4", "5", "6"]],
    [{ group: "odd" }, ["1", "3", "5"]],
    [{ ids: ["2", "5", "99", "7"] }, ["2", "5"]],
    [{ ids: [] }, []],
    [{ afterId: "4" }, ["5", "6"]],
    [{ limit: 2 }, ["1", "2"]],
    [{ group: "even", afterId: "2", limit: 1 }, ["4"]],
  ])("%j lists those, the oldest first", (filter, expected) => {
    expect(withDead().ids(filter)).toEqual(expected);
  });

  test("a hundred where nobody says how many", () => {
    const { call, send, claim } = operations(1);
    for (let n = 0; n < 101; n++) send("p1", "x");
    call("bury", { receipts: claim({ max: 101 }).messages.map(({ receipt }) => receipt), now: 0 });
    expect(call("deadLetters", {})).toHaveLength(100);
  });

  test("their events are told by project and hour", () => {
    const { call } = withDead();
    expect(call("deadEvents", { group: "even", from: HOUR, to: 3 * HOUR })).toEqual([
      { hour: HOUR, count: 6 },
      { hour: 2 * HOUR, count: 6 },
    ]);
    expect(call("deadEvents", { group: "odd", from: HOUR, to: 2 * HOUR })).toEqual([{ hour: HOUR, count: 4 }]);
  });

  test("those that are redriven live again from now on, with a fresh count, and say that they were", () => {
    const { call, claim, ids } = withDead();
    expect(call("redrive", { filter: { group: "odd", afterId: "1" }, now: 50 })).toBe(2);
    expect(ids({})).toEqual(["1", "2", "4", "6"]);
    expect(claim({ now: 49 }).nextVisibleAt).toBe(50);
    expect(claim({ now: 50 }).messages).toMatchObject([
      { id: "3", receiveCount: 1, redriven: true, receipt: "3.2" },
      { id: "5", receiveCount: 1, redriven: true },
    ]);
  });
});
