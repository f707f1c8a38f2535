import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketIndex, bucketRuns, runSource } from "./compile-bucket.ts";

/** What the engine does with a fixed interval and an offset. */
function engineKey(source: object, at: number): number {
  const { fixed_interval, offset } = (source as { date_histogram: { fixed_interval: string; offset: string } })
    .date_histogram;
  const [width, shift] = [Number.parseInt(fixed_interval), Number.parseInt(offset)];
  return Math.floor((at - shift) / width) * width + shift;
}

test("whatever the edges, every instant falls where a search through the edges puts it", () => {
  const widths = fc.array(fc.constantFrom(1, 2, 3, 23, 24, 25), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(widths, fc.integer({ min: -200, max: 200 }), (each, start) => {
      const edges = each.reduce<number[]>((all, width) => [...all, (all.at(-1) ?? start) + width], [start]);
      const runs = bucketRuns(edges);
      expect(runs.map((run) => run.end)).toEqual([...runs.slice(1).map((run) => run.start), edges.at(-1)]);
      for (const run of runs) {
        for (let at = run.start; at < run.end; at++) {
          const index = bucketIndex(run, engineKey(runSource(run, "timestamp"), at));
          expect(index).toBe(edges.findLastIndex((edge) => at >= edge));
          expect(index >= run.first && index < run.first + run.count).toBe(true);
        }
      }
    }),
  );
});

test("equal buckets are one run, with a clipped first and last one too", () => {
  expect(bucketRuns([5, 24, 48, 60])).toEqual([
    { origin: 0, width: 24, first: 0, count: 3, start: 5, end: 60, closed: true },
  ]);
});
