import { createSqliteRegistry } from "@millrace/access";
import { metricPlan, newProject, storedEvent } from "@millrace/core/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSearchUrl, testStore } from "./support.ts";

const MARCH = Date.UTC(2026, 2, 10, 12);
let now = MARCH;
const clock = { now: () => now };
let store: ReturnType<typeof testStore>;

beforeEach(async () => {
  now = MARCH;
  store = testStore({ clock, registry: createSqliteRegistry({ path: ":memory:", clock }) });
  await store.prepare();
});
afterEach(async () => {
  await store.remove();
  await store.close();
});

const ask = async (method: string, path: string, body?: object): Promise<void> => {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(openSearchUrl() + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  expect(answer.status).toBe(200);
};
const alias = (key: string) => `${store.prefix}-events-${key}`;
const problems = async () => (await store.health()).problems;
const deadline = () => now + 500;

test("a month that lost its aliases is seen, and prepare gives them back: what it held is found and counted again", async () => {
  const project = newProject();
  const event = storedEvent({ project, timestamp: MARCH });
  await store.append([event]);
  expect(await problems()).toEqual([]);
  const index = `${alias("g0-202603")}-v0002`;
  const remove = (name: string) => ({ remove: { index, alias: name, must_exist: true } });
  await ask("POST", "/_aliases", { actions: [remove(alias("g0-202603")), remove(`${store.prefix}-events`)] });
  expect(await problems()).toEqual([`${alias("g0-202603")} leads to no index, but there is ${index}.`]);

  await store.prepare();
  expect(await problems()).toEqual([]);
  expect(await store.append([event])).toEqual([{ kind: "own-retry" }]);
  await store.refresh();
  expect((await store.metric(metricPlan(project))).rows[0]?.values[0]).toBe(1);
});

test("the fullest shard is that of the month with the most events", async () => {
  const project = newProject();
  await store.append(Array.from({ length: 5 }, () => storedEvent({ project, timestamp: MARCH })));
  await store.refresh();
  const fullest = await store.fullestShard();
  expect(fullest).toMatchObject({ index: `${alias("g0-202603")}-v0002`, events: 5 });
  expect(fullest?.share).toBeCloseTo(5e-9, 12);
});

test("a month deleted before it began is made again; one that has begun never is, and stays seen", async () => {
  await ask("DELETE", `/${alias("g0-202603")}-v0002,${alias("g0-202605")}-v0002`);
  const gone = (key: string) => `${alias(key)} has no index: nothing can be written to it.`;
  expect(await problems()).toEqual([gone("g0-202603"), gone("g0-202605")]);
  await store.prepare();
  // What had been stored in March would be stored a second time.
  expect(await problems()).toEqual([gone("g0-202603")]);
  now = Date.UTC(2026, 4, 2);
  const may = storedEvent({ project: newProject(), timestamp: now });
  expect(await store.append([may])).toEqual([{ kind: "stored" }]);
});

test("a closed index is seen, named to who asks, and no fault of the events", async () => {
  const index = `${alias("g0-202603")}-v0002`;
  await ask("POST", `/${index}/_close`);
  expect(await problems()).toEqual([`${index} is closed.`]);
  const project = newProject();
  const outcomes = await store.append([storedEvent({ project, timestamp: MARCH })], { deadline: deadline() });
  expect(outcomes).toMatchObject([{ kind: "retry" }]);
  await expect(store.metric(metricPlan(project))).rejects.toMatchObject({
    code: "ServiceUnavailable",
    message: `The store's index ${index} is closed.`,
  });
});

test("a full disk and a blocked mapping are told apart from load and from credentials", async () => {
  const block = (name: string, value: boolean | null) =>
    ask("PUT", `/${alias("g0-202603")}/_settings`, { [`index.blocks.${name}`]: value });
  const newName = (name: string) => storedEvent({ project: newProject(), timestamp: MARCH, properties: { [name]: 1 } });
  const told: string[] = [];
  for (const name of ["read_only_allow_delete", "read_only", "metadata"]) {
    await block(name, true);
    // What was refused before is asked again.
    now += 60_000;
    // An event of `other` beside it: something was decided, so nothing is thrown.
    const other = storedEvent({ project: newProject(), timestamp: 0 });
    const [outcome, second] = await store.append([newName(name), other], { deadline: deadline() });
    expect(second).toEqual({ kind: "stored" });
    told.push(outcome?.kind === "retry" ? outcome.detail : "");
    await block(name, null);
  }
  expect(told).toEqual([
    "The store's disk is full: nothing can be written until there is room.",
    "The store is blocked for writing.",
    "The store is blocked for writing.",
  ]);
});
