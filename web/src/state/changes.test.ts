import { expect, test } from "vitest";
import { explain, joined, spikesOf } from "./changes.ts";

test("a change is made of what went its way, the largest share first", () => {
  const now = new Map([
    ["Search", 70],
    ["Social", 50],
    ["Mail", 1],
  ]);
  const before = new Map([
    ["Search", 60],
    ["Social", 10],
    ["Direct", 9],
  ]);
  const parts = joined("channel", now, before);
  const change = 121 - 79;
  expect(explain(parts, change)).toEqual([
    { by: "channel", value: "Social", before: 10, now: 50, share: 40 / change },
    { by: "channel", value: "Search", before: 60, now: 70, share: 10 / change },
  ]);
  // Of a fall those are told that fell.
  expect(explain(parts, -9).map(({ value }) => value)).toEqual(["Direct"]);
  expect(explain(parts, 0)).toEqual([]);
});

test("a spike is a bucket far above what its source brings otherwise", () => {
  const series = new Map([
    ["Google", [100, 110, 95, 105, 118]],
    ["Hacker News", [0, 1, 60, 2, 0]],
    ["Blog", [0, 9, 0, 0, 0]],
    ["Short", [1, 90, 1]],
  ]);
  expect(spikesOf(series).map(({ value, at, count }) => [value, at, count])).toEqual([["Hacker News", 2, 60]]);
  expect(spikesOf(series)[0]?.usual).toBe(0.75);
});
