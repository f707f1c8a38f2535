import { expect, test } from "vitest";
import { keyed } from "./row-keys.ts";

test("values that read alike have keys of their own, the same at every drawing", () => {
  const rows = [5, "5", true, "true", null, "null", "[1]", "[1]", ""].map((value) => ({ value }));
  const keys = keyed(rows).map(([key]) => key);
  expect(new Set(keys).size).toBe(rows.length);
  expect(keyed(rows).map(([key]) => key)).toEqual(keys);
});
