import { TOMBSTONE_CACHE_MS, type DeleteWhere, type Deletion } from "@millrace/core";
import { createReferenceStore, message, metricPlan, newProject, storedEvent } from "@millrace/core/contract";
import { expect, test } from "vitest";
import { breakableRegistry, countingRandom, fakeClock, NOON } from "../testing.ts";
import { createDeletions, SETTLED_MS } from "./deletion.ts";
import { createTombstones } from "./tombstones.ts";

/** The reference store behind the routine; `deleteWhere` may be made to fail. */
function setUp() {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const tombstones = createTombstones({ registry, clock, random: countingRandom() });
  const reference = createReferenceStore();
  const steps: string[] = [];
  const faults: ((where: DeleteWhere) => Deletion | undefined)[] = [];
  const store = {
    ...reference,
    async deleteWhere(where: DeleteWhere): Promise<Deletion> {
      const known = await tombstones.unsettled(where.project);
      steps.push(`delete, with ${known.length} tombstones, after ${clock.now() - NOON} ms`);
      return faults.shift()?.(where) ?? reference.deleteWhere(where);
    },
  };
  const wait = async (ms: number) => {
    steps.push(`wait ${ms}`);
    clock.advance(ms);
  };
  const project = newProject();
  const where = { project, receivedBefore: NOON };
  const deletions = createDeletions({ tombstones, store, clock, wait });
  const event = () => storedEvent({ project, receivedAt: NOON - 1 });
  return { clock, state, tombstones, store, steps, faults, deletions, project, where, event };
}

const refuse = () => {
  throw new Error("refused on purpose");
};

test("a deletion is remembered first, then every writer's knowledge runs out, then the store is asked", async () => {
  const { deletions, steps, store, event, where } = setUp();
  await store.append([event(), event()]);
  expect(await deletions.delete(where)).toEqual({ events: 2, rejected: 0, complete: true });
  expect(steps).toEqual([`wait ${TOMBSTONE_CACHE_MS}`, `delete, with 1 tombstones, after ${TOMBSTONE_CACHE_MS} ms`]);
});

test("of several one wait is enough; what there is no time for is left to the sweep, and never comes back", async () => {
  const { deletions, steps, store, event, project, clock, tombstones } = setUp();
  const events = [event(), event(), event()];
  await store.append(events);
  const wheres = events.map(({ id }) => ({ ids: [id], receivedBefore: NOON }));
  const deadline = clock.now() + TOMBSTONE_CACHE_MS;
  expect(await deletions.deleteAll(project, wheres, { deadline })).toEqual({ events: 0, rejected: 0, complete: false });
  expect(steps).toEqual([`wait ${TOMBSTONE_CACHE_MS}`]);
  const forbidden = await tombstones.of(project);
  for (const { id } of events) expect(forbidden.takes({ project, id, receivedAt: NOON - 1 })).toBe(true);
  expect(forbidden.takes({ project, id: "another", receivedAt: NOON - 1 })).toBe(false);
  expect(await deletions.sweep([project])).toEqual({ events: 3, rejected: 0, open: 3 });
});

test("without a registry nothing is deleted: it would come back", async () => {
  const { deletions, state, store, event, where, steps } = setUp();
  await store.append([event()]);
  state.down = true;
  await expect(deletions.delete(where)).rejects.toThrow("registry down");
  expect([steps, await store.countWhere(where)]).toEqual([[], 1]);
});

test("what a writer that had not heard of it stores later is found, until no such writer can be left", async () => {
  const { deletions, clock, store, event, where, project, tombstones } = setUp();
  await deletions.delete(where);
  await store.append([event()]);
  expect(await deletions.sweep([project])).toEqual({ events: 1, rejected: 0, open: 1 });
  clock.set(NOON + SETTLED_MS - 1);
  await store.append([event()]);
  expect(await deletions.sweep([project])).toEqual({ events: 1, rejected: 0, open: 1 });
  await store.append([event()]);
  clock.advance(1);
  expect(await deletions.sweep([project])).toEqual({ events: 1, rejected: 0, open: 0 });
  expect(await tombstones.unsettled(project)).toEqual([]);
  const rows = await store.outcomes({ project, from: NOON - 3_600_000, to: NOON });
  expect(rows.map(({ outcome, count }) => [outcome, count])).toEqual([["deleted", 3]]);
});

test("a tombstone whose look was cut short or failed is looked at again, and keeps no other from its turn", async () => {
  const { deletions, clock, store, faults, where, project, event, tombstones } = setUp();
  const other = newProject();
  for (const each of [project, other]) await tombstones.add({ ...where, project: each });
  await store.append([event(), ...message(other, {}).map((e) => ({ ...e, receivedAt: NOON - 1 }))]);
  clock.advance(SETTLED_MS);
  faults.push(() => ({ events: 0, rejected: 0, complete: false }), refuse);
  await expect(deletions.sweep([project, other])).rejects.toThrow("refused on purpose");
  faults.push(refuse);
  await expect(deletions.sweep([project, other])).rejects.toThrow("refused on purpose");
  expect(await store.countWhere({ ...where, project: other })).toBe(0);
  expect(await deletions.sweep([project, other])).toEqual({ events: 1, rejected: 0, open: 0 });
});

test("a deletion that was killed after its first step is completed by the next sweep", async () => {
  const { deletions, store, event, where, project, faults } = setUp();
  await store.append([event()]);
  faults.push(refuse);
  await expect(deletions.delete(where)).rejects.toThrow("refused on purpose");
  expect(await deletions.sweep([project])).toEqual({ events: 1, rejected: 0, open: 1 });
});

test("past its deadline nothing more is begun, and what is left stays open", async () => {
  const { deletions, clock, where, project, tombstones, steps } = setUp();
  await tombstones.add(where);
  clock.advance(SETTLED_MS);
  expect(await deletions.sweep([project], { deadline: clock.now() })).toEqual({ events: 0, rejected: 0, open: 1 });
  expect(steps).toEqual([]);
});

test("a property's deletion is remembered, waited for, done, and looked at again like any other", async () => {
  const { deletions, clock, store, project, tombstones, steps } = setUp();
  const where = { project, collection: "visits", property: "a", receivedBefore: NOON };
  const event = () => storedEvent({ project, receivedAt: NOON - 1, properties: { a: 1, b: 2 } });
  const having = async (path: string) => {
    const { rows } = await store.metric(metricPlan(project, { filter: { kind: "exists", field: path } }));
    return rows[0]?.values[0];
  };
  await store.append([event(), event()]);
  expect(await deletions.deleteProperty(where)).toEqual({ events: 2, rejected: 0, complete: true });
  expect(steps).toEqual([`wait ${TOMBSTONE_CACHE_MS}`]);
  expect([await having("a"), await having("b")]).toEqual([0, 2]);
  const forbidden = await tombstones.of(project);
  expect(forbidden.properties.left({ collection: "visits", receivedAt: NOON - 1 }, { a: 1, b: 2 })).toEqual({ b: 2 });
  // It takes no event: one of a version that knew no properties must not find it among the others.
  expect([forbidden.size, forbidden.takes({ project, collection: "visits", receivedAt: NOON - 1 })]).toEqual([
    0,
    false,
  ]);
  await store.append([event()]);
  expect(await deletions.sweepOpen()).toEqual({ events: 1, rejected: 0, open: 1 });
  clock.advance(SETTLED_MS);
  expect(await deletions.sweepOpen()).toEqual({ events: 0, rejected: 0, open: 0 });
  expect([await tombstones.unsettled(project), await having("a")]).toEqual([[], 0]);
  const { properties } = await tombstones.of(project);
  expect(properties.newest("visits", "a")).toBeDefined();
});

test("of a property there is no time for is left to the sweep, and so is one that was killed", async () => {
  const { deletions, clock, store, project } = setUp();
  const where = { project, collection: "visits", property: "a", receivedBefore: NOON };
  await store.append([storedEvent({ project, receivedAt: NOON - 1, properties: { a: 1 } })]);
  const deadline = clock.now() + TOMBSTONE_CACHE_MS;
  expect(await deletions.deleteProperty(where, { deadline })).toEqual({ events: 0, rejected: 0, complete: false });
  expect(await deletions.sweep([project])).toEqual({ events: 1, rejected: 0, open: 1 });
});

test("only where something is open it is looked for again, until nobody can write more of it", async () => {
  const { deletions, store, event, where, clock, steps, faults } = setUp();
  await store.append([event()]);
  faults.push(() => ({ events: 0, rejected: 0, complete: false }));
  expect(await deletions.delete(where)).toMatchObject({ complete: false });
  expect(await deletions.sweepOpen()).toEqual({ events: 1, rejected: 0, open: 1 });
  clock.advance(SETTLED_MS);
  faults.push(refuse);
  await expect(deletions.sweepOpen()).rejects.toThrow("refused on purpose");
  expect(await deletions.sweepOpen()).toEqual({ events: 0, rejected: 0, open: 0 });
  const looks = steps.length;
  expect(await deletions.sweepOpen()).toEqual({ events: 0, rejected: 0, open: 0 });
  expect(steps).toHaveLength(looks);
});

test("what is deleted while a sweep looks is found by the next one", async () => {
  const { deletions, tombstones, project, clock, faults } = setUp();
  await tombstones.add({ project, visitor: "ada", receivedBefore: NOON });
  clock.advance(SETTLED_MS);
  let added: Promise<unknown> | undefined;
  faults.push(() => {
    added = tombstones.add({ project, visitor: "bob", receivedBefore: clock.now() });
    return { events: 0, rejected: 0, complete: true };
  });
  await deletions.sweepOpen();
  await added;
  expect(await tombstones.openProjects()).toEqual([project]);
});
