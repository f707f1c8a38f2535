import {
  COLLECTION_QUOTA,
  monthOf,
  PROPERTY_QUOTA,
  type Catalogue,
  type PropertyKind,
  type PropertySighting,
} from "@millrace/core";
import { describe, expect, test } from "vitest";
import { createTombstones } from "../deletion/tombstones.ts";
import { breakableRegistry, countingRandom, fakeClock, MINUTE } from "../testing.ts";
import { createCatalogue } from "./catalogue.ts";

function setUp({ quota, budget }: { quota?: number; budget?: number } = {}) {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const now = () => ({ identity: monthOf(clock.now()), timestamp: monthOf(clock.now()) });
  /** A process of its own over the one registry. */
  const open = () => {
    const catalogue = createCatalogue({
      registry,
      clock,
      ...(quota !== undefined && { quota }),
      ...(budget !== undefined && { budget }),
    });
    return {
      ...catalogue,
      /** Admits what comes now, in this month. */
      see: (project: string, sightings: readonly PropertySighting[], collections?: readonly string[]) =>
        catalogue.admit(project, sightings, now(), collections),
    };
  };
  const nextMonth = (months = 1) => {
    const date = new Date(clock.now());
    clock.set(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 3, 12));
  };
  return { clock, registry, state, open, nextMonth, catalogue: open() };
}

const seen = (path: string, kind: PropertyKind = "string", collection = "c"): PropertySighting => ({
  collection,
  path,
  kind,
});
const many = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => seen(`${prefix}${i}`));
const namesIn = async (catalogue: Pick<Catalogue, "view">, project: string) =>
  (await catalogue.view(project)).collections.flatMap(({ properties }) => Object.keys(properties));

test("a new name is admitted, listed in order of first sight, and known to other processes", async () => {
  const { catalogue, open } = setUp();
  const admission = await catalogue.see("p", [seen("price", "number"), seen("name"), seen("price")]);
  expect(admission.admits("price", "number")).toBe(true);
  expect(admission.admits("price", "string")).toBe(true);
  expect(admission.admits("price", "boolean")).toBe(false);
  const view = await open().view("p");
  expect(view.collections).toEqual([{ name: "c", properties: { price: ["number", "string"], name: ["string"] } }]);
  expect(Object.keys(view.collections[0]?.properties ?? {})).toEqual(["price", "name"]);
  expect([view.admits("price"), view.admits("other")]).toEqual([true, false]);
  expect(view.quota).toEqual({ used: 3, most: PROPERTY_QUOTA, full: false, refusedIn: [] });
});

test("a collection without properties is listed; projects do not see each other's names", async () => {
  const { catalogue } = setUp();
  await catalogue.see("p", [], ["pageviews", "clicks"]);
  expect((await catalogue.view("p")).collections.map((c) => c.name)).toEqual(["clicks", "pageviews"]);
  expect((await catalogue.view("q")).collections).toEqual([]);
});

test("a name costs one write in a month and nothing afterwards; a batch of names costs no more than one", async () => {
  const { catalogue, state, nextMonth } = setUp();
  await catalogue.see("first", [seen("n")]);
  const names = many(200, "n");
  for (let month = 0; month < 3; month++) {
    const { writes } = state;
    await catalogue.see("p", names);
    // One for the project, one for the budget of all.
    expect(state.writes - writes).toBe(2);
    const before = { ...state };
    for (let i = 0; i < 20; i++) await catalogue.see("p", names, ["c"]);
    expect(state).toEqual(before);
    nextMonth();
  }
});

test("when a month begins, the projects of one batch share one write to the budget", async () => {
  const { catalogue, state, nextMonth } = setUp();
  const batch = async () =>
    Promise.all(Array.from({ length: 40 }, (_, p) => catalogue.see(`p${p}`, many(5, `n${p}_`))));
  await batch();
  nextMonth();
  const { writes } = state;
  await batch();
  // One for each project, and for the budget one that did not wait for the others and one for them.
  expect(state.writes - writes).toBeLessThanOrEqual(40 + 2);
});

describe("a deleted property", () => {
  const forget = async ({ registry, clock }: ReturnType<typeof setUp>, property: string, collection = "c") => {
    const tombstones = createTombstones({ registry, clock, random: countingRandom() });
    await tombstones.addProperty({ project: "p", collection, property, receivedBefore: clock.now() });
    return (await tombstones.of("p")).properties.newest(collection, property);
  };

  test("is no longer listed with its collection, whichever month brought it, nor is what lies below it", async () => {
    const t = setUp();
    await t.catalogue.see("p", [seen("a.x"), seen("ab"), seen("a.x", "string", "d")]);
    t.nextMonth();
    await t.catalogue.see("p", [seen("a.x"), seen("a.y", "number"), seen("b")]);
    await forget(t, "a");
    const [kept, other] = (await t.open().view("p")).collections;
    expect(kept).toEqual({ name: "c", properties: { ab: ["string"], b: ["string"] } });
    expect(other).toEqual({ name: "d", properties: { "a.x": ["string"] } });
  });

  test("is seen no more by who asks again at once, and within a minute by everybody", async () => {
    const t = setUp();
    const other = t.open();
    await t.catalogue.see("p", [seen("a"), seen("b")]);
    expect([await namesIn(t.catalogue, "p"), await namesIn(other, "p")]).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
    await forget(t, "a");
    t.catalogue.renew("p");
    expect([await namesIn(t.catalogue, "p"), await namesIn(other, "p")]).toEqual([["b"], ["a", "b"]]);
    t.clock.advance(60_000);
    expect(await namesIn(other, "p")).toEqual(["b"]);
  });

  test("that is used again is listed again, for one write, and takes no more of the quota", async () => {
    const t = setUp();
    const collector = t.open();
    await collector.see("p", [seen("a"), seen("a", "number"), seen("b")]);
    const after = await forget(t, "a");
    const again = { ...seen("a", "number"), after };
    const { used } = (await t.open().view("p")).quota;
    const { writes } = t.state;
    expect((await collector.see("p", [again])).admits("a", "number")).toBe(true);
    await collector.see("p", [again, seen("b")]);
    expect(t.state.writes - writes).toBe(1);
    const view = await t.open().view("p");
    expect(view.collections[0]?.properties).toEqual({ a: ["number"], b: ["string"] });
    expect(view.quota.used).toBe(used);
    // And deleted once more: what was seen after the first deletion is from before the second.
    t.clock.advance(1_000);
    const second = await forget(t, "a");
    await collector.see("p", [again]);
    expect(await namesIn(t.open(), "p")).toEqual(["b"]);
    await collector.see("p", [{ ...again, after: second }]);
    expect(await namesIn(t.open(), "p")).toEqual(["a", "b"]);
  });
});

describe("a hostile client with 100,000 names", () => {
  test("gets the quota, a handful of writes and a handful of items; the names in use stay", async () => {
    const { catalogue, registry, state } = setUp();
    await catalogue.see("p", [seen("mine", "number")]);
    for (let batch = 0; batch < 100; batch++) await catalogue.see("p", many(1_000, `junk_${batch}_`), []);
    expect(state.writes).toBeLessThan(10);
    expect((await registry.list("catalogue:p")).length).toBeLessThan(10);
    expect((await catalogue.view("p")).quota).toEqual({
      used: PROPERTY_QUOTA,
      most: PROPERTY_QUOTA,
      full: true,
      refusedIn: ["202611"],
    });
    expect(await namesIn(catalogue, "p")).toHaveLength(PROPERTY_QUOTA);
    expect((await catalogue.see("p", [seen("mine", "number")])).admits("mine", "number")).toBe(true);
    expect((await catalogue.see("p", [seen("late")])).admits("late", "string")).toBe(false);
    expect((await catalogue.see("q", [seen("late")])).admits("late", "string")).toBe(true);
  });

  test("who sends all names once more with every other type gets no further, nor many writes", async () => {
    const { catalogue, state, registry } = setUp({ quota: 1_000 });
    await catalogue.see("p", many(1_000, "n"));
    const { writes } = state;
    for (let i = 0; i < 1_000; i += 100) {
      for (const kind of ["number", "boolean", "json"] as const) {
        const names = Array.from({ length: 100 }, (_, n) => seen(`n${i + n}`, kind));
        await catalogue.see("p", names);
        await catalogue.see("p", names);
      }
    }
    // One for each batch that brings known names with a new type.
    expect(state.writes - writes).toBeLessThan(15);
    const bytes = (await registry.list("catalogue:p")).map((item) => JSON.stringify(item.value).length);
    expect(Math.max(...bytes)).toBeLessThan(300_000);
  });

  test("gets no further with long names, and no item outgrows DynamoDB's 400 KB", async () => {
    const { catalogue, registry } = setUp();
    const long = Array.from({ length: 1_000 }, (_, i) => seen(`${i}.${"ä".repeat(2_000)}`));
    await catalogue.see("p", long);
    await catalogue.see(
      "p",
      long.map(({ path }) => seen(path, "number")),
    );
    const items = await registry.list("catalogue:p");
    const sizes = items.map((item) => Buffer.byteLength(JSON.stringify(item.value)));
    expect(Math.max(...sizes)).toBeLessThan(300_000);
    expect((await catalogue.view("p")).quota.used).toBeLessThan(200);
  });

  test("or with 100,000 collections: the list is bounded and their names are still admitted", async () => {
    const { catalogue } = setUp();
    const collections = Array.from({ length: 2_000 }, (_, i) => `c${i}`);
    await catalogue.see("p", [], collections);
    const admission = await catalogue.see("p", [seen("new", "string", "c1999")]);
    expect(admission.admits("new", "string")).toBe(true);
    expect((await catalogue.view("p")).collections).toHaveLength(COLLECTION_QUOTA);
  });

  test("or with events of every month there ever was: few writes, and the budget of what has no month is bounded too", async () => {
    const { catalogue, state } = setUp({ budget: 60 });
    await catalogue.see("p", [seen("mine")]);
    const { writes } = state;
    const now = monthOf(Date.UTC(2026, 10));
    for (let months = 13; months < 600; months++) {
      const when = { identity: now - months, timestamp: now - months };
      await catalogue.admit("p", many(20, `junk_${months}_`), when);
    }
    expect(state.writes - writes).toBeLessThan(15);
    const view = await catalogue.view("p");
    expect(view.quota).toMatchObject({ used: 1, full: false, refusedIn: ["before 202511"] });
    expect(view.untyped("mine")).toEqual([{ start: Number.NEGATIVE_INFINITY, end: Date.UTC(2025, 10) }]);
  });
});

test("many collectors at once lose no name and never pass the quota", async () => {
  const { open } = setUp({ quota: 50 });
  const collectors = Array.from({ length: 6 }, open);
  await Promise.all(
    collectors.flatMap((catalogue, who) =>
      Array.from({ length: 10 }, (_, i) => catalogue.see("p", [seen(`n${who}_${i}`), seen("shared", "number")])),
    ),
  );
  const names = await namesIn(open(), "p");
  expect(names).toHaveLength(50);
  expect(names).toContain("shared");
  expect((await open().view("p")).quota).toMatchObject({ used: 50, full: true });
});

test("a view is at most a minute old", async () => {
  const { catalogue, open, clock } = setUp();
  await catalogue.view("p");
  await open().see("p", [seen("new")]);
  clock.advance(MINUTE);
  expect((await catalogue.view("p")).admits("new")).toBe(true);
});

test("a view of a project that is nearly full is at most a second old, so that no refusal is overlooked for a minute", async () => {
  const { catalogue, open, clock } = setUp({ quota: 10 });
  await catalogue.see("p", many(10, "n"));
  const reader = open();
  expect((await reader.view("p")).untyped("late")).toEqual([]);
  await catalogue.see("p", [seen("late")]);
  clock.advance(1_000);
  expect((await reader.view("p")).untyped("late")).toHaveLength(1);
});

test("names like __proto__ and constructor are names", async () => {
  const { catalogue, open } = setUp();
  await catalogue.see("p", [seen("__proto__"), seen("constructor", "number", "__proto__x")], ["constructor"]);
  const view = await open().view("p");
  expect(view.admits("__proto__")).toBe(true);
  expect(view.admits("toString")).toBe(false);
  expect(view.collections.map((c) => c.name)).toEqual(["__proto__x", "c", "constructor"]);
  expect(Object.keys(view.collections[1]?.properties ?? {})).toEqual(["__proto__"]);
});

test("with the registry down, known names are admitted and new ones fail instead of passing unrecorded", async () => {
  const { catalogue, state } = setUp();
  await catalogue.see("p", [seen("known")]);
  state.down = true;
  expect((await catalogue.see("p", [seen("known")])).admits("known", "string")).toBe(true);
  await expect(catalogue.see("p", [seen("new")])).rejects.toThrow("down");
});

test("no name is turned down while that cannot be put on record", async () => {
  const { catalogue, state } = setUp({ quota: 1 });
  await catalogue.see("p", [seen("a")]);
  state.down = true;
  await expect(catalogue.see("p", [seen("b")])).rejects.toThrow("down");
});

test("a collection that is asked for by name is seen at once, but made-up names are looked for once a second at most", async () => {
  const { catalogue, open, clock, state } = setUp();
  const reader = open();
  await reader.view("p");
  await catalogue.see("p", [seen("a", "string", "signups")]);
  clock.advance(1_000);
  expect((await reader.view("p", ["signups"])).collections.map((c) => c.name)).toEqual(["signups"]);
  const calls = state.reads;
  for (let i = 0; i < 100; i++) await reader.view("p", [`made-up-${i}`]);
  expect(state.reads).toBe(calls);
});

describe("names nobody sends any more", () => {
  test("keep their room for a month and then give it back; they stay listed, and typed for the time they were used", async () => {
    const { catalogue, nextMonth } = setUp({ quota: 10 });
    await catalogue.see("p", many(10, "old"));
    nextMonth();
    expect((await catalogue.see("p", [seen("new")])).admits("new", "string")).toBe(false);
    expect((await catalogue.see("p", [seen("old3")])).admits("old3", "string")).toBe(true);
    nextMonth();
    expect((await catalogue.see("p", [seen("new")])).admits("new", "string")).toBe(true);
    const view = await catalogue.view("p");
    expect(view.quota).toEqual({ used: 2, most: 10, full: false, refusedIn: ["202612"] });
    expect([view.admits("old7"), view.untyped("old3")]).toEqual([true, []]);
    expect(await namesIn(catalogue, "p")).toHaveLength(11);
  });

  test("come back like new ones; what was used last month is let in first, whatever else is sent first", async () => {
    const { catalogue, nextMonth } = setUp({ quota: 10 });
    await catalogue.see("p", many(10, "mine"));
    for (let month = 0; month < 5; month++) {
      nextMonth();
      await catalogue.see("p", many(500, `junk${month}_`));
      const admission = await catalogue.see("p", many(10, "mine"));
      expect(many(10, "mine").every(({ path, kind }) => admission.admits(path, kind))).toBe(true);
    }
    const view = await catalogue.view("p");
    for (const { path } of many(10, "mine")) expect(view.untyped(path)).toEqual([]);
  });
});

describe("a name that was turned down and is admitted later", () => {
  const november = { start: Date.UTC(2026, 10), end: Date.UTC(2026, 11) };

  test("is not complete in the month it was turned down in, and in no other", async () => {
    const { catalogue, open, nextMonth } = setUp({ quota: 2 });
    await catalogue.see("p", [seen("a"), seen("b")]);
    await catalogue.see("p", [seen("late")]);
    expect((await open().view("p")).admits("late")).toBe(false);
    nextMonth(2);
    await catalogue.see("p", [seen("late"), seen("a")]);
    const view = await open().view("p");
    expect([view.admits("late"), view.untyped("late")]).toEqual([true, [november]]);
    // Nobody knows whether this one was sent in November.
    expect(view.untyped("never seen")).toEqual([november]);
    expect([view.untyped("a"), view.untyped("b")]).toEqual([[], []]);
  });

  test("so is a known name with another type, and only that one", async () => {
    const { catalogue } = setUp({ quota: 2 });
    await catalogue.see("p", [seen("a"), seen("b")]);
    await catalogue.see("p", [seen("a", "number")]);
    const view = await catalogue.view("p");
    expect(view.untyped("a")).toEqual([november]);
    expect(view.untyped("b")).toEqual([]);
  });

  test("counts for the month of the timestamp, not of the identity; neighbouring months are one time", async () => {
    const { catalogue, clock } = setUp({ quota: 1 });
    const identity = monthOf(clock.now());
    await catalogue.see("p", [seen("a")]);
    for (const timestamp of [identity - 1, identity]) await catalogue.admit("p", [seen("x")], { identity, timestamp });
    expect((await catalogue.view("p")).untyped("x")).toEqual([{ start: Date.UTC(2026, 9), end: november.end }]);
  });
});

test("a clock that is ahead does not make a process forget what comes until the month ends", async () => {
  for (const room of [{ quota: 10 }, { budget: 10 }]) {
    const { catalogue, open, clock, nextMonth } = setUp(room);
    await catalogue.see("p", many(2, "early"));
    const next = monthOf(clock.now()) + 1;
    await catalogue.admit("p", [seen("early0")], { identity: next, timestamp: next });
    await catalogue.see("p", many(8, "late"));
    nextMonth();
    const other = open();
    await other.see("p", many(20, "junk"));
    const admission = await catalogue.see("p", [...many(20, "junk"), ...many(8, "late")]);
    expect(many(8, "late").every(({ path, kind }) => admission.admits(path, kind))).toBe(true);
  }
});

describe("late events", () => {
  test("use the room of their own month, where their names are known", async () => {
    const { catalogue, clock, nextMonth } = setUp({ quota: 10 });
    const november = monthOf(clock.now());
    await catalogue.see("p", many(10, "old"));
    nextMonth(6);
    await catalogue.see("p", many(10, "new"));
    const late = { identity: november, timestamp: monthOf(clock.now()) };
    const admission = await catalogue.admit("p", many(10, "old"), late);
    expect(many(10, "old").every(({ path, kind }) => admission.admits(path, kind))).toBe(true);
    expect((await catalogue.view("p")).quota).toMatchObject({ used: 10, refusedIn: [] });
  });

  test("from before the installation do not each get a month, since they share one index", async () => {
    const { catalogue, registry, clock } = setUp();
    const november = monthOf(clock.now());
    for (let back = 0; back < 12; back++) {
      const when = { identity: november - back, timestamp: november - back };
      await catalogue.admit("p", many(2, `n${back}_`), when);
    }
    const sorts = (await registry.list("catalogue", "")).map(({ key }) => key.sort);
    expect(sorts).toEqual(["202611.000000", "apart.000000", "since"]);
  });
});

describe("the budget of all projects together", () => {
  test("is never passed, by however many projects and collectors, and further names are turned down", async () => {
    const { open, registry } = setUp({ quota: 50, budget: 120 });
    const collectors = Array.from({ length: 4 }, open);
    await Promise.all(
      collectors.flatMap((catalogue, who) =>
        Array.from({ length: 5 }, (_, p) => catalogue.see(`p${p}`, many(20, `n${p}_${who}_`))),
      ),
    );
    const pages = await registry.list<{ entries: unknown[] }>("catalogue", "202611.");
    expect(pages.flatMap(({ value }) => value.entries).length).toBeLessThanOrEqual(120);
    const reader = open();
    const names = await Promise.all(Array.from({ length: 5 }, (_, p) => namesIn(reader, `p${p}`)));
    expect(names.flat().length).toBeGreaterThanOrEqual(90);
    expect((await reader.see("p0", many(30, "late"))).admits("late29", "string")).toBe(false);
    expect((await reader.view("p0")).quota.full).toBe(true);
  });

  test("is shared: a name that another project has costs nothing, also when the budget is used up", async () => {
    const { catalogue } = setUp({ quota: 50, budget: 2 });
    await catalogue.see("p", [seen("plan"), seen("price", "number")]);
    const admission = await catalogue.see("q", [seen("plan"), seen("price"), seen("price", "number")]);
    expect(admission.admits("plan", "string")).toBe(true);
    expect(admission.admits("price", "number")).toBe(true);
    expect(admission.admits("price", "string")).toBe(false);
  });

  test("keeps a part for the first names of projects when a few have taken the rest", async () => {
    const { catalogue } = setUp({ quota: 1_000, budget: 2_000 });
    for (let key = 0; key < 10; key++) await catalogue.see(`hostile${key}`, many(1_000, `junk${key}_`));
    for (let p = 0; p < 10; p++) {
      const admission = await catalogue.see(`honest${p}`, many(40, `own${p}_`));
      const admitted = many(40, `own${p}_`).filter(({ path, kind }) => admission.admits(path, kind));
      expect(admitted).toHaveLength(25);
    }
  });

  test("filled by ten hostile keys, has room again two months after they stop, and names in use never notice", async () => {
    const { open, nextMonth, registry } = setUp({ quota: 100, budget: 400 });
    const [attacked, other] = [open(), open()];
    await other.see("honest", many(30, "mine"));
    const sent: number[] = [];
    for (let month = 0; month < 6; month++) {
      const attacking = month < 3;
      if (attacking) {
        for (let key = 0; key < 10; key++) await attacked.see(`hostile${key}`, many(100, `junk${month}_${key}_`));
      }
      const admission = await other.see("honest", [...many(30, "mine"), ...many(20, `new${month}_`)]);
      expect(many(30, "mine").every(({ path, kind }) => admission.admits(path, kind))).toBe(true);
      sent.push(many(20, `new${month}_`).filter(({ path, kind }) => admission.admits(path, kind)).length);
      nextMonth();
    }
    expect(sent.slice(0, 3).every((count) => count < 20)).toBe(true);
    expect(sent.slice(4)).toEqual([20, 20]);
    for (const month of ["202611", "202612", "202701", "202702", "202703"]) {
      const pages = await registry.list<{ entries: unknown[] }>("catalogue", `${month}.`);
      expect(pages.flatMap(({ value }) => value.entries).length).toBeLessThanOrEqual(400);
    }
  });
});
