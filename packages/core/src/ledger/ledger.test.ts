import { expect, test } from "vitest";
import { balance, HOUR_MS, hourOf, LOST, NO_VISITOR } from "./ledger.ts";

const NONE = { accepted: [], outcomes: [], dead: [], refused: [] };

test("accepted meets its ends: what is left is in flight", () => {
  const [hour] = balance({
    ...NONE,
    accepted: [
      { hour: 0, count: 60 },
      { hour: 0, count: 40 },
    ],
    outcomes: [
      { hour: 0, outcome: "stored", reason: null, count: 70 },
      { hour: 0, outcome: "duplicate", reason: "id", count: 10 },
      { hour: 0, outcome: "rejected", reason: "too-large", count: 2 },
      { hour: 0, outcome: "rejected", reason: "mapping", count: 3 },
    ],
    dead: [{ hour: 0, count: 5 }],
  });
  expect(hour).toEqual({
    hour: 0,
    accepted: 100,
    stored: 70,
    duplicate: 10,
    rejected: 5,
    dead: 5,
    deleted: 0,
    expired: 0,
    inFlight: 10,
    refused: {},
    lost: 0,
    withoutVisitor: 0,
  });
});

test("more ends than starts show as negative, they are not hidden", () => {
  const outcomes = [{ hour: 0, outcome: "stored" as const, reason: null, count: 2 }];
  expect(balance({ ...NONE, accepted: [{ hour: 0, count: 1 }], outcomes })[0]?.inFlight).toBe(-1);
});

test("refused is counted by reason and is no part of the balance", () => {
  const refused = ["key", "key", "json"].map((reason) => ({ hour: 0, reason, count: 2 }));
  const [hour] = balance({ ...NONE, refused });
  expect(hour?.refused).toEqual({ key: 4, json: 2 });
  expect(hour?.inFlight).toBe(0);
});

test("what senders gave up is a line of its own, beside what was refused and no part of the balance", () => {
  const refused = [
    { hour: 0, reason: "key", count: 2 },
    { hour: 0, reason: LOST, count: 7 },
  ];
  expect(balance({ ...NONE, refused })[0]).toMatchObject({ refused: { key: 2 }, lost: 7, accepted: 0, inFlight: 0 });
});

test("events without a visitor are a part of what was accepted, and of no sum", () => {
  const refused = [{ hour: 0, reason: NO_VISITOR, count: 3 }];
  const [hour] = balance({ ...NONE, accepted: [{ hour: 0, count: 5 }], outcomes: stored(5), refused });
  expect(hour).toMatchObject({ accepted: 5, stored: 5, inFlight: 0, refused: {}, withoutVisitor: 3 });
});

const stored = (count: number) => [{ hour: 0, outcome: "stored" as const, reason: null, count }];

test("an instance that ended before it wrote its last total: its events tell it", () => {
  const accepted = [
    { hour: 0, count: 10, instance: "alive" },
    { hour: 0, count: 3, instance: "killed" },
  ];
  const arrivals = [
    { hour: 0, instance: "alive", accepted: 10 },
    { hour: 0, instance: "killed", accepted: 8 },
    { hour: 0, instance: "killed at its first message", accepted: 2 },
  ];
  const [hour] = balance({ ...NONE, accepted, outcomes: stored(20), arrivals });
  expect(hour).toMatchObject({ accepted: 20, inFlight: 0 });
});

test("a total counts only as far as there are ends: what the queue refused is in it too", () => {
  const accepted = [{ hour: 0, count: 5, instance: "a" }];
  const arrivals = [{ hour: 0, instance: "a", accepted: 30 }];
  expect(balance({ ...NONE, accepted, outcomes: stored(5), arrivals })[0]).toMatchObject({ accepted: 5, inFlight: 0 });
  expect(balance({ ...NONE, accepted, outcomes: stored(9), arrivals })[0]).toMatchObject({ accepted: 9, inFlight: 0 });
});

test("an event stored twice still shows: neither its instance's total nor a count that cannot lag explains it", () => {
  const arrivals = [{ hour: 0, instance: "a", accepted: 10 }];
  const ofInstance = [{ hour: 0, count: 10, instance: "a" }];
  expect(balance({ ...NONE, accepted: ofInstance, outcomes: stored(11), arrivals })[0]?.inFlight).toBe(-1);
  const exact = [{ hour: 0, count: 10 }];
  expect(balance({ ...NONE, accepted: exact, outcomes: stored(11), arrivals })[0]?.inFlight).toBe(-1);
});

test("an hour's totals are those of its own instances, whatever others say of another hour", () => {
  const accepted = [
    { hour: 0, count: 3, instance: "a" },
    { hour: HOUR_MS, count: 50, instance: "b" },
    // A count that cannot lag behind, of another hour: it speaks for that hour alone.
    { hour: HOUR_MS, count: 5 },
  ];
  const arrivals = [{ hour: 0, instance: "a", accepted: 8 }];
  const [, first] = balance({ ...NONE, accepted, outcomes: stored(20), arrivals });
  expect(first).toMatchObject({ hour: 0, accepted: 8, inFlight: -12 });
});

test("what an instance wrote counts where it is more than its events tell, beside another that only they tell of", () => {
  const accepted = [{ hour: 0, count: 10, instance: "a" }];
  const arrivals = [
    { hour: 0, instance: "a", accepted: 4 },
    { hour: 0, instance: "b", accepted: 2 },
  ];
  expect(balance({ ...NONE, accepted, outcomes: stored(30), arrivals })[0]).toMatchObject({ accepted: 12 });
});

test("what was counted before is found under the name that it was counted under", () => {
  expect([LOST, NO_VISITOR]).toEqual(["lost", "no_visitor"]);
});

test("hours that only one side knows are there, newest first", () => {
  const hours = balance({
    ...NONE,
    accepted: [{ hour: HOUR_MS, count: 1 }],
    dead: [{ hour: 0, count: 1 }],
    refused: [{ hour: 2 * HOUR_MS, reason: "x", count: 1 }],
  });
  expect(hours.map(({ hour }) => hour)).toEqual([2 * HOUR_MS, HOUR_MS, 0]);
});

test("the hour of an instant is the UTC hour, before 1970 too", () => {
  expect(hourOf(HOUR_MS)).toBe(HOUR_MS);
  expect(hourOf(HOUR_MS - 1)).toBe(0);
  expect(hourOf(-1)).toBe(-HOUR_MS);
});
