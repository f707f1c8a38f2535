import { nearestRank } from "@millrace/core";
import { NOON, storedEvent } from "@millrace/core/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { searcherOver } from "../../test/engine/searcher.ts";
import { whole } from "./composite.ts";
import { bisectPercentile, doubleAt, orderOf } from "./percentile.ts";

test("the order of doubles is the order of their places, and each place gives its double back", () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(double, double, (a, b) => {
      expect(doubleAt(orderOf(a)) === a).toBe(true);
      expect(orderOf(a) < orderOf(b)).toBe(a < b);
    }),
  );
  expect(doubleAt(orderOf(1) + 1n)).toBe(1 + Number.EPSILON);
  expect(orderOf(-0)).toBe(orderOf(0));
});

describe("a percentile of all numbers there are", () => {
  const pricesOf = (prices: readonly number[]) =>
    prices.map((price) => storedEvent({ project: "p", timestamp: NOON, properties: { price } }));
  const few = pricesOf([5, 1, 1, 1, -2, 1e300, 0.1]);
  /** Of all sizes: most of their places among the doubles are far apart. */
  const spread = Array.from({ length: 21_000 }, (_, i) => (i % 2 ? 1 : -1) * 1.01 ** (i % 9_000) * (i % 5));
  const many = pricesOf(spread);
  const same = pricesOf(Array<number>(20_001).fill(7));
  const sorted = spread.toSorted((a, b) => a - b);
  const ask = async (events: typeof many, percentile: number) => {
    const { searcher, asked } = searcherOver(events);
    const query = { match_all: {} };
    const value = await whole((ofOne) => bisectPercentile(searcher, query, "p_n.price", percentile, ofOne));
    return { value, snapshots: asked.map(({ snapshot }) => snapshot) };
  };

  test.each([
    [0, -2],
    [50, 1],
    [90, 1e300],
    [100, 1e300],
  ])("of few the %ith is %d: they are read at once, of the newest state", async (percentile, value) => {
    expect(await ask(few, percentile)).toEqual({ value, snapshots: [false, false] });
  });

  test.each([0, 0.1, 25, 50, 75, 99.9, 100])(
    "of many the %dth is found, in some looks at one snapshot",
    async (percentile) => {
      const { value, snapshots } = await ask(many, percentile);
      expect(value).toBe(sorted[nearestRank(percentile, sorted.length) - 1]);
      expect(snapshots.length).toBeLessThan(11);
      expect(snapshots.slice(1).every(Boolean)).toBe(true);
    },
  );

  test("of many that are all the same it is that one", async () => {
    expect((await ask(same, 50)).value).toBe(7);
  });

  test("of no number there is none", async () => {
    expect((await ask([], 50)).value).toBeNull();
    expect((await ask([storedEvent({ project: "p", properties: { price: "5" } })], 50)).value).toBeNull();
  });
});
