import { monthOf, type PartitionTable, type PropertySighting } from "@millrace/core";
import { expect, test } from "vitest";
import { breakableRegistry, fakeClock } from "../testing.ts";
import { createCatalogue } from "./catalogue.ts";

function setUp(table?: PartitionTable) {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  let known = table;
  const groups = { known: async () => known };
  const catalogue = createCatalogue({ registry, clock, ...(table && { groups }) });
  const see = (project: string, paths: readonly string[]) => {
    const month = monthOf(clock.now());
    const sightings = paths.map((path): PropertySighting => ({ collection: "c", path, kind: "number" }));
    return catalogue.admit(project, sightings, { identity: month, timestamp: month });
  };
  /** How many of the names are typed. */
  const typed = async (project: string, paths: readonly string[]) => {
    const admission = await see(project, paths);
    return paths.filter((path) => admission.admits(path, "number")).length;
  };
  const nextMonth = () => clock.set(Date.UTC(2026, 11, 3));
  return { catalogue, state, see, typed, nextMonth, change: (to: PartitionTable) => (known = to) };
}

/** Ids as projects have them. */
const idOf = (n: number) => (n * 0x9e3779b97f4a).toString(16).padStart(24, "0").slice(-24);
const namesOf = (who: string, count: number, length = 12) =>
  Array.from({ length: count }, (_, i) => `${who}_${i}`.padEnd(length, "x"));
const GROUPED: PartitionTable = { months: [], rest: { groups: 8 } };

test("a thousand tenants with thirty names of their own each: every one is typed", async () => {
  const { typed } = setUp(GROUPED);
  for (let n = 0; n < 1_000; n++) expect(await typed(idOf(n), namesOf(`t${n}`, 30))).toBe(30);
});

test("with one group for all, the later ones would have none: what the groups are for", async () => {
  const { typed } = setUp();
  for (let n = 0; n < 330; n++) await typed(idOf(n), namesOf(`t${n}`, 30));
  expect(await typed("late", namesOf("late", 30))).toBe(0);
});

test("a few long names fill one project's share of the bytes, and nobody else's", async () => {
  const { typed } = setUp();
  // As long as ingest lets them be, from ten keys.
  for (let key = 0; key < 10; key++) {
    expect(await typed(`hostile${key}`, namesOf(`h${key}`, 124, 500))).toBeLessThan(40);
  }
  expect(await typed("honest", namesOf("price", 300))).toBe(300);
});

test("a project with a group of its own has the whole budget of one, and takes nothing from the others", async () => {
  const month = { month: "202611", version: 1, dropped: false, cut: 1, groups: 1 } as const;
  const { typed, catalogue } = setUp({ months: [{ ...month, own: ["big"] }], rest: { groups: 1 } });
  expect(await typed("big", namesOf("big", 7_000))).toBe(7_000);
  expect((await catalogue.view("big")).quota).toMatchObject({ used: 7_000, most: 8_000, full: false });
  expect(await typed("small", namesOf("small", 300))).toBe(300);
});

test("when the groups are others next month, names in use come in again, and what they left is not kept for anybody", async () => {
  const shape = { version: 1, dropped: false, cut: 1, own: [] } as const;
  const november = { ...shape, month: "202611", groups: 1 };
  const { typed, nextMonth } = setUp({
    months: [november, { ...shape, month: "202612", groups: 4 }],
    rest: { groups: 1 },
  });
  for (let n = 0; n < 190; n++) await typed(idOf(n), namesOf(`t${n}`, 30));
  nextMonth();
  for (let n = 0; n < 190; n++) expect(await typed(idOf(n), namesOf(`t${n}`, 30))).toBe(30);
  expect(await typed("new", namesOf("new", 100))).toBe(100);
});

test.each([1_001, 5_000])("%d tenants in turn, whose names are known: no question to the registry", async (tenants) => {
  const { see, state } = setUp(GROUPED);
  const names = namesOf("n", 10);
  for (let n = 0; n < tenants; n++) await see(idOf(n), names);
  const { reads } = state;
  for (let n = 0; n < tenants; n++) await see(idOf(n), names);
  expect(state.reads - reads).toBe(0);
});
