import fc from "fast-check";
import { expect, test } from "vitest";
import { leafName, pathOfLeaf } from "./leaf.ts";

test("a leaf has no dot and no star, is never blank, and two paths never share one", () => {
  const path = fc.string({ unit: fc.constantFrom("a", ".", "*", "~", "0", "1", "2", "3", " "), maxLength: 5 });
  fc.assert(
    fc.property(path, path, (a, b) => {
      expect(leafName(a)).not.toMatch(/[.*]/);
      expect(leafName(a).trim()).not.toBe("");
      expect(leafName(a) === leafName(b)).toBe(a === b);
      expect(pathOfLeaf(leafName(a))).toBe(a);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["price", "price"],
  ["a.b*c~d", "a~1b~2c~0d"],
  ["", "~3"],
  ["  ", "~3  "],
])("the leaf of %j is %j, and its path is that again", (path, leaf) => {
  // Twice: the second time it is remembered.
  expect([leafName(path), leafName(path)]).toEqual([leaf, leaf]);
  expect(pathOfLeaf(leaf)).toBe(path);
});

test("more names than are remembered are made just so", () => {
  for (let i = 0; i < 20_005; i++) expect(leafName(`n.${i}`)).toBe(`n~1${i}`);
  expect(leafName("n.0")).toBe("n~10");
});
