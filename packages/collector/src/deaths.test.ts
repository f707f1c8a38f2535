import { createSqliteRegistry } from "@millrace/access";
import type { Registry } from "@millrace/core";
import { expect, test } from "vitest";
import { createDeaths } from "./deaths.ts";

const NOON = Date.UTC(2026, 5, 1, 12);

function setUp() {
  let now = NOON;
  const clock = { now: () => now };
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  return { clock, registry, later: (ms: number) => void (now += ms) };
}
const counts = async (deaths: ReturnType<typeof createDeaths>, ...ids: string[]) => [...(await deaths.over(ids))];

test("beside others a process is dead only when its time is over and the platform has had some seconds to end it", async () => {
  const { clock, registry, later } = setUp();
  await createDeaths({ registry, clock }).begin(["m", "near"], NOON + 60_000);
  const fresh = () => createDeaths({ registry, clock });
  later(65_000);
  expect(await counts(fresh(), "m")).toEqual([]);
  later(1);
  expect(await counts(fresh(), "m", "another")).toEqual([["m", 1]]);
});

test("notes are read again after ten seconds, and no sooner", async () => {
  const { clock, registry, later } = setUp();
  const deaths = createDeaths({ registry, clock, alone: true });
  expect(await counts(deaths, "m")).toEqual([]);
  await createDeaths({ registry, clock, alone: true }).begin(["m"], NOON);
  later(9_999);
  expect(await counts(deaths, "m")).toEqual([]);
  later(1);
  expect(await counts(deaths, "m")).toEqual([["m", 1]]);
});

test("a note is kept for a day, and one that is taken back is gone", async () => {
  const { clock, registry, later } = setUp();
  const deaths = createDeaths({ registry, clock });
  await deaths.begin(["m"], NOON);
  const ended = await deaths.begin(["n"], NOON);
  await ended();
  expect(await registry.list("collecting")).toMatchObject([
    { value: { ids: ["m"], until: NOON }, expiresAt: NOON + 24 * 3_600_000 },
  ]);
  later(24 * 3_600_000);
  expect(await counts(createDeaths({ registry, clock }), "m")).toEqual([]);
});

test("a registry that is away accuses nobody, and what could not be noted is not taken back", async () => {
  const { clock } = setUp();
  const deleted: unknown[] = [];
  const away = {
    list: () => Promise.reject(new Error("away")),
    put: () => Promise.reject(new Error("away")),
    delete: async (key: unknown) => void deleted.push(key),
  } as Partial<Registry> as Registry;
  const deaths = createDeaths({ registry: away, clock });
  expect(await counts(deaths, "m")).toEqual([]);
  await (
    await deaths.begin(["m"], NOON)
  )();
  expect(deleted).toEqual([]);
});
