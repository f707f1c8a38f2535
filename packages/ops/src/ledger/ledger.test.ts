import { HOUR_MS, type OutcomesRow } from "@millrace/core";
import { expect, test } from "vitest";
import { createLedger } from "./ledger.ts";

const TEN = Date.UTC(2026, 2, 1, 10);

function ledgerOf(parts: { outcomes?: OutcomesRow[]; asked?: string[] }) {
  const note = (who: string, from: number, to: number) =>
    parts.asked?.push(`${who} ${(from - TEN) / HOUR_MS}..${(to - TEN) / HOUR_MS}`);
  return createLedger({
    outcomes: async ({ from, to }) => {
      note("outcomes", from, to);
      return parts.outcomes ?? [];
    },
    dead: async (_project, from, to) => {
      note("dead", from, to);
      return [{ hour: TEN, count: 1 }];
    },
    accepted: async (_project, from, to) => {
      note("accepted", from, to);
      return [{ hour: TEN, count: 10 }];
    },
    refused: async () => [{ hour: TEN, reason: "InvalidJSONError", count: 3 }],
  });
}

test("accepted events and their ends meet, hour by hour", async () => {
  const ledger = ledgerOf({
    outcomes: [
      { hour: TEN, outcome: "stored", reason: null, count: 6 },
      { hour: TEN, outcome: "duplicate", reason: "id", count: 2 },
      { hour: TEN, outcome: "rejected", reason: "unreadable", count: 1 },
    ],
  });
  expect(await ledger.hours("p", TEN, TEN + HOUR_MS)).toEqual([
    {
      hour: TEN,
      accepted: 10,
      stored: 6,
      duplicate: 2,
      rejected: 1,
      dead: 1,
      deleted: 0,
      expired: 0,
      inFlight: 0,
      refused: { InvalidJSONError: 3 },
      lost: 0,
      withoutVisitor: 0,
    },
  ]);
});

test("more ends than starts stay visible as a negative number in flight", async () => {
  const ledger = ledgerOf({ outcomes: [{ hour: TEN, outcome: "stored", reason: null, count: 11 }] });
  const [hour] = await ledger.hours("p", TEN, TEN + HOUR_MS);
  expect(hour?.inFlight).toBe(-2);
});

test("every source is asked for the same whole hours, ends before starts", async () => {
  const asked: string[] = [];
  await ledgerOf({ asked }).hours("p", TEN + 1, TEN + HOUR_MS + 1);
  expect(asked).toEqual(["outcomes 0..2", "dead 0..2", "accepted 0..2"]);
});

test("the totals that events carry are asked for only where there are more ends than starts, and only those hours", async () => {
  const asked: string[] = [];
  const at = (hour: number, count: number) => ({ hour: TEN + hour * HOUR_MS, count });
  const counted = (kept: number) =>
    createLedger({
      outcomes: async () => [0, 1, 2].map((hour) => ({ ...at(hour, 5), outcome: "stored", reason: null })),
      dead: async () => [],
      accepted: async () => [at(0, 5), at(1, kept), at(2, 5)].map((row) => ({ ...row, instance: "i" })),
      refused: async () => [],
      arrivals: async ({ from, to }) => {
        asked.push(`${(from - TEN) / HOUR_MS}..${(to - TEN) / HOUR_MS}`);
        return [{ hour: TEN + HOUR_MS, instance: "i", accepted: 5 }];
      },
    }).hours("p", TEN, TEN + 3 * HOUR_MS);
  expect((await counted(5)).map(({ inFlight }) => inFlight)).toEqual([0, 0, 0]);
  expect(asked).toEqual([]);
  expect((await counted(1)).map(({ accepted, inFlight }) => [accepted, inFlight])).toEqual([
    [5, 0],
    [5, 0],
    [5, 0],
  ]);
  expect(asked).toEqual(["1..2"]);
});

test("an empty span asks nobody", async () => {
  const asked: string[] = [];
  expect(await ledgerOf({ asked }).hours("p", TEN, TEN)).toEqual([]);
  expect(asked).toEqual([]);
});

test("what was turned away is asked for whole hours, and is nobody's where nobody counts it", async () => {
  const asked: string[] = [];
  const sources = {
    outcomes: async () => [],
    dead: async () => [],
    accepted: async () => [],
    refused: async () => [],
  };
  const ledger = createLedger({
    ...sources,
    turnedAway: async (from, to) => {
      asked.push(`${(from - TEN) / HOUR_MS}..${(to - TEN) / HOUR_MS}`);
      return [{ hour: TEN, reason: "gateway", count: 4 }];
    },
  });
  expect(await ledger.turnedAway(TEN + 1, TEN + HOUR_MS + 1)).toEqual([{ hour: TEN, counts: { gateway: 4 } }]);
  expect(asked).toEqual(["0..2"]);
  expect(await createLedger(sources).turnedAway(TEN, TEN + 1)).toEqual([]);
});
