import { expect, test } from "vitest";
import type { PropertyView } from "./field.ts";
import { createResolver, mergeIncomplete } from "./resolve-field.ts";

const range = (start: number, end: number) => ({ start, end });

/** `late` was typed from 10 on and not between 20 and 30 either; `never` at no time. */
const UNTYPED = new Map([
  ["late", [range(0, 10), range(20, 30)]],
  ["never", [range(0, 100)]],
]);
const VIEW: PropertyView = { admits: (path) => path !== "never", untyped: (path) => UNTYPED.get(path) ?? [] };

test("a standard name is the field of that name; every other is a property", () => {
  const resolver = createResolver(VIEW, undefined);
  expect(resolver.resolve("$page.path")).toEqual({
    kind: "standard",
    name: "$page.path",
    column: "page_path",
    type: "string",
  });
  expect(resolver.resolve("page.path")).toEqual({ kind: "property", path: "page.path", storage: "typed" });
  expect(resolver.resolve("a$b")).toEqual({ kind: "property", path: "a$b", storage: "typed" });
});

test("what begins like a standard field and is none is a mistake, not a property that nobody has", () => {
  const resolver = createResolver(VIEW, undefined);
  expect(() => resolver.resolve("$page.pth")).toThrow(
    expect.objectContaining({
      code: "InvalidParameterError",
      message: '"$page.pth" is not a standard field.',
    }) as Error,
  );
  expect(() => resolver.resolve(`$${"x".repeat(100)}`)).toThrow(`"$${"x".repeat(79)}" is not a standard field.`);
});

test.each([
  ["all time", undefined, [range(0, 10), range(20, 30)]],
  ["a time that begins before", range(5, 15), [range(0, 10)]],
  ["a time between", range(10, 20), []],
  ["a time that ends after", range(12, 21), [range(20, 30)]],
  ["a time within", range(22, 23), [range(20, 30)]],
  ["a time after all", range(30, 40), []],
])("a property counts as untyped where its question looks: %s", (_, asked, ranges) => {
  const resolver = createResolver(VIEW, asked);
  const field = resolver.resolve("late");
  expect(field).toMatchObject({ storage: ranges.length > 0 ? "split" : "typed" });
  expect(resolver.typed(field, "group_by")).toBe(field);
  expect(resolver.typed(field, "sum")).toBe(field);
  expect(resolver.incomplete()).toEqual(ranges.length > 0 ? [{ path: "late", ranges }] : []);
});

test("a property that was never typed is refused by name and use, and a standard field never is", () => {
  const resolver = createResolver(VIEW, undefined);
  expect(() => resolver.typed(resolver.resolve("never"), "group_by")).toThrow(
    expect.objectContaining({
      code: "UnsupportedQueryError",
      message:
        '"never" is beyond the quota of indexed properties in this timeframe: it can be extracted and filtered with eq or in, not used in group_by.',
    }) as Error,
  );
  expect(resolver.incomplete()).toEqual([]);
  const standard = resolver.resolve("$user");
  expect(resolver.typed(standard, "group_by")).toBe(standard);
});

test("what two parts of a question lack is said once for each property, in the order of time", () => {
  expect(mergeIncomplete([])).toEqual([]);
  expect(
    mergeIncomplete([
      { path: "a", ranges: [range(20, 30)] },
      { path: "b", ranges: [range(1, 2)] },
      { path: "a", ranges: [range(0, 10), range(20, 30), range(20, 25)] },
    ]),
  ).toEqual([
    { path: "a", ranges: [range(0, 10), range(20, 30), range(20, 25)] },
    { path: "b", ranges: [range(1, 2)] },
  ]);
});
