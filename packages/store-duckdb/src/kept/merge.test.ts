import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS_QUERY } from "@millrace/core";
import { countDistinct } from "./distinct.ts";
import { merge } from "./merge.ts";
import { MOST_EXACT, partOf, type PartCell } from "./part.ts";

const hashes = (...values: bigint[]) => BigUint64Array.from(values).sort();
const placed = (bucket: number, ...rows: [group: string | null, ...cells: PartCell[]][]) => ({
  bucket,
  part: partOf(rows.map(([group, ...cells]) => ({ group: [group], cells }))),
});

describe("different hashes", () => {
  const hash = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.constantFrom(0n, 1n, 2n ** 32n, 2n ** 32n - 1n, 2n ** 64n - 1n),
    fc.bigInt({ min: 0n, max: 20n }),
  );

  test("are counted as a set counts them", async () => {
    const property = fc.asyncProperty(fc.array(fc.uniqueArray(hash)), async (sets) => {
      expect(await countDistinct(sets.map((set) => hashes(...set)))).toBe(new Set(sets.flat()).size);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  test("also where there are many, evenly and all in one place", async () => {
    const many = (from: bigint, step: bigint) => Array.from({ length: 30_000 }, (_, i) => from + BigInt(i) * step);
    const even = [many(0n, 2n ** 48n), many(2n ** 48n * 15_000n, 2n ** 48n)];
    const near = [many(7n, 1n), many(10_007n, 1n)];
    expect(await countDistinct(even.map((set) => hashes(...set)))).toBe(45_000);
    expect(await countDistinct(near.map((set) => hashes(...set)))).toBe(40_000);
  });
});

describe("parts", () => {
  const shape = { measures: ["count", "count_unique", "sum"], hasGroups: true, hasBuckets: true } as const;

  test("come to one row for each group and bucket", async () => {
    const parts = [
      placed(0, ["a", 1, hashes(1n, 2n), { sum: 3, size: 3 }], [null, 1, hashes(), { sum: 0, size: 0 }]),
      placed(0, ["a", 2, hashes(2n, 3n), { sum: -1, size: 1 }]),
      placed(1, ["a", 5, hashes(3n), { sum: 1, size: 1 }]),
    ];
    expect(await merge(parts, shape)).toEqual({
      rows: [
        { bucket: 0, group: ["a"], values: [3, 3, 2] },
        { bucket: 0, group: [null], values: [1, 0, 0] },
        { bucket: 1, group: ["a"], values: [5, 1, 1] },
      ],
      exact: true,
      notes: [],
    });
  });

  test("of nothing come to one row where there are neither groups nor buckets", async () => {
    const none = [{ bucket: 0, part: partOf([]) }];
    expect(await merge(none, shape)).toMatchObject({ rows: [] });
    expect(await merge(none, { ...shape, hasBuckets: false })).toMatchObject({ rows: [] });
    const alone = { ...shape, hasBuckets: false, hasGroups: false };
    expect(await merge(none, alone)).toMatchObject({ rows: [{ bucket: 0, group: [], values: [0, 0, 0] }] });
  });

  test("come to nothing where a digit could be lost, or where there are more groups than an answer has", async () => {
    const half = { sum: 0, size: MOST_EXACT / 2 };
    const sums = { ...shape, measures: ["sum"] } as const;
    expect(await merge([placed(0, ["a", half]), placed(0, ["a", half])], sums)).toBeUndefined();
    const most = Array.from({ length: LIMITS_QUERY.groups }, (_, i): [string, number] => [`${i}`, 1]);
    const counts = { ...shape, measures: ["count"] } as const;
    expect((await merge([placed(0, ...most)], counts))?.rows).toHaveLength(LIMITS_QUERY.groups);
    expect(await merge([placed(0, ...most), placed(0, ["one more", 1])], counts)).toBeUndefined();
  });

  test("come to nothing beyond as many cells as an answer has", async () => {
    const counts = { ...shape, measures: ["count"] } as const;
    const groups = Array.from({ length: 1_000 }, (_, i): [string, number] => [`${i}`, 1]);
    const full = Array.from({ length: LIMITS_QUERY.cells / 1_000 }, (_, bucket) => placed(bucket, ...groups));
    expect((await merge(full, counts))?.rows).toHaveLength(LIMITS_QUERY.cells);
    expect(await merge([...full, placed(full.length, ["0", 1])], counts)).toBeUndefined();
  });
});
