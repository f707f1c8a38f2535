import { describe, expect, test } from "vitest";
import { runsOf, spansOf } from "./spans.ts";

const [HOUR, DAY] = [3_600_000, 86_400_000];
const START = Date.UTC(2026, 9, 20, 22);

const lengths = (spans: ReturnType<typeof spansOf>) => spans?.map(({ start, end }) => (end - start) / HOUR);

describe("a question's time", () => {
  test("comes apart into days, and what is left of one", () => {
    const spans = spansOf({ range: { start: START, end: START + 2 * DAY + HOUR } });
    expect(lengths(spans)).toEqual([24, 24, 1]);
    expect(spans?.map(({ isWhole }) => isWhole)).toEqual([true, true, false]);
  });

  test("has the days of its buckets, whatever the clocks do between", () => {
    const edges = [START, START + DAY, START + 2 * DAY + HOUR, START + 3 * DAY + HOUR];
    const spans = spansOf({ range: { start: START, end: edges[3] ?? 0 }, edges });
    expect(lengths(spans)).toEqual([24, 24, 1, 24]);
    expect(spans?.map(({ bucket }) => bucket)).toEqual([0, 1, 1, 2]);
  });

  test("has none where it is short, endless, in hours or in centuries, or where its buckets are not all of it", () => {
    const days = (count: number) => ({ start: START, end: START + count * DAY });
    const hours = Array.from({ length: 73 }, (_, i) => START + i * HOUR);
    expect(spansOf({ range: days(1) })).toBeUndefined();
    expect(spansOf({})).toBeUndefined();
    expect(spansOf({ range: days(3), edges: hours })).toBeUndefined();
    expect(spansOf({ range: days(401) })).toBeUndefined();
    expect(spansOf({ range: days(3), edges: [START, START + DAY] })).toBeUndefined();
    expect(spansOf({ range: days(3), edges: [START + DAY, START + 3 * DAY] })).toBeUndefined();
    expect(spansOf({ range: days(2) })).toHaveLength(2);
    expect(spansOf({ range: days(3) })).toHaveLength(3);
  });

  test("may be short pieces for a half", () => {
    const edges = [0, 24, 25, 49, 50].map((hour) => START + hour * HOUR);
    expect(lengths(spansOf({ range: { start: START, end: START + 50 * HOUR }, edges }))).toEqual([24, 1, 24, 1]);
  });

  test("is read in one piece where days follow one another", () => {
    const spans = spansOf({ range: { start: START, end: START + 5 * DAY } }) ?? [];
    expect(runsOf(spans.filter((_, i) => i !== 2)).map(lengths)).toEqual([
      [24, 24],
      [24, 24],
    ]);
  });
});
