import fc from "fast-check";
import { expect, test } from "vitest";
import { mintId } from "../event/identity.ts";
import {
  groupIn,
  groupOf,
  groupsWith,
  isOwnGroup,
  livePartitions,
  monthEnd,
  ownGroup,
  partitionsOf,
  placesIn,
  startOfMonth,
  type Cut,
  type Month,
  type PartitionTable,
} from "./table.ts";

const idAt = (time: number) => mintId(time, new Uint8Array(10));
const project = fc.constantFrom("p1", "p2", "big");
const month: fc.Arbitrary<Month> = fc.record({
  month: fc.constantFrom("202601", "202602", "202802", "202612"),
  version: fc.constant(1),
  dropped: fc.constant(false),
  cut: fc.constantFrom<Cut>(1, 4, 31),
  groups: fc.integer({ min: 1, max: 9 }),
  own: fc.constantFrom<string[]>([], ["big"]),
});

test("every event of a month has exactly one partition, and it is one of the month's", () => {
  fc.assert(
    fc.property(month, project, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (shaped, who, part) => {
      const time =
        startOfMonth(shaped.month) + Math.floor(part * (monthEnd(shaped.month) - startOfMonth(shaped.month)));
      const place = placesIn({ months: [shaped], rest: { groups: 2 } })(who, idAt(time));
      expect(partitionsOf(shaped)).toContain(place === "expired" ? place : place.key);
      expect(new Set(partitionsOf(shaped)).size).toBe(partitionsOf(shaped).length);
    }),
  );
});

test("a month's partitions are named by the month, the days its weeks begin with, or each of its days", () => {
  const of = (cut: Cut) => partitionsOf({ month: "202602", version: 1, dropped: false, cut, groups: 2, own: ["big"] });
  expect(of(1)).toEqual(["g0-202602", "g1-202602", "own-big-202602"]);
  const weeks = ["20260201", "20260208", "20260215", "20260222"];
  expect(of(4)).toEqual(["g0", "g1", "own-big"].flatMap((group) => weeks.map((day) => `${group}-${day}`)));
  expect(of(31)).toHaveLength(3 * 28);
  expect(partitionsOf({ month: "202602", version: 1, dropped: false, cut: 31 }).at(-1)).toBe("20260228");
});

test("a period begins with the first millisecond of its day", () => {
  const of = (cut: Cut) => placesIn({ months: [{ month: "202602", version: 1, dropped: false, cut, groups: 1 }] });
  const at = (cut: Cut, day: number, ms = 0) => of(cut)("p", idAt(Date.UTC(2026, 1, day) + ms));
  expect([at(4, 7, 86_399_999), at(4, 8)]).toEqual([{ key: "g0-20260201" }, { key: "g0-20260208" }]);
  expect([at(4, 28), at(31, 28)]).toEqual([{ key: "g0-20260222" }, { key: "g0-20260228" }]);
  expect(at(1, 28)).toEqual({ key: "g0-202602" });
});

test("a table that is older than groups sends everything where it always went", () => {
  const table: PartitionTable = {
    months: [
      { month: "202601", version: 1, dropped: true },
      { month: "202602", version: 1, dropped: false },
    ],
  };
  const place = placesIn(table);
  for (const who of ["a", "b", "c"]) {
    expect(place(who, idAt(Date.UTC(2026, 1, 5)))).toEqual({ key: "202602" });
    expect(place(who, idAt(Date.UTC(2020, 1, 5)))).toEqual({ key: "other" });
    expect(place(who, idAt(Date.UTC(2026, 0, 5)))).toBe("expired");
  }
  expect(livePartitions(table)).toEqual(["202602", "other"]);
});

test("groups are about even, and a project's own group is nobody else's", () => {
  const sizes = new Map<string, number>();
  for (let n = 0; n < 8_000; n++) {
    const id = (n * 7919).toString(16).padStart(24, "0");
    const group = groupOf(id, { groups: 8 });
    sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  expect(sizes.size).toBe(8);
  for (const size of sizes.values()) expect(Math.abs(size - 1_000)).toBeLessThan(150);
  expect(groupOf("big", { groups: 8, own: ["big"] })).toBe("own-big");
  expect(groupOf("bigger", { groups: 8, own: ["big"] })).toMatch(/^g\d$/);
});

test("a question looks in every group in which the project has ever had events, and in no other", () => {
  const shape = { version: 1, cut: 1, dropped: false, groups: 1 } as const;
  const table: PartitionTable = {
    months: [
      { ...shape, month: "202601", own: [] },
      { ...shape, month: "202602", own: ["big"] },
    ],
    rest: { groups: 1 },
  };
  expect(groupsWith("big", table)).toEqual(["g0", "own-big"]);
  expect(groupsWith("small", table)).toEqual(["g0"]);
  expect([groupIn(table, "big", "202602"), groupIn(table, "big", "203001")]).toEqual(["own-big", "g0"]);
});

test("a project's own group is told from a shared one by its name", () => {
  expect([ownGroup("big"), "g0", "", "g0-own-"].map(isOwnGroup)).toEqual([true, false, false, false]);
});

test.each(["", "Big", "a/b", "x".repeat(65)])(
  "a project called %j gets no group: its name would not be an index's",
  (id) => {
    expect(() => ownGroup(id)).toThrow(`"${id}" is not the id of a project.`);
  },
);
