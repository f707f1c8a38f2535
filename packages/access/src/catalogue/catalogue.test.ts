import { COLLECTION_QUOTA, type PropertyKind, type PropertySighting } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { breakableRegistry, fakeClock, MINUTE } from "../testing.ts";
import { createCatalogue } from "./catalogue.ts";

function setUp(quota?: number, budget?: number) {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const open = () =>
    createCatalogue({
      registry,
      clock,
      ...(quota !== undefined && { quota }),
      ...(budget !== undefined && { budget }),
    });
  return { clock, registry, state, open, catalogue: open() };
}

const seen = (path: string, kind: PropertyKind = "string", collection = "c"): PropertySighting => ({
  collection,
  path,
  kind,
});

test("a new name is admitted, listed in order of first sight, and known to other processes", async () => {
  const { catalogue, open } = setUp();
  const admission = await catalogue.admit("p", [seen("price", "number"), seen("name"), seen("price")]);
  expect(admission.admits("price", "number")).toBe(true);
  expect(admission.admits("price", "string")).toBe(true);
  expect(admission.admits("price", "boolean")).toBe(false);
  const view = await open().view("p");
  expect(view.collections).toEqual([{ name: "c", properties: { price: ["number", "string"], name: ["string"] } }]);
  expect(Object.keys(view.collections[0]?.properties ?? {})).toEqual(["price", "name"]);
  expect([view.admits("price"), view.admits("other"), view.full]).toEqual([true, false, false]);
});

test("a collection without properties is listed; projects do not see each other's names", async () => {
  const { catalogue } = setUp();
  await catalogue.admit("p", [], ["pageviews", "clicks"]);
  expect((await catalogue.view("p")).collections.map((c) => c.name)).toEqual(["clicks", "pageviews"]);
  expect((await catalogue.view("q")).collections).toEqual([]);
});

test("known names cost no call to the registry; a batch of new ones costs two writes, not one per name", async () => {
  const { catalogue, state } = setUp();
  const names = Array.from({ length: 200 }, (_, i) => seen(`n${i}`));
  await catalogue.admit("p", names);
  // One for the project, one for the budget of all.
  expect(state.writes).toBe(2);
  const before = { ...state };
  for (let i = 0; i < 20; i++) await catalogue.admit("p", names, ["c"]);
  expect(state).toEqual(before);
});

describe("a hostile client with 100,000 names", () => {
  test("gets the quota, a handful of writes and a handful of items; admitted names stay", async () => {
    const { catalogue, registry, state } = setUp();
    await catalogue.admit("p", [seen("mine", "number")]);
    for (let batch = 0; batch < 100; batch++) {
      const names = Array.from({ length: 1_000 }, (_, i) => seen(`junk_${batch}_${i}`));
      await catalogue.admit("p", names, []);
    }
    expect(state.writes).toBeLessThan(10);
    expect((await registry.list("catalogue:p")).length).toBeLessThan(10);
    const view = await catalogue.view("p");
    expect(view.full).toBe(true);
    expect(Object.keys(view.collections[0]?.properties ?? {})).toHaveLength(1_000);
    expect((await catalogue.admit("p", [seen("mine", "number")])).admits("mine", "number")).toBe(true);
    expect((await catalogue.admit("p", [seen("late")])).admits("late", "string")).toBe(false);
    expect((await catalogue.admit("q", [seen("late")])).admits("late", "string")).toBe(true);
  });

  test("gets no further with long names, and no item outgrows DynamoDB's 400 KB", async () => {
    const { catalogue, registry } = setUp();
    const long = Array.from({ length: 1_000 }, (_, i) => seen(`${i}.${"x".repeat(2_000)}`));
    await catalogue.admit("p", long);
    const items = await registry.list("catalogue:p");
    const sizes = items.map((item) => JSON.stringify(item.value).length);
    expect(Math.max(...sizes)).toBeLessThan(300_000);
    expect((await catalogue.view("p")).full).toBe(true);
  });

  test("or with 100,000 collections: the list is bounded and their names are still admitted", async () => {
    const { catalogue } = setUp();
    const collections = Array.from({ length: 2_000 }, (_, i) => `c${i}`);
    await catalogue.admit("p", [], collections);
    const admission = await catalogue.admit("p", [seen("new", "string", "c1999")]);
    expect(admission.admits("new", "string")).toBe(true);
    expect((await catalogue.view("p")).collections).toHaveLength(COLLECTION_QUOTA);
  });
});

test("many collectors at once lose no name and never pass the quota", async () => {
  const { open } = setUp(50);
  const collectors = Array.from({ length: 6 }, open);
  await Promise.all(
    collectors.flatMap((catalogue, who) =>
      Array.from({ length: 10 }, (_, i) => catalogue.admit("p", [seen(`n${who}_${i}`), seen("shared", "number")])),
    ),
  );
  const view = await open().view("p");
  const names = Object.keys(view.collections[0]?.properties ?? {});
  expect(names).toHaveLength(50);
  expect(names).toContain("shared");
  expect(view.full).toBe(true);
});

test("a view is at most a minute old", async () => {
  const { catalogue, open, clock } = setUp();
  await catalogue.view("p");
  await open().admit("p", [seen("new")]);
  clock.advance(MINUTE);
  expect((await catalogue.view("p")).admits("new")).toBe(true);
});

test("names like __proto__ and constructor are names", async () => {
  const { catalogue, open } = setUp();
  await catalogue.admit("p", [seen("__proto__"), seen("constructor", "number", "__proto__x")], ["constructor"]);
  const view = await open().view("p");
  expect(view.admits("__proto__")).toBe(true);
  expect(view.admits("toString")).toBe(false);
  expect(view.collections.map((c) => c.name)).toEqual(["__proto__x", "c", "constructor"]);
  expect(Object.keys(view.collections[1]?.properties ?? {})).toEqual(["__proto__"]);
});

test("with the registry down, known names are admitted and new ones fail instead of passing unrecorded", async () => {
  const { catalogue, state } = setUp();
  await catalogue.admit("p", [seen("known")]);
  state.down = true;
  expect((await catalogue.admit("p", [seen("known")])).admits("known", "string")).toBe(true);
  await expect(catalogue.admit("p", [seen("new")])).rejects.toThrow("down");
});

test("a collection that is asked for by name is seen at once, but made-up names are looked for once a second at most", async () => {
  const { catalogue, open, clock, state } = setUp();
  const reader = open();
  await reader.view("p");
  await catalogue.admit("p", [seen("a", "string", "signups")]);
  clock.advance(1_000);
  expect((await reader.view("p", ["signups"])).collections.map((c) => c.name)).toEqual(["signups"]);
  const calls = state.reads;
  for (let i = 0; i < 100; i++) await reader.view("p", [`made-up-${i}`]);
  expect(state.reads).toBe(calls);
});

describe("the budget of all projects together", () => {
  test("is never passed, by however many projects and collectors; what was admitted stays, and further names are overflow", async () => {
    const { open } = setUp(50, 120);
    const collectors = Array.from({ length: 4 }, open);
    await Promise.all(
      collectors.flatMap((catalogue, who) =>
        Array.from({ length: 5 }, (_, p) =>
          catalogue.admit(
            `p${p}`,
            Array.from({ length: 20 }, (_unused, i) => seen(`n${p}_${who}_${i}`)),
          ),
        ),
      ),
    );
    const reader = open();
    const views = await Promise.all(Array.from({ length: 5 }, (_, p) => reader.view(`p${p}`)));
    const names = views.flatMap((view) => Object.keys(view.collections[0]?.properties ?? {}));
    expect(names).toHaveLength(120);
    expect(views.map(({ full }) => full)).toEqual([true, true, true, true, true]);
    const [first] = Object.keys(views[0]?.collections[0]?.properties ?? {});
    expect(views[0]?.admits(first ?? "")).toBe(true);
    expect((await reader.admit("p0", [seen("late")])).admits("late", "string")).toBe(false);
    expect((await reader.view("new")).full).toBe(true);
  });

  test("is shared: a name that another project has costs nothing, also when the budget is used up", async () => {
    const { catalogue } = setUp(50, 2);
    await catalogue.admit("p", [seen("plan"), seen("price", "number")]);
    const admission = await catalogue.admit("q", [seen("plan"), seen("price"), seen("price", "number")]);
    expect(admission.admits("plan", "string")).toBe(true);
    expect(admission.admits("price", "number")).toBe(true);
    expect(admission.admits("price", "string")).toBe(false);
  });
});
