import { BOT_REASONS } from "@millrace/core";
import { expect, onTestFinished, test } from "vitest";
import { createAccess } from "../authenticate.ts";
import { createSqliteRegistry } from "../registry/registry-sqlite.ts";
import { systemClock, systemRandom } from "../system.ts";
import { changeSettings, isAllowedOrigin, type ProjectSettings } from "./settings.ts";

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

test("what a project may say of itself is kept as it is written everywhere", async () => {
  const { projects, id } = await projectOfMyOwn();
  const rules = [{ "$browser.name": "Bot", plan: 5, "user.id": true }];
  await changeSettings(projects, {
    project: id,
    name: " Market ",
    timezone: "europe/berlin",
    origins: ["https://Shop.example", "http://localhost:8080/"],
    requestsPerSecond: 0.1,
    bots: { ignore: ["webdriver"], also: rules },
  });
  expect(await projects.get(id)).toMatchObject({
    name: "Market",
    timezone: "Europe/Berlin",
    origins: ["https://shop.example", "http://localhost:8080"],
    requestsPerSecond: 0.1,
    bots: { ignore: ["webdriver"], also: rules },
  });
  await changeSettings(projects, {
    project: id,
    bots: {},
    origins: [],
    requestsPerSecond: 100_000,
    engineSecondsPerMinute: 600,
  });
  expect(await projects.get(id)).toMatchObject({
    name: "Market",
    origins: [],
    bots: { ignore: [], also: [] },
    requestsPerSecond: 100_000,
    engineSecondsPerMinute: 600,
  });
});

const many = <T>(count: number, of: T): T[] => Array.from({ length: count }, () => of);
const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, i]));

test.each<[setting: Omit<ProjectSettings, "project">, said: string]>([
  [{ requestsPerSecond: 0.05 }, "requestsPerSecond is from 0.1 to 100000. To record nothing, archive the project."],
  [{ requestsPerSecond: 100_001 }, "requestsPerSecond is from 0.1 to 100000. To record nothing, archive the project."],
  [
    { engineSecondsPerMinute: 601 },
    "engineSecondsPerMinute is from 1 to 600. It is the time that questions take of a minute, several at once.",
  ],
  [{ eventsPerMonth: 1e12 + 1 }, "eventsPerMonth is from 1 to 1000000000000. To record nothing, archive the project."],
  [{ redirectHosts: many(101, "a.example") }, "redirectHosts: 101 hosts; 100 are possible."],
  [
    { redirectHosts: [`${"a".repeat(70)}!`] },
    `redirectHosts: "${"a".repeat(60)}" is not the name of a host, such as shop.example.com.`,
  ],
  [{ redirectHosts: ["1.2"] }, 'redirectHosts: "1.2" is not the name of a host, such as shop.example.com.'],
  [{ redirectHosts: ["1.2.3.999"] }, 'redirectHosts: "1.2.3.999" is not the name of a host, such as shop.example.com.'],
  [{ origins: many(101, "https://a.example") }, "origins: 101 origins; 100 are possible."],
  ...[
    "shop.example",
    "ftp://shop.example",
    "https://shop.example/x",
    "https://shop.example:443",
    "https://a@shop.example",
  ].map((origin): [Omit<ProjectSettings, "project">, string] => [
    { origins: [origin] },
    `origins: "${origin}" is not an origin, such as https://shop.example.com.`,
  ]),
  [{ origins: ["x".repeat(70)] }, `origins: "${"x".repeat(60)}" is not an origin, such as https://shop.example.com.`],
  [{ bots: { ignore: ["mood"] } }, 'bots: "mood" is no reason; there are REASONS.'],
  [{ bots: { also: many(21, { a: 1 }) } }, "bots: 21 rules; 20 are possible."],
  [{ bots: { also: [{}] } }, "bots: a rule has 1 to 5 fields."],
  [{ bots: { also: [fields(6)] } }, "bots: a rule has 1 to 5 fields."],
  [{ bots: { also: [{ "keen.timestamp": 1 }] } }, 'bots: "keen.timestamp" is no field that a rule can be about.'],
  [{ bots: { also: [{ $nothing: 1 }] } }, 'bots: "$nothing" is no field that a rule can be about.'],
  ...[{ "": 1 }, { ["x".repeat(501)]: 1 }, { a: "x".repeat(501) }].map(
    (rule): [Omit<ProjectSettings, "project">, string] => [
      { bots: { also: [rule] } },
      "bots: a field or its value is empty or longer than 500 characters.",
    ],
  ),
])("a setting that cannot be is refused by name, and nothing is changed: %j", async (setting, said) => {
  const { projects, id } = await projectOfMyOwn();
  const before = await projects.get(id);
  await expect(changeSettings(projects, { project: id, ...setting })).rejects.toMatchObject({
    code: "InvalidParameterError",
    message: said.replace("REASONS", BOT_REASONS.join(", ")),
  });
  expect(await projects.get(id)).toEqual(before);
});

test("as much as is possible is", async () => {
  const { projects, id } = await projectOfMyOwn();
  const change = await changeSettings(projects, {
    project: id,
    redirectHosts: many(100, "a.example"),
    origins: many(100, "https://a.example"),
    bots: { also: [...many(19, { a: 1 }), { ...fields(4), ["x".repeat(500)]: "y".repeat(500) }] },
  });
  expect([change.redirectHosts?.length, change.origins?.length, change.bots?.also.length]).toEqual([100, 100, 20]);
});

test.each([
  [undefined, "https://a.example", true],
  [[], "https://a.example", true],
  [["https://a.example"], "https://a.example", true],
  [["https://b.example", "https://a.example"], "https://a.example", true],
  [["https://b.example"], "https://a.example", false],
  [["https://b.example"], undefined, true],
])("a project with the origins %j takes what a page of %s sends: %s", (origins, origin, isAllowed) => {
  expect(isAllowedOrigin(origins ? { origins } : {}, origin)).toBe(isAllowed);
});
