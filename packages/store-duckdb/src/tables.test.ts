import { onTestFinished, expect, test } from "vitest";
import { NOON, storedEvent } from "@millrace/core/contract";
import { appendCalls } from "./append.ts";
import { openDriver } from "./driver.ts";
import { createBinder } from "./statement.ts";
import { eventTables, hasFullTable, HOT, hotRows, prepareTables, setHotAside, sortFullTable } from "./tables.ts";

async function setUp() {
  const driver = await openDriver({ path: ":memory:", threads: 1 });
  onTestFinished(() => driver.close());
  await driver.write(prepareTables);
  const rows = async (sql: string) => driver.read(createBinder().statement(sql));
  return {
    driver,
    append: (...times: readonly [project: string, timestamp: number][]) => {
      const events = times.map(([project, timestamp]) => storedEvent({ project, timestamp }));
      return driver.write((connection) => appendCalls(connection, [events], HOT));
    },
    tables: () => driver.write(eventTables),
    inTurn: async (table: string) => (await rows(`SELECT "project", "timestamp" FROM ${table}`)).map(String),
    count: async () => Number((await rows("SELECT count(*) FROM events"))[0]?.[0]),
  };
}

test("the newest events are set aside, and lie by project and time in a run of their own, one after the other", async () => {
  const { driver, append, tables, inTurn, count } = await setUp();
  expect(await tables()).toEqual([HOT]);
  await append(["q", NOON + 1], ["p", NOON + 2], ["q", NOON], ["p", NOON]);
  expect(await driver.write(hotRows)).toBe(4);
  await driver.write(setHotAside);
  expect([await driver.write(hotRows), await driver.write(hasFullTable), await count()]).toEqual([0, true, 4]);
  // Appends go on beside it.
  await append(["p", NOON - 1]);
  await driver.write(sortFullTable);
  expect([await driver.write(hasFullTable), await count()]).toEqual([false, 5]);
  expect(await tables()).toEqual([HOT, "events_run_000001"]);
  expect(await inTurn("events_run_000001")).toEqual([`p,${NOON}`, `p,${NOON + 2}`, `q,${NOON}`, `q,${NOON + 1}`]);
  await driver.write(setHotAside);
  await driver.write(sortFullTable);
  expect(await tables()).toEqual([HOT, "events_run_000001", "events_run_000002"]);
  expect([await inTurn("events_run_000002"), await inTurn(HOT)]).toEqual([[`p,${NOON - 1}`], []]);
});

test("newest events without a column of this version are as good as full; beside full ones they join those", async () => {
  const { driver, append, tables, count } = await setUp();
  const outdated = async () => {
    await driver.write((connection) => connection.run("DROP VIEW events"));
    await driver.write((connection) => connection.run(`ALTER TABLE ${HOT} DROP COLUMN geo_city`));
  };
  await append(["p", NOON]);
  await outdated();
  await driver.write(prepareTables);
  expect([await tables(), await driver.write(hotRows), await count()]).toEqual([["events_full", HOT], 0, 1]);
  await append(["p", NOON], ["p", NOON]);
  await outdated();
  await driver.write(prepareTables);
  expect([await tables(), await driver.write(hotRows), await count()]).toEqual([["events_full", HOT], 0, 3]);
  await append(["p", NOON]);
  // Nothing is done to what is as it should be.
  await driver.write(prepareTables);
  expect([await driver.write(hotRows), await count()]).toEqual([1, 4]);
});
