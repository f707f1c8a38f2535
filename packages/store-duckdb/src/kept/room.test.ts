import { describe, expect, test } from "vitest";
import { createKept, type Place } from "./kept.ts";
import { partOf } from "./part.ts";
import { touchedAll } from "./touched.ts";

const MINUTE = 60_000;
const part = (hashes: number) => partOf([{ group: ["/"], cells: [1, new BigUint64Array(hashes)] }]);
const place = (key: string, start = 0, project = "p"): Place => ({
  project,
  time: "timestamp",
  span: { start, end: start + 1 },
  key,
});

function room(maxBytes: number) {
  let now = 0;
  const kept = createKept({ maxBytes, clock: { now: () => now } });
  return { kept, pass: (ms: number) => void (now += ms) };
}

describe("what is kept", () => {
  test("weighs at least what its numbers do", () => {
    expect(part(1_000).bytes).toBeGreaterThan(8_000);
    expect(partOf([{ group: ["x".repeat(1_000)], cells: [] }]).bytes).toBeGreaterThan(2_000);
    expect(partOf([]).bytes).toBeGreaterThan(0);
  });

  test("is never more than there is room for, and nothing that is asked for gives way", () => {
    const { kept, pass } = room(25_000);
    expect([kept.put(place("a"), part(1_000)), kept.put(place("b"), part(1_000))]).toEqual([true, true]);
    for (let i = 0; i < 10; i++) {
      pass(MINUTE);
      expect(kept.get(place("a"))).toBeDefined();
      expect(kept.get(place("b"))).toBeDefined();
      expect([kept.hasRoom(9_000), kept.put(place(`other ${i}`), part(1_000))]).toEqual([false, false]);
      expect(kept.bytes).toBeLessThanOrEqual(25_000);
    }
  });

  test("gives way when nobody has asked for it in five minutes, the longest unused first", () => {
    const { kept, pass } = room(25_000);
    kept.put(place("a"), part(1_000));
    kept.put(place("b"), part(1_000));
    pass(6 * MINUTE);
    kept.get(place("a"));
    expect(kept.put(place("c"), part(1_000))).toBe(true);
    expect(["a", "b", "c"].map((key) => kept.get(place(key)) !== undefined)).toEqual([true, false, true]);
    expect(kept.bytes).toBe(2 * part(1_000).bytes);
  });

  test("is given back after a day, whatever room there is", () => {
    const { kept, pass } = room(1_000_000);
    kept.put(place("a"), part(1_000));
    pass(25 * 60 * MINUTE);
    kept.put(place("b"), part(1));
    expect(kept.bytes).toBe(part(1).bytes);
  });

  test("goes with its project, and counts once", () => {
    const { kept } = room(1_000_000);
    for (const project of ["p", "q"]) for (const start of [0, 1, 2]) kept.put(place("a", start, project), part(10));
    kept.put(place("a"), part(20));
    expect(kept.bytes).toBe(5 * part(10).bytes + part(20).bytes);
    kept.drop(touchedAll("p"));
    expect(kept.bytes).toBe(3 * part(10).bytes);
    expect(kept.get(place("a"))).toBeUndefined();
    kept.drop(touchedAll("q"));
    expect(kept.bytes).toBe(0);
  });

  test("a question that was refused is tried again after a while, and they are not remembered without end", () => {
    const { kept, pass } = room(1);
    kept.refuse("a");
    expect(kept.isRefused("a")).toBe(true);
    pass(6 * MINUTE);
    expect(kept.isRefused("a")).toBe(false);
    for (let i = 0; i < 1_001; i++) kept.refuse(`${i}`);
    expect([kept.isRefused("0"), kept.isRefused("1"), kept.isRefused("1000")]).toEqual([false, true, true]);
  });

  test("the last questions are known to have been asked", () => {
    const { kept } = room(1);
    const asked = ["a", "a", "b"].map((key) => kept.isAskedAgain(key));
    expect(asked).toEqual([false, true, false]);
    for (let i = 0; i < 4_999; i++) kept.isAskedAgain(`${i}`);
    expect([kept.isAskedAgain("b"), kept.isAskedAgain("a")]).toEqual([true, false]);
  });
});
