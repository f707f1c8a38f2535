import { expect, test } from "vitest";
import { uuidV7 } from "./uuid.ts";

test("ids of one millisecond sort as they were made, whatever they begin with", () => {
  for (let round = 0; round < 50; round++) {
    const now = 1_773_144_000_000 + round;
    const ids = Array.from({ length: 1_000 }, () => uuidV7(now));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
    expect(ids.every((id) => /^019cd79e-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(true);
  }
});

test("another millisecond begins with other randomness", () => {
  const tails = [1, 2, 1].map((now) => uuidV7(now).slice(14));
  expect(new Set(tails).size).toBe(3);
});
