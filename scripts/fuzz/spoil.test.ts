import { expect, test } from "vitest";
import type { Random } from "../../bench/simulation/random.ts";
import { spoilValue } from "./spoil.ts";

/** Draws that lead to the first member of a list, and there to its being repeated. */
function repeats(): Random {
  const [isBranch, first, repeat] = [0, 0, 0.5];
  const draws = [isBranch, first, repeat];
  return { uniform: () => draws.shift() ?? Number.NaN, gap: () => Number.NaN, factor: () => Number.NaN };
}

test("a member that is repeated passes limits on counts", () => {
  expect(spoilValue(["x"], repeats())).toHaveLength(1 + 1_100);
});

test("a long one is repeated as often as fits into a text", () => {
  const million = "x".repeat(1_000_000);
  expect(JSON.stringify(spoilValue([million], repeats())).length).toBeLessThan(40_000_000);
});
