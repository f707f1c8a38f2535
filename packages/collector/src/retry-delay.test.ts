import type { RetryCause } from "@millrace/core";
import { expect, test } from "vitest";
import { longerOf, retryDelayMs } from "./retry-delay.ts";

test.each<[RetryCause | undefined, RetryCause | undefined, RetryCause | undefined]>([
  ["late", "blocked", "blocked"],
  ["blocked", "late", "blocked"],
  [undefined, "late", "late"],
  ["late", undefined, "late"],
  [undefined, undefined, undefined],
])("of %s and %s the one that lasts longer is %s", (a, b, longer) => {
  expect(longerOf(a, b)).toBe(longer);
});

test("without a word of the store a message comes back after five seconds, half as long again each time, six minutes in the end", () => {
  expect([1, 2, 3, 11, 12, 1_000].map((count) => retryDelayMs(count))).toEqual([
    5_000, 7_500, 11_250, 288_325, 360_000, 360_000,
  ]);
});
