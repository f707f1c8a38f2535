import { createSqliteRegistry } from "@millrace/access";
import { fakeClock } from "@millrace/access/testing";
import { expect, test } from "vitest";
import { createRounds, type Finding } from "../src/health/rounds.ts";

const COUNT = 40;
const LOOK_MS = 20_000;

/** Forty projects, of which each takes so long to look at that a look comes to some sixteen. */
function opened() {
  const clock = fakeClock();
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const projects = Array.from({ length: COUNT }, (_, i) => ({ id: `p${String(i).padStart(2, "0")}` }));
  const values = new Map<string, number>();
  const state = { slowMs: LOOK_MS / 16, looks: [] as string[] };
  const look = async ({ id }: { id: string }): Promise<Finding | undefined> => {
    state.looks.push(id);
    clock.advance(state.slowMs);
    const value = values.get(id);
    if (value === -1) throw new Error(`${id} cannot be read`);
    return value === undefined ? undefined : { id, value, detail: `${id} has ${value}` };
  };
  /** What one run finds, as another process may do it. */
  const run = async (of = projects) => {
    state.looks = [];
    return (await createRounds({ registry, clock, lookMs: LOOK_MS }).go("Names", of, look)).map(({ detail }) => detail);
  };
  return { registry, projects, values, state, run };
}

test("a look ends in time, the next one goes on behind it, and none is left out", async () => {
  const { state, run } = opened();
  const seen: string[] = [];
  for (let i = 0; i < 3; i++) {
    await run();
    expect(state.looks.length).toBeLessThan(COUNT / 2);
    seen.push(...state.looks);
  }
  expect(new Set(seen).size).toBe(COUNT);
  expect(seen.slice(0, COUNT)).toEqual(seen.slice(0, COUNT).toSorted());
});

test("what was found at a project is told until it is looked at again, the worst first", async () => {
  const { values, run } = opened();
  values.set("p03", 1).set("p38", 5);
  expect(await run()).toEqual(["p03 has 1"]);
  await run();
  expect(await run()).toEqual(["p38 has 5", "p03 has 1"]);
  values.delete("p03");
  await run();
  await run();
  expect(await run()).toEqual(["p38 has 5"]);
});

test("of a project that is gone nothing is told any more", async () => {
  const { values, projects, run } = opened();
  values.set("p03", 1);
  await run();
  expect(await run(projects.filter(({ id }) => id !== "p03"))).toEqual([]);
});

test("a look that comes to all remembers nothing, also after one that did not", async () => {
  const { registry, values, state, run } = opened();
  const kept = async () => (await registry.list("health")).map(({ value }) => value);
  values.set("p03", 1);
  const slow = state.slowMs;
  state.slowMs = 1;
  expect(await run()).toEqual(["p03 has 1"]);
  expect(await kept()).toEqual([]);
  state.slowMs = slow;
  await run();
  state.slowMs = 1;
  values.delete("p03");
  expect(await run()).toEqual([]);
  expect(await kept()).toEqual([{ next: "", found: [] }]);
});

test("a project that cannot be looked at is an error, and the round begins there again", async () => {
  const { values, state, run } = opened();
  values.set("p02", -1);
  await expect(run()).rejects.toThrow("p02 cannot be read");
  values.delete("p02");
  await run();
  expect(state.looks).toContain("p02");
});
