import { expect, test } from "vitest";
import { readShape } from "../cost/shape.ts";
import { nextStates } from "./evaluate.ts";
import { lookAt } from "./look.ts";

const away = () => Promise.reject(new Error("away"));
const parts = {
  clock: { now: () => Date.UTC(2026, 4, 2) },
  registry: { get: () => Promise.resolve(undefined), put: away },
  source: { outcomes: () => Promise.resolve([]) },
  executions: { groups: () => Promise.resolve([]), find: away, durations: away },
  ledger: { hours: away },
  catalogue: { view: away },
  standings: { list: () => Promise.resolve([]) },
  months: { used: away },
  budgetUsd: undefined,
} as unknown as Parameters<typeof lookAt>[0];
const begin = {
  projects: Promise.resolve([]),
  stats: Promise.resolve({ visible: 2, inFlight: 1, dead: 0, oldestAgeMs: 4_000 }),
  audit: () => Promise.resolve({ differences: [] }),
  shape: readShape,
  isDue: () => false,
};

test("what cannot be looked at is left out with why, and keeps no other from being looked at", async () => {
  const disk = () => Promise.resolve({ Disk: { value: 0.5 } });
  const { measured, failures } = await lookAt(parts, { ...begin, audit: away, more: [disk] });
  expect(measured).toMatchObject({
    Backlog: { value: 3 },
    Lag: { value: 4 },
    Store: { value: 0 },
    Disk: { value: 0.5 },
  });
  expect(measured).not.toHaveProperty("Ledger");
  expect(failures).toEqual([new Error("away")]);
});

test("a queue that does not answer leaves its checks out, not the others", async () => {
  const stats = away() as Promise<never>;
  const { measured, failures } = await lookAt(parts, { ...begin, stats });
  expect(Object.keys(measured)).toEqual(expect.arrayContaining(["Store", "Ledger"]));
  expect(measured).not.toHaveProperty("Backlog");
  expect(failures).toHaveLength(1);
});

test("the fullest shard is looked at where the store has some, when it is due: at 70 % a warning, beyond what it should hold critical", async () => {
  let fill: { index: string; share: number } | undefined = { index: "events-g0-202605-v0002", share: 0.7123 };
  const of = { ...parts, fullestShard: () => Promise.resolve(fill) };
  const due = { ...begin, isDue: (check: string) => check === "Shards" };
  const told = async () => {
    const { measured } = await lookAt(of, due);
    const state = nextStates([], measured, 0).find(({ check }) => check === "Shards");
    return state && [state.severity, state.detail];
  };
  expect(await told()).toEqual(["warn", "events-g0-202605-v0002: 71.2 %"]);
  fill = { ...fill, share: 0.7 };
  expect((await told())?.[0]).toBe("ok");
  fill = { ...fill, share: 1.01 };
  expect((await told())?.[0]).toBe("critical");
  expect((await lookAt(of, begin)).measured).not.toHaveProperty("Shards");
  // No index yet, or a store that is away.
  fill = undefined;
  expect(await told()).toBeUndefined();
  expect((await lookAt(parts, due)).measured).not.toHaveProperty("Shards");
});
