import { expect, test } from "vitest";
import { turnedAwayHours } from "./turned-away.ts";

test("what was turned away is joined by hour, newest first, and hours without any are left out", () => {
  expect(
    turnedAwayHours([
      { hour: 0, reason: "gateway", count: 2 },
      { hour: 2, reason: "failed", count: 1 },
      { hour: 0, reason: "gateway", count: 3 },
      { hour: 0, reason: "firewall", count: 1 },
      { hour: 1, reason: "throttled", count: 0 },
    ]),
  ).toEqual([
    { hour: 2, counts: { failed: 1 } },
    { hour: 0, counts: { gateway: 5, firewall: 1 } },
  ]);
});
