import { describe, expect, test } from "vitest";
import { breakableRegistry, fakeClock } from "../testing.ts";
import { createChanges } from "./changes.ts";

const FRESH = 1_000;

function setUp() {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  /** Another process on the same registry. */
  const create = () => createChanges({ registry, clock, freshMs: FRESH });
  return { clock, registry, state, create, changes: create() };
}

describe("which projects have changed", () => {
  test("is nobody, until a change is told; then its project has the number of its newest one", async () => {
    const { changes } = setUp();
    expect(await changes.of("shop")).toBeUndefined();
    await changes.tell("shop");
    const first = (await changes.of("shop")) ?? 0;
    expect(await changes.of("blog")).toBeUndefined();
    await changes.tell("blog");
    const second = (await changes.of("blog")) ?? 0;
    expect(second).toBeGreaterThan(first);
    await changes.tell("shop");
    expect(await changes.of("shop")).toBeGreaterThan(second);
    expect((await changes.projects()).toSorted()).toEqual(["blog", "shop"]);
  });

  test("is asked once for all projects, by all who ask at the same time, and again when the answer is old", async () => {
    const { changes, state, clock } = setUp();
    await Promise.all([changes.of("a"), changes.of("b"), changes.of("c")]);
    const { reads } = state;
    clock.advance(FRESH - 1);
    await changes.of("a");
    expect(state.reads).toBe(reads);
    clock.advance(1);
    await changes.of("a");
    // Nothing has changed: the one item is all that is read.
    expect(state.reads).toBe(reads + 1);
  });

  test("another process learns what changed since it asked, and nothing else of the others looks changed", async () => {
    const { create, changes, clock, state } = setUp();
    await changes.tell("old");
    const there = create();
    const old = await there.of("old");
    await changes.tell("a");
    await changes.tell("b");
    expect(await there.of("a")).toBeUndefined();
    clock.advance(FRESH);
    const { reads } = state;
    const [a, b] = [await there.of("a"), await there.of("b")];
    expect(state.reads).toBe(reads + 1);
    expect(a).toBeGreaterThan(old ?? 0);
    expect(b).toBe((a ?? 0) + 1);
    expect(await there.of("old")).toBe(old);
  });

  test("a process that slept through more changes than are told takes every project for changed", async () => {
    const { create, changes, clock } = setUp();
    await changes.tell("old");
    const there = create();
    const old = (await there.of("old")) ?? 0;
    for (let i = 0; i < 200; i++) await changes.tell(`p${i}`);
    const awake = create();
    await awake.of("x");
    clock.advance(FRESH);
    // Two hundred are told: it has missed none of them.
    expect(await there.of("old")).toBe(old);
    for (let i = 0; i < 201; i++) await changes.tell(`q${i}`);
    clock.advance(FRESH);
    const newest = await there.of("q200");
    expect(await there.of("old")).toBe(newest);
    expect(newest).toBeGreaterThan(old);
  });

  test("after a restore, when the numbers went back, nothing that was known counts", async () => {
    const { create, changes, clock, registry } = setUp();
    for (const project of ["a", "b", "c"]) await changes.tell(project);
    const there = create();
    const known = (await there.of("a")) ?? 0;
    await registry.delete({ partition: "tombstones", sort: "changes" });
    await changes.tell("b");
    clock.advance(FRESH);
    expect(await there.of("a")).toBeLessThan(known);
    expect(await there.of("a")).toBe(await there.of("b"));
  });

  test("is not known without the registry: whoever asks is told to come again, and whatever is read with it fails alike", async () => {
    const { changes, state, clock } = setUp();
    await changes.tell("shop");
    await changes.of("shop");
    state.down = true;
    clock.advance(FRESH);
    const down = {
      code: "ServiceUnavailable",
      message: "The registry cannot be reached. The request can be retried.",
      cause: { message: "registry down on purpose" },
    };
    await expect(changes.of("shop")).rejects.toMatchObject(down);
    await expect(changes.failClosed(Promise.reject(new Error("registry down on purpose")))).rejects.toMatchObject(down);
    expect(await changes.failClosed(Promise.resolve(5))).toBe(5);
    state.down = false;
    expect(await changes.of("shop")).toBeDefined();
  });
});

test("two that tell at the same time are both heard; one that always loses gives up and says so", async () => {
  const { create, changes, registry } = setUp();
  const other = create();
  await Promise.all([changes.tell("a"), other.tell("b"), changes.tell("c")]);
  const numbers = await Promise.all(["a", "b", "c"].map((project) => create().of(project)));
  expect(numbers.every((number) => number !== undefined)).toBe(true);
  const item = await registry.get<{ projects: string[] }>({ partition: "tombstones", sort: "changes" });
  expect(item?.value.projects.toSorted()).toEqual(["a", "b", "c"]);

  let tries = 0;
  const losing = createChanges({
    registry: {
      ...registry,
      put: async (key, value, options) =>
        key.sort === "changes" ? (tries++, false) : registry.put(key, value, options),
    },
    clock: fakeClock(),
    freshMs: FRESH,
  });
  await expect(losing.tell("d")).rejects.toMatchObject({
    code: "ServiceUnavailable",
    message: "Too many deletions at once. Try again.",
  });
  expect(tries).toBe(50);
});
