import { expect, test } from "vitest";
import { renewalSpacing } from "./renewal.ts";

const DAY = 86_400_000;
const seconds = (widthMs: number, unattended: number, tookMs = 50) =>
  renewalSpacing({ widthMs, unattended, tookMs }) / 1000;

test("a page in use is renewed twice a minute, one left open no more often than a 200th of its range", () => {
  expect([0, 1, 2, 3, 4, 5, 99].map((n) => seconds(DAY, n))).toEqual([30, 60, 120, 240, 432, 432, 432]);
  expect(seconds(30 * DAY, 99)).toBe((30 * 86_400) / 200);
  expect(seconds(3_600_000, 99)).toBe(30);
});

test("a slow answer makes room for itself", () => {
  expect(seconds(DAY, 0, 4_000)).toBe(80);
});
