import { expect, onTestFinished, test } from "vitest";
import { createAccess } from "../authenticate.ts";
import { createSqliteRegistry } from "../registry/registry-sqlite.ts";
import { systemClock, systemRandom } from "../system.ts";
import { changeSettings } from "./settings.ts";

async function projectOfMyOwn() {
  const registry = createSqliteRegistry({ path: ":memory:" });
  onTestFinished(() => registry.close());
  const { projects } = createAccess({ registry, clock: systemClock, random: systemRandom });
  const { id } = await projects.create({ name: "Shop" });
  return { projects, id };
}

test("a setting replaces what was, and leaves the others as they are", async () => {
  const { projects, id } = await projectOfMyOwn();
  await changeSettings(projects, { project: id, redirectHosts: ["Shop.Example", "b.example"] });
  await changeSettings(projects, { project: id, addresses: "whole" });
  expect(await projects.get(id)).toMatchObject({ redirectHosts: ["shop.example", "b.example"], wholeAddresses: true });
  await changeSettings(projects, { project: id, redirectHosts: [], addresses: "cut" });
  expect(await projects.get(id)).toMatchObject({ name: "Shop", redirectHosts: [], wholeAddresses: false });
});

test("a project has a share of the engine of its own, or that of all again; one that is none is refused", async () => {
  const { projects, id } = await projectOfMyOwn();
  const set = (engineSecondsPerMinute: number | null) =>
    changeSettings(projects, { project: id, engineSecondsPerMinute });
  expect((await set(30)).engineSecondsPerMinute).toBe(30);
  for (const none of [0, 0.5, 601, -1]) await expect(set(none)).rejects.toThrow("from 1 to 600");
  expect((await set(null)).engineSecondsPerMinute).toBeUndefined();
});

test("a project has a quota of events a month and what becomes of more, or none again; one that is none is refused", async () => {
  const { projects, id } = await projectOfMyOwn();
  const change = (more: Partial<Parameters<typeof changeSettings>[1]>) =>
    changeSettings(projects, { project: id, ...more });
  expect(await change({ eventsPerMonth: 5_000, beyondQuota: "record" })).toMatchObject({
    eventsPerMonth: 5_000,
    beyondQuota: "record",
  });
  expect(await change({ beyondQuota: "refuse" })).toMatchObject({ eventsPerMonth: 5_000, beyondQuota: undefined });
  await expect(change({ eventsPerMonth: 0 })).rejects.toThrow("eventsPerMonth is from 1");
  expect((await change({ eventsPerMonth: null })).eventsPerMonth).toBeUndefined();
});

test.each(["", "https://a.example", "a.example:8080", "a.example/x", "user@a.example", "a b", "*.example"])(
  "%j is no host, and nothing is changed",
  async (host) => {
    const { projects, id } = await projectOfMyOwn();
    await expect(
      changeSettings(projects, { project: id, redirectHosts: ["good.example", host] }),
    ).rejects.toMatchObject({
      code: "InvalidParameterError",
    });
    expect((await projects.get(id))?.redirectHosts).toEqual([]);
  },
);

test("an unknown project is one", async () => {
  const { projects } = await projectOfMyOwn();
  await expect(changeSettings(projects, { project: "0".repeat(24) })).rejects.toMatchObject({ status: 404 });
});
