import { isDeleted, TOMBSTONE_CACHE_MS, TOMBSTONE_KEEP_MS, type Deletable } from "@millrace/core";
import { expect, test } from "vitest";
import { breakableRegistry, countingRandom, fakeClock, NOON } from "../testing.ts";
import { createTombstones } from "./tombstones.ts";

function setUp() {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const open = () => createTombstones({ registry, clock, random: countingRandom() });
  return { clock, state, open, tombstones: open() };
}
const ada = { project: "p", visitor: "ada", receivedBefore: NOON };

test("a tombstone is known to every other process within ten seconds, to its own at once", async () => {
  const { tombstones, open, clock } = setUp();
  const other = open();
  expect(await other.of("p")).toEqual([]);
  const added = await tombstones.add(ada);
  expect(added).toMatchObject({ ...ada, createdAt: NOON });
  expect(await tombstones.of("p")).toEqual([added]);
  clock.advance(TOMBSTONE_CACHE_MS);
  expect(await other.of("p")).toEqual([added]);
  expect(await other.of("q")).toEqual([]);
});

test("asking costs one read of the registry in ten seconds, also where there is no tombstone", async () => {
  const { tombstones, clock, state } = setUp();
  for (let i = 0; i < 50; i++) await tombstones.of(`p${i % 2}`);
  expect(state.reads).toBe(2);
  clock.advance(TOMBSTONE_CACHE_MS);
  await Promise.all(Array.from({ length: 50 }, () => tombstones.of("p0")));
  expect(state.reads).toBe(3);
});

test("a registry that does not answer is never taken for 'nothing was deleted', whatever was known before", async () => {
  const { tombstones, clock, state } = setUp();
  await tombstones.add(ada);
  await tombstones.of("p");
  await tombstones.of("q");
  state.down = true;
  expect(await tombstones.of("p")).toHaveLength(1);
  clock.advance(TOMBSTONE_CACHE_MS);
  const closed = { code: "ServiceUnavailable" };
  for (const project of ["p", "q", "new"]) await expect(tombstones.of(project)).rejects.toMatchObject(closed);
  await expect(tombstones.add(ada)).rejects.toThrow();
  state.down = false;
  expect(await tombstones.of("p")).toHaveLength(1);
});

test("a tombstone outlives every replay: two weeks queued, 400 days a dead letter in the archive, two weeks queued again", async () => {
  const { tombstones, clock } = setUp();
  await tombstones.add(ada);
  clock.advance((14 + 400 + 14) * 24 * 3_600_000);
  expect(await tombstones.of("p")).toHaveLength(1);
  clock.set(NOON + TOMBSTONE_KEEP_MS);
  expect(await tombstones.of("p")).toEqual([]);
});

test("settling a tombstone takes it from those to look for, and not from those to honour", async () => {
  const { tombstones } = setUp();
  const [one, two] = [await tombstones.add(ada), await tombstones.add({ ...ada, visitor: "bob" })];
  await tombstones.settle(one);
  await tombstones.settle(one);
  expect(await tombstones.unsettled("p")).toEqual([two]);
  expect((await tombstones.of("p")).map(({ visitor }) => visitor)).toEqual(["ada", "bob"]);
});

test.each<[what: string, deleted: boolean, event: Partial<Deletable>]>([
  ["the visitor's event", true, {}],
  ["one received at the very instant", false, { receivedAt: NOON }],
  ["another visitor's", false, { visitor: "bob" }],
  ["nobody's", false, { visitor: null }],
  ["one whose visitor cannot be read", false, { visitor: undefined }],
  ["another project's", false, { project: "q" }],
  ["another collection's", true, { collection: "clicks" }],
])("%s: deleted is %j", async (_what, deleted, event) => {
  const { tombstones } = setUp();
  await tombstones.add(ada);
  const given = { project: "p", receivedAt: NOON - 1, visitor: "ada", collection: "visits", timestamp: NOON, ...event };
  expect(isDeleted(given, await tombstones.of("p"))).toBe(deleted);
});
