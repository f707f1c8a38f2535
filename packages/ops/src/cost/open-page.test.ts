import { expect, test } from "vitest";
import { BUSIEST_PAGE, openPageCost, versionsCost } from "./open-page.ts";

test("a dashboard that is in front all month, over a site that is never quiet, is below a dollar", () => {
  expect(openPageCost(BUSIEST_PAGE)).toBeLessThan(1);
  expect(openPageCost(BUSIEST_PAGE)).toBeGreaterThan(0.5);
});

test("what it cost before: 206 requests a minute, each a query", () => {
  expect(openPageCost({ beatsPerMinute: 0, batchesPerMinute: 206, batchSeconds: 0.15 })).toBeGreaterThan(50);
});

test("noting versions costs a project cents, whatever it stores", () => {
  expect(versionsCost(1)).toBeCloseTo(0.164, 2);
});
