import { createPartitions, mintId, tableOfStore, type PartitionTable, type StoredEvent } from "@millrace/core";
import { metricPlan, newProject, storedEvent } from "@millrace/core/contract";
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { EVENT_MAPPING, EXCEPTION_MAPPING } from "../src/schema.ts";
import { openSearchUrl, openStage, type testStore } from "./support.ts";

// How indexes are cut and shared, and how a store of an older release gets there.
const MARCH = Date.UTC(2026, 2, 10, 12);
function setUp() {
  const { open, prefix, clock, registry, moveTo } = openStage(MARCH);
  return { open, prefix, moveTo, table: createPartitions(registry, tableOfStore(prefix), clock) };
}

const at = (project: string, time: number, rest: Partial<StoredEvent> = {}): StoredEvent =>
  storedEvent({ project, timestamp: time, id: mintId(time, randomBytes(10)), ...rest });

async function send(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${openSearchUrl()}${path}`, {
    method,
    ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.json();
}

async function indexes(prefix: string): Promise<Record<string, number>> {
  const listed = await send("GET", `/_cat/indices/${prefix}-events*?h=index,pri&format=json`);
  const rows = listed as { index: string; pri: string }[];
  return Object.fromEntries(rows.map(({ index, pri }) => [index.slice(prefix.length + 8, -6), Number(pri)]));
}

async function count(store: ReturnType<typeof testStore>, project: string): Promise<unknown> {
  await store.refresh();
  return (await store.metric(metricPlan(project))).rows[0]?.values[0];
}
const kinds = (outcomes: readonly { kind: string }[]) => outcomes.map(({ kind }) => kind);

/** The store as the last release made it: months without groups, without one of today's standard fields. */
async function oldStore(prefix: string): Promise<void> {
  const { widget: _, ...properties } = EVENT_MAPPING.properties as Record<string, object>;
  const mappings = {
    ...EVENT_MAPPING,
    properties: { ...properties, received_at: { type: "date", format: "epoch_millis", index: false } },
  };
  for (const key of ["202603", "202604", "202605", "other"]) {
    const alias = `${prefix}-events-${key}`;
    const aliases = { [alias]: { is_write_index: true }, [`${prefix}-events`]: {} };
    const settings = { "index.refresh_interval": "-1" };
    await send("PUT", `/${alias}-v0001`, { mappings, settings, aliases });
  }
  const exceptions = `${prefix}-exceptions`;
  await send("PUT", `/${exceptions}-v0001`, { mappings: EXCEPTION_MAPPING, aliases: { [exceptions]: {} } });
}
const OLD_TABLE: PartitionTable = {
  months: ["202603", "202604", "202605"].map((month) => ({ month, version: 1, dropped: false })),
};

test("a stage of the last release: what has begun stays where it is and gets the new field, what is to come is grouped", async () => {
  const { open, prefix, table } = setUp();
  await oldStore(prefix);
  await table.update(() => OLD_TABLE);
  const project = newProject();
  const [march, ancient] = [at(project, MARCH), at(project, Date.UTC(2019, 0))];
  const fresh = at(project, MARCH, { context: { widget: "w" } });
  // A collector of the new release, before its upkeep has run: nothing is rejected.
  const before = open();
  expect(await before.append([march, ancient, fresh])).toMatchObject([
    { kind: "stored" },
    { kind: "stored" },
    { kind: "retry", because: "blocked" },
  ]);
  expect(await count(before, project)).toBe(2);
  const store = open({ groups: 4 });
  await store.prepare();
  expect(
    Object.keys(await indexes(prefix))
      .filter((key) => !key.startsWith("g"))
      .sort(),
  ).toEqual(["202603", "other"]);
  const april = at(project, Date.UTC(2026, 3, 2));
  expect(kinds(await store.append([march, ancient, fresh, april]))).toEqual([
    "own-retry",
    "own-retry",
    "stored",
    "stored",
  ]);
  expect(await count(store, project)).toBe(4);
  // Groups are looked in by their aliases, the old partitions are among them.
  expect(await count(open(), project)).toBe(4);
  expect((await store.health()).problems).toEqual([]);
});

test("an empty month to come is made anew with other settings; one that holds something, or has begun, is not", async () => {
  const { open, prefix, moveTo } = setUp();
  await open().prepare();
  const project = newProject();
  const may = at(project, Date.UTC(2026, 4, 2));
  await open().append([may]);
  const store = open({ shards: 3, groups: 2 });
  await store.prepare();
  expect(await indexes(prefix)).toEqual({
    "g0-202603": 1,
    "g0-202604": 3,
    "g1-202604": 3,
    "g0-202605": 1,
    "g0-other": 1,
  });
  expect(kinds(await store.append([may]))).toEqual(["own-retry"]);
  // Half a day before April it is too late: somebody may know April as it is.
  moveTo(Date.UTC(2026, 2, 31, 12));
  await open({ shards: 1, groups: 2 }).prepare();
  expect((await indexes(prefix))["g0-202604"]).toBe(3);
});

test.each([
  [5, "202604"],
  [15, "20260401 20260408 20260415 20260422"],
])(
  "%d events in ten days, with shards for 40: the next month is cut into %s",
  async (events, periods) => {
    const { open, prefix, moveTo } = setUp();
    const store = open({ shardEvents: 40 });
    await store.prepare();
    const project = newProject();
    await store.append(Array.from({ length: events }, () => at(project, MARCH)));
    await store.refresh();
    await store.prepare();
    const april = Object.keys(await indexes(prefix)).filter((key) => key.includes("202604"));
    expect(april.sort().join(" ").replaceAll("g0-", "")).toBe(periods);
    moveTo(Date.UTC(2026, 3, 9));
    const late = Array.from({ length: 8 }, (_, day) => at(project, Date.UTC(2026, 3, 1 + day)));
    expect(new Set(kinds(await open().append(late)))).toEqual(new Set(["stored"]));
    expect(new Set(kinds(await open({ shards: 2 }).append(late)))).toEqual(new Set(["own-retry"]));
    expect(await count(store, project)).toBe(events + 8);
  },
  180_000,
);

test("a project that is given a group of its own has it from the next month on, and its events are found in both", async () => {
  const { open, prefix } = setUp();
  const store = open();
  await store.prepare();
  const project = "5f0c1d2e3a4b5c6d7e8f9a0b";
  await store.giveOwnGroup(project);
  await store.prepare();
  await expect(store.giveOwnGroup("../x")).rejects.toThrow("is not the id of a project");
  const events = [at(project, MARCH), at(project, Date.UTC(2026, 3, 2)), at(newProject(), Date.UTC(2026, 3, 2))];
  expect(kinds(await store.append(events))).toEqual(["stored", "stored", "stored"]);
  expect(await count(store, project)).toBe(2);
  const own = `/${prefix}-events-own-${project}-202604/_count`;
  expect(await send("GET", own)).toMatchObject({ count: 1 });
});

test("names that fill more than half of a month's mapping give the next one more groups", async () => {
  const { open, prefix } = setUp();
  const store = open();
  await store.prepare();
  const leaves = Object.fromEntries(Array.from({ length: 4_001 }, (_, n) => [`n${n}`, { type: "double" }]));
  await send("PUT", `/${prefix}-events-g0-202603/_mapping`, { properties: { p_n: { properties: leaves } } });
  await store.prepare();
  const april = Object.keys(await indexes(prefix)).filter((key) => key.endsWith("202604"));
  expect(april.sort()).toEqual(["g0-202604", "g1-202604"]);
});
