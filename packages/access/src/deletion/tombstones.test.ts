import { TOMBSTONE_CACHE_MS, type Deletable } from "@millrace/core";
import { expect, test, vi } from "vitest";
import { breakableRegistry, countingRandom, fakeClock, NOON } from "../testing.ts";
import { createTombstones, type TombstoneKeeper } from "./tombstones.ts";

function setUp() {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const open = () => createTombstones({ registry, clock, random: countingRandom() });
  return { clock, state, registry, open, tombstones: open() };
}
const sizeOf = async (tombstones: TombstoneKeeper, project = "p") => (await tombstones.of(project)).size;
const ada = { project: "p", visitor: "ada", receivedBefore: NOON };

test("a tombstone is known to every other process within ten seconds, to its own at once", async () => {
  const { tombstones, open, clock } = setUp();
  const other = open();
  expect(await sizeOf(other)).toBe(0);
  const added = await tombstones.add(ada);
  expect(added).toMatchObject({ ...ada, createdAt: NOON });
  expect(await sizeOf(tombstones)).toBe(1);
  clock.advance(TOMBSTONE_CACHE_MS - 1);
  expect(await sizeOf(other)).toBe(0);
  clock.advance(1);
  expect(await sizeOf(other)).toBe(1);
  expect(await sizeOf(other, "q")).toBe(0);
});

test("a process asks one question in ten seconds, however many projects there are", async () => {
  const { tombstones, clock, state } = setUp();
  await tombstones.add({ ...ada, project: "p7" });
  const other = Array.from({ length: 2_000 }, (_, i) => `p${i}`);
  const askAll = () => Promise.all(other.map((project) => tombstones.of(project)));
  const readsOf = async (work: () => Promise<unknown>) => {
    const before = state.reads;
    await work();
    return state.reads - before;
  };
  // What changed last, which projects have any, and of the one that has events and properties.
  expect(await readsOf(askAll)).toBe(4);
  expect(await readsOf(askAll)).toBe(0);
  clock.advance(TOMBSTONE_CACHE_MS);
  expect(await readsOf(askAll)).toBe(1);
});

test("only a project that changed is read again, and only what is newer than what is known", async () => {
  const { tombstones, open, clock, registry } = setUp();
  for (let i = 0; i < 100; i++) await tombstones.add({ ...ada, visitor: `v${i}` });
  clock.advance(3_600_000);
  await tombstones.add({ ...ada, visitor: "newest of the known" });
  const other = open();
  await other.of("p");
  await tombstones.add({ ...ada, project: "q" });
  await tombstones.add({ ...ada, visitor: "new" });
  const listing = vi.spyOn(registry, "listFrom");
  clock.advance(TOMBSTONE_CACHE_MS);
  expect(await sizeOf(other)).toBe(102);
  expect(await sizeOf(other, "q")).toBe(1);
  const found = await Promise.all(listing.mock.results.map(({ value }) => value as Promise<unknown[]>));
  // The newest of the known is read with it: whoever wrote the next one may have a slower clock.
  expect(found.map((items) => items.length)).toEqual([2, 0, 1, 0]);
});

test("a process that slept through more changes than are told misses none", async () => {
  const { tombstones, open, clock } = setUp();
  const other = open();
  await tombstones.add(ada);
  await other.of("p");
  await tombstones.add({ ...ada, visitor: "bob" });
  for (let i = 0; i < 250; i++) await tombstones.add({ ...ada, project: `p${i}` });
  clock.advance(TOMBSTONE_CACHE_MS);
  expect([await sizeOf(other), await sizeOf(other, "p0"), await sizeOf(other, "p249")]).toEqual([2, 1, 1]);
});

test("a tombstone made by a slower clock after a newer one is found too", async () => {
  const { tombstones, open, clock } = setUp();
  const other = open();
  await tombstones.add(ada);
  await other.of("p");
  clock.set(NOON - 5 * 60_000);
  await tombstones.add({ ...ada, visitor: "bob" });
  clock.set(NOON + TOMBSTONE_CACHE_MS);
  expect(await sizeOf(other)).toBe(2);
});

test("a registry that does not answer is never taken for 'nothing was deleted', whatever was known before", async () => {
  const { tombstones, clock, state } = setUp();
  await tombstones.add(ada);
  await tombstones.of("p");
  await tombstones.of("q");
  state.down = true;
  expect(await sizeOf(tombstones)).toBe(1);
  clock.advance(TOMBSTONE_CACHE_MS);
  const closed = { code: "ServiceUnavailable" };
  for (const project of ["p", "q", "new"]) await expect(tombstones.of(project)).rejects.toMatchObject(closed);
  await expect(tombstones.add(ada)).rejects.toThrow();
  state.down = false;
  expect(await sizeOf(tombstones)).toBe(1);
});

test("an archive is replayed after ten years: who was erased stays erased, settled or not, known or read anew", async () => {
  const { tombstones, open, clock } = setUp();
  await tombstones.add(ada);
  await tombstones.settle(await tombstones.add({ ...ada, visitor: "bob" }));
  clock.advance(10 * 365 * 24 * 3_600_000);
  const started = open();
  for (const keeper of [tombstones, started]) {
    expect(await sizeOf(keeper)).toBe(2);
    expect(await keeper.projects()).toEqual(["p"]);
  }
});

test("settling a tombstone takes it from those to look for, and not from those to honour", async () => {
  const { tombstones } = setUp();
  const [one, two] = [await tombstones.add(ada), await tombstones.add({ ...ada, visitor: "bob" })];
  await tombstones.settle(one);
  await tombstones.settle(one);
  expect(await tombstones.unsettled("p")).toEqual([two]);
  expect(await sizeOf(tombstones)).toBe(2);
  expect(await tombstones.projects()).toEqual(["p"]);
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
  expect((await tombstones.of("p")).takes(given)).toBe(deleted);
});
