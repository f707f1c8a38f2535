import fc from "fast-check";
import { expect, test } from "vitest";
import { doubleAt, orderOf } from "./percentile.ts";

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
