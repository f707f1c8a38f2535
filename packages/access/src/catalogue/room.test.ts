import fc from "fast-check";
import { expect, test } from "vitest";
import { createUsage, pairKey, type Pair } from "./room.ts";

const name = fc.integer({ min: 0, max: 40 }).map((n): Pair => [`n${n}`, "string"]);
const month = fc.array(fc.array(name, { maxLength: 12 }), { maxLength: 8 });
const ROOM = { pairs: 15, bytes: 1_000_000 };
const OPEN = { pairs: 10, bytes: 1_000_000 };

test("over any number of months: never more than the room, never a name of last month pushed out, and what is left of a month is what was used in it", () => {
  fc.assert(
    fc.property(fc.array(month, { maxLength: 6 }), (months) => {
      let last: Pair[] = [];
      for (const batches of months) {
        const usage = createUsage(ROOM, last);
        const used = new Map<string, Pair>();
        const kept = new Set(last.map(pairKey));
        for (const batch of batches) {
          const wanted = [...new Map(batch.map((pair) => [pairKey(pair), pair])).values()];
          const unused = wanted.filter((pair) => !usage.has(pair));
          const fitting = usage.fitting(unused, ({ pairs }) => (pairs < 2 ? ROOM : OPEN));
          for (const pair of unused) {
            if (kept.has(pairKey(pair))) expect(fitting).toContain(pair);
          }
          usage.add(fitting);
          for (const pair of fitting) used.set(pairKey(pair), pair);
          expect(used.size).toBeLessThanOrEqual(ROOM.pairs);
          expect(usage.taken().pairs).toBe(new Set([...kept, ...used.keys()]).size);
          expect(usage.taken().pairs).toBeLessThanOrEqual(ROOM.pairs);
        }
        last = [...used.values()];
        expect(createUsage(ROOM, last).taken().pairs).toBe(used.size);
      }
    }),
    { numRuns: 300 },
  );
});

test("bytes count as pairs do: a few long names fill the room, and kept ones still come in", () => {
  const long = (n: number): Pair => [`${n}${"x".repeat(299)}`, "string"];
  const room = { pairs: 1_000, bytes: 2_000 };
  const usage = createUsage(room, [long(0)]);
  const fitting = usage.fitting([long(1), long(2), long(3), long(0)]);
  expect(fitting).toEqual([long(1), long(0)]);
  usage.add(fitting);
  expect(usage.taken().bytes).toBeLessThanOrEqual(room.bytes);
});

test("late additions to the month before can make kept names too many: the room holds all the same", () => {
  const last = Array.from({ length: 30 }, (_, i): Pair => [`old${i}`, "string"]);
  const usage = createUsage(ROOM, last);
  usage.add(usage.fitting(last));
  expect(usage.fitting([["new", "string"]])).toEqual([]);
  expect(last.filter((pair) => usage.has(pair))).toHaveLength(ROOM.pairs);
});
