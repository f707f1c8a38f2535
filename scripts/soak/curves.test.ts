import { expect, test } from "vitest";
import { drawCurve } from "./curves.ts";

test("a curve shows its peaks, from zero to the highest", () => {
  expect(drawCurve([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe("▁▂▃▄▅▆▇█");
  expect(drawCurve([0, 0, 0, 9, 0, 0, 0, 0], 2)).toBe("█▁");
  expect(drawCurve([3], 8)).toBe("█");
  expect(drawCurve([undefined, 3], 8)).toBe("█");
  expect(drawCurve([undefined], 8)).toBe("");
});
