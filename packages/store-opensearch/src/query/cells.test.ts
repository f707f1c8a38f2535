import { LIMITS_QUERY } from "@millrace/core";
import { expect, test } from "vitest";
import { createCells } from "./cells.ts";

test("cells keep their order and their values, and one that was not added is not made by a value", () => {
  const cells = createCells(true, true);
  cells.add(1, ["a"], [0, null]);
  cells.add(0, ["a"], [1, null]);
  cells.add(0, ["b"], [2, null]);
  cells.set(0, ["a"], 1, 7);
  cells.set(2, ["a"], 1, 8);
  expect(cells.rows()).toEqual([
    { bucket: 1, group: ["a"], values: [0, null] },
    { bucket: 0, group: ["a"], values: [1, 7] },
    { bucket: 0, group: ["b"], values: [2, null] },
  ]);
});

test("groups that only read alike are apart, and the same cell again replaces the one before", () => {
  const cells = createCells(false, true);
  cells.add(0, [5], [1]);
  cells.add(0, ["5"], [2]);
  cells.add(0, [5], [3]);
  expect(cells.rows()).toEqual([
    { bucket: 0, group: [5], values: [3] },
    { bucket: 0, group: ["5"], values: [2] },
  ]);
});

test.each([
  ["without buckets", false],
  ["over all buckets", true],
])("an answer has as many groups as it may have, and no more: %s", (_, bucketed) => {
  const cells = createCells(bucketed, true);
  for (let i = 0; i < LIMITS_QUERY.groups; i++) cells.add(bucketed ? i % 2 : 0, [i], [i]);
  expect(cells.rows()).toHaveLength(LIMITS_QUERY.groups);
  expect(() => cells.add(0, ["more"], [0])).toThrow(expect.objectContaining({ code: "TooManyResultsError" }));
});
