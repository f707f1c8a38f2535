import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketRuns, bucketSql } from "./compile-bucket.ts";

const DAY = 86_400_000;

/** What the SQL computes, in TypeScript. */
function bucketBy(edges: readonly number[], at: number): number {
  const run = bucketRuns(edges).find(({ end }) => at < end);
  if (!run) throw new Error("outside");
  return run.first + Math.trunc((at - run.origin) / run.width);
}

test("equal buckets are one run, with a clipped first and last one too", () => {
  expect(bucketRuns([0, DAY, 2 * DAY, 3 * DAY])).toEqual([{ origin: 0, width: DAY, first: 0, end: 3 * DAY }]);
  expect(bucketRuns([5, DAY, 2 * DAY, 3 * DAY - 5])).toEqual([{ origin: 0, width: DAY, first: 0, end: 3 * DAY - 5 }]);
  expect(bucketSql([5, DAY, 2 * DAY], "timestamp")).toBe('("timestamp" - 0) // 86400000');
});

test("a longer bucket begins a run of its own", () => {
  expect(bucketRuns([0, 24, 48, 73, 97, 121])).toEqual([
    { origin: 0, width: 24, first: 0, end: 48 },
    { origin: 48, width: 25, first: 2, end: 97 },
    { origin: 97, width: 24, first: 4, end: 121 },
  ]);
});

test("times before 1970 do not turn a minus into a comment", () => {
  expect(bucketSql([-2 * DAY, -DAY, 0], "timestamp")).toBe('("timestamp" - (-172800000)) // 86400000');
});

test("whatever the edges, every instant falls where a search through the edges puts it", () => {
  const widths = fc.array(fc.constantFrom(1, 2, 3, 23, 24, 25), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(widths, fc.integer({ min: -200, max: 200 }), (each, start) => {
      const edges = each.reduce<number[]>((all, width) => [...all, (all.at(-1) ?? start) + width], [start]);
      for (let at = start; at < (edges.at(-1) ?? start); at++) {
        expect(bucketBy(edges, at)).toBe(edges.findLastIndex((edge) => at >= edge));
      }
    }),
  );
});
