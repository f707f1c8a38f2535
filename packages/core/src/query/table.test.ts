import { expect, test } from "vitest";
import { tableOf } from "./table.ts";

const names = (...args: Parameters<typeof tableOf>) => tableOf(...args).columns.map(({ name }) => name);

test("the same columns in the same order, in whatever order the rows come", () => {
  const rows = [{ b: 1, keen: { timestamp: "t", id: "i" } }, { a: { y: [1], x: null } }, { B: 1, a: 2, none: {} }];
  const expected = ["keen.timestamp", "keen.id", "B", "a", "a.x", "a.y", "b"];
  expect(names(rows)).toEqual(expected);
  expect(names(rows.toReversed())).toEqual(expected);
});

test("names keep their order, objects open up in their place, and what nobody has is a column", () => {
  const rows = [{ a: { y: 1, x: 1 }, ab: 2, c: 3 }];
  expect(names(rows, ["never", "c", "a", "a.x"])).toEqual(["never", "c", "a.x", "a.y"]);
});

test("a value for every row, and none where a row lacks it", () => {
  const { columns, rows } = tableOf([{ a: 1 }, { b: null }]);
  expect(rows).toBe(2);
  expect(columns).toEqual([
    { name: "a", values: [1, undefined] },
    { name: "b", values: [undefined, null] },
  ]);
});

test("names that objects inherit are columns like others", () => {
  const row = JSON.parse('{"__proto__":{"x":1},"constructor":2}') as never;
  expect(tableOf([row]).columns).toEqual([
    { name: "__proto__.x", values: [1] },
    { name: "constructor", values: [2] },
  ]);
});
