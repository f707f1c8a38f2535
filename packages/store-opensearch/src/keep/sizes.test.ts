import type { PartitionTable } from "@millrace/core";
import { expect, test } from "vitest";
import { indexNames } from "../names.ts";
import { SHARD_EVENTS, shapeOf } from "./sizes.ts";

const names = indexNames("t");
const table: PartitionTable = {
  months: [{ month: "202603", version: 2, dropped: false, cut: 1, groups: 1, own: [] }],
};
/** What April is cut into when March is over and brought so many events. */
function cutAfter(events: number, { shards = 1, shardEvents = SHARD_EVENTS } = {}): number {
  const index = { index: "t-events-g0-202603-v0002", open: true, events, shards, aliases: new Map() };
  const seen = { state: [index], names, fields: 0, now: Date.UTC(2026, 3, 1) };
  return shapeOf({ groups: 1, shards, shardEvents }, table, seen).cut;
}

test("a group with more than one and a half million events a month has an index for each week", () => {
  expect([0, 1_500_000, 1_500_001, 100_000_000].map((events) => cutAfter(events))).toEqual([1, 1, 4, 4]);
});

test("days are for what would be too much for the shards of a week", () => {
  expect(cutAfter(1_000, { shardEvents: 700 })).toBe(4);
  expect(cutAfter(1_000, { shardEvents: 600 })).toBe(31);
  expect(cutAfter(2_000_000, { shardEvents: 100_000 })).toBe(31);
  expect(cutAfter(1_000, { shardEvents: 600, shards: 4 })).toBe(1);
});
