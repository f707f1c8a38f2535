import { expect, test } from "vitest";
import { balance, HOUR_MS, hourOf } from "./ledger.ts";

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
