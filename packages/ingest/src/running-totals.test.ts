import { HOUR_MS } from "@millrace/core";
import { expect, test } from "vitest";
import { createRunningTotals } from "./running-totals.ts";

const HOUR = 495_000 * HOUR_MS;

test("hours that are over are forgotten, but the one before the newest, to which late requests belong", () => {
  const totals = createRunningTotals();
  expect(totals.offer("p", HOUR, 5)).toBe(5);
  expect(totals.offer("p", HOUR + HOUR_MS, 1)).toBe(1);
  // One hour later it is still there.
  expect(totals.offer("p", HOUR + HOUR_MS - 1, 2)).toBe(7);
  expect(totals.offer("q", HOUR + 2 * HOUR_MS, 1)).toBe(1);
  // Two hours later it begins anew, and the one between goes on.
  expect(totals.offer("p", HOUR, 3)).toBe(3);
  expect(totals.offer("p", HOUR + HOUR_MS, 4)).toBe(5);
});
