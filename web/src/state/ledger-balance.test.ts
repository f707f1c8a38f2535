import type { LedgerHour } from "@millrace/core";
import { expect, test } from "vitest";
import { sumLedger } from "./ledger-balance.ts";

const hour = (part: Partial<LedgerHour>): LedgerHour => ({
  hour: 0,
  accepted: 0,
  stored: 0,
  duplicate: 0,
  rejected: 0,
  dead: 0,
  deleted: 0,
  expired: 0,
  inFlight: 0,
  refused: {},
  lost: 0,
  withoutVisitor: 0,
  ...part,
});

test("the line adds up over hours", () => {
  const hours = [hour({ accepted: 5, stored: 4, duplicate: 1 }), hour({ accepted: 2, stored: 1, rejected: 1 })];
  const sum = sumLedger(hours, true);
  expect(sum.accepted).toBe(7);
  expect(sum.ends).toEqual({ stored: 5, duplicate: 1, rejected: 1, dead: 0, deleted: 0, expired: 0 });
  expect(sum.state).toBe("balanced");
});

test("events on their way are neither balanced nor a difference", () => {
  expect(sumLedger([hour({ accepted: 3, stored: 1, inFlight: 2 })], true).state).toBe("moving");
});

test("a difference is shown, even when another hour hides it in the sum", () => {
  const hours = [hour({ accepted: 1, inFlight: 1 }), hour({ stored: 1, inFlight: -1 })];
  expect(sumLedger(hours, false).state).toBe("off");
});
