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
