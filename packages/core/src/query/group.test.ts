import { expect, test } from "vitest";
import { binLabel, gridEdge, gridOf, groupField, groupName, isBins, overlapOf, type Bins, type Grid } from "./group.ts";

const grid = (size: number, offset = 0) => gridOf(size, offset) as Grid;
const buckets = (size: number, offset = 0): Bins<string> => ({
  kind: "buckets",
  field: "x",
  name: "bucket",
  grid: grid(size, offset),
});
const ranges = (...of: Extract<Bins<string>, { kind: "ranges" }>["ranges"]): Bins<string> => ({
  kind: "ranges",
  field: "x",
  name: "range",
  ranges: of,
});

test("edges are the doubles that are written so, whatever the size's decimals", () => {
  const edges = [0, 1, 2, 3, -1].map((k) => gridEdge(grid(0.1), k));
  expect(edges).toEqual([0, 0.1, 0.2, 0.3, -0.1]);
  expect([0, 1, 7].map((k) => gridEdge(grid(0.25, 0.5), k))).toEqual([0.5, 0.75, 2.25]);
  expect([1, 3].map((k) => gridEdge(grid(1e-9), k))).toEqual([1e-9, 3e-9]);
  expect(gridEdge(grid(100, -50), 2)).toBe(150);
});

test("a grid is in units of the smallest decimal place of both; beyond nine places, or beyond what a double counts, there is none", () => {
  expect(grid(10)).toEqual({ size: 10, offset: 0, sizeUnits: 10, offsetUnits: 0, unitsPerOne: 1 });
  expect(grid(2, 0.25)).toEqual({ size: 2, offset: 0.25, sizeUnits: 200, offsetUnits: 25, unitsPerOne: 100 });
  expect(grid(0.5, 3)).toEqual({ size: 0.5, offset: 3, sizeUnits: 5, offsetUnits: 30, unitsPerOne: 10 });
  expect(gridOf(1e-10, 0)).toBeUndefined();
  expect(gridOf(1 / 3, 0)).toBeUndefined();
  expect(gridOf(1, 1 / 3)).toBeUndefined();
  expect(gridOf(2 ** 53, 0)).toBeUndefined();
  expect(gridOf(1, 2 ** 53)).toBeUndefined();
  expect(gridOf(2 ** 53 - 1, 0)).toMatchObject({ unitsPerOne: 1 });
});

test.each([
  [buckets(10), 0, "[0 - 10)"],
  [buckets(10), -1, "[-10 - 0)"],
  [buckets(0.1), 2, "[0.2 - 0.3)"],
  [buckets(10), null, null],
  [buckets(10), "0", null],
  [ranges({ from: 0, to: 50 }), 0, "[0 - 50)"],
  [ranges({ to: 50 }, { from: 50 }), 0, "(-∞ - 50)"],
  [ranges({ to: 50 }, { from: 50 }), 1, "[50 - ∞)"],
  [ranges({ from: 0, to: 1, alias: "" }), 0, ""],
  [ranges({ from: 0, to: 1, alias: "few" }), 0, "few"],
  [ranges({ from: 0, to: 1, alias: "few" }), null, null],
])("%# what a bin is called", (bins, index, label) => expect(binLabel(bins, index)).toBe(label));

test.each([
  [[], false],
  [[{ from: 0, to: 1 }], false],
  [
    [
      { from: 0, to: 1 },
      { from: 1, to: 2 },
    ],
    false,
  ],
  [
    [
      { from: 1, to: 2 },
      { from: 0, to: 1 },
    ],
    false,
  ],
  [
    [
      { from: 0, to: 1.5 },
      { from: 1, to: 2 },
    ],
    true,
  ],
  [
    [
      { from: 1, to: 2 },
      { from: 0, to: 1.5 },
    ],
    true,
  ],
  [[{ to: 0 }, { from: 0 }], false],
  [[{ from: 0 }, { to: 0 }], false],
  [[{ to: 1 }, { from: 0 }], true],
  [[{ from: 5 }, { from: 7, to: 8 }], true],
  [[{ to: 5 }, { to: 3 }], true],
  [
    [
      { from: 0, to: 1 },
      { from: 5, to: 6 },
      { from: 5.5, to: 7 },
    ],
    true,
  ],
])("%# ranges share a number: %j %s", (of, shared) => expect(overlapOf(of) !== undefined).toBe(shared));

test("the two ranges that overlap are named, the lower one first", () => {
  expect(overlapOf([{ from: 5, to: 9 }, { from: 20 }, { from: 0, to: 6 }])).toEqual([
    { from: 0, to: 6 },
    { from: 5, to: 9 },
  ]);
});

test("a key is a property or bins of one: its name in rows, and what it is made of", () => {
  const field = { kind: "property" } as const;
  expect([isBins("x"), isBins(field), isBins(buckets(1)), isBins(ranges({}))]).toEqual([false, false, true, true]);
  expect([groupName("x"), groupName(buckets(1))]).toEqual(["x", "bucket"]);
  expect([groupField("x"), groupField(buckets(1))]).toEqual(["x", "x"]);
});
