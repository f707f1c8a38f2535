import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBResult } from "@duckdb/node-api";
import { createTimeShares } from "@millrace/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { openDriver } from "./driver.ts";
import { createBinder } from "./statement.ts";

/** Takes hours unless it is stopped. */
const ENDLESS = createBinder().statement("SELECT count(*) FROM range(10000000000000) t(i) WHERE i % 7 = 3");
const ONE = createBinder().statement("SELECT 1");

test("a running statement is stopped at its time limit, and its connection serves the next one", async () => {
  const driver = await openDriver({ path: ":memory:" });
  const slow = Array.from({ length: 3 }, () => driver.read(ENDLESS, { timeoutMs: 20 }));
  for (const end of await Promise.allSettled(slow)) {
    expect(end).toMatchObject({ status: "rejected", reason: { code: "QueryTimeout", retry: true } });
  }
  expect(await driver.read(ONE)).toEqual([[1]]);
  await driver.close();
});

test("the time limit counts while a statement waits for its turn", async () => {
  const driver = await openDriver({ path: ":memory:" });
  const controller = new AbortController();
  const slow = Promise.allSettled(Array.from({ length: 3 }, () => driver.read(ENDLESS, { signal: controller.signal })));
  await expect(driver.read(ONE, { timeoutMs: 10 })).rejects.toMatchObject({ code: "QueryTimeout" });
  const gone = new Error("gone");
  controller.abort(gone);
  for (const end of await slow) expect(end).toEqual({ status: "rejected", reason: gone });
  await driver.close();
});

test("what reads of a moment are stopped with is the reason for that, for each of them", async () => {
  const driver = await openDriver({ path: ":memory:" });
  const controller = new AbortController();
  const gone = new Error("gone");
  const each: PromiseSettledResult<unknown>[] = [];
  const work = driver.snapshot(
    async (read) => {
      const running = Promise.allSettled([read(ENDLESS), read(ONE)]);
      controller.abort(gone);
      each.push(...(await running));
      each.push(...(await Promise.allSettled([read(ONE)])));
    },
    { signal: controller.signal },
  );
  await Promise.allSettled([work]);
  expect(each).toEqual(Array.from({ length: 3 }, () => ({ status: "rejected", reason: gone })));
  const late = driver.snapshot((read) => read(ENDLESS), { timeoutMs: 20 });
  await expect(late).rejects.toMatchObject({ code: "QueryTimeout" });
  await driver.close();
});

test("a project that asks for more than the store can do has not all of it, and pays for what it took", async () => {
  const driver = await openDriver({ path: ":memory:" });
  const controller = new AbortController();
  const taken: number[] = [];
  const hostile = Promise.allSettled(
    Array.from({ length: 20 }, () =>
      driver.read(ENDLESS, { project: "hostile", signal: controller.signal, onEngineTime: (ms) => taken.push(ms) }),
    ),
  );
  // Two of the endless ones run; without turns all three slots were theirs and this would never be answered.
  for (let i = 0; i < 5; i++) expect(await driver.read(ONE, { project: "other" })).toEqual([[1]]);
  controller.abort(new Error("gone"));
  await hostile;
  expect(taken).toHaveLength(2);
  expect(Math.min(...taken)).toBeGreaterThan(0);
  await driver.close();
});

test("three long statements do not stop writing", async () => {
  const driver = await openDriver({ path: ":memory:" });
  const controller = new AbortController();
  const slow = Promise.allSettled(Array.from({ length: 5 }, () => driver.read(ENDLESS, { signal: controller.signal })));
  await driver.write((connection) => connection.run("CREATE TABLE t AS SELECT 1"));
  controller.abort(new Error("gone"));
  await slow;
  expect(await driver.read(createBinder().statement("SELECT count(*)::INTEGER FROM t"))).toEqual([[1]]);
  await driver.close();
});

test("work that throws leaves nothing behind, and the next transaction can begin", async () => {
  const driver = await openDriver({ path: ":memory:" });
  await driver.write((connection) => connection.run("CREATE TABLE t (i INTEGER)"));
  const failing = driver.write(async (connection) => {
    await connection.run("INSERT INTO t VALUES (1)");
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  await driver.write((connection) => connection.run("INSERT INTO t VALUES (2)"));
  expect(await driver.read(createBinder().statement("SELECT i FROM t"))).toEqual([[2]]);
  await driver.close();
});

test("SQL that DuckDB cannot run is our fault, and says nothing of the SQL to the caller", async () => {
  const driver = await openDriver({ path: ":memory:" });
  const asked = driver.read(createBinder().statement("SELECT nonsense"));
  await expect(asked).rejects.toMatchObject({ code: "InternalServerError" });
  await expect(asked).rejects.not.toThrow(/nonsense/);
  await driver.close();
});

test("a small answer is at hand with its statement, of how many pieces it may be: nothing is fetched; a larger one is, whole", async () => {
  const fetched = vi.spyOn(DuckDBResult.prototype, "fetchChunk");
  onTestFinished(() => fetched.mockRestore());
  const driver = await openDriver({ path: ":memory:" });
  const numbers = async (count: number) => {
    const rows = await driver.read(createBinder().statement(`SELECT i, 'text ' || i FROM range(${count}) t(i)`));
    expect(rows).toEqual(Array.from({ length: count }, (_, i) => [BigInt(i), `text ${i}`]));
  };
  for (const count of [0, 1, 2_048]) await numbers(count);
  // Two parts of a union are two pieces.
  const few = await driver.read(
    createBinder().statement("SELECT 1 AS i UNION ALL SELECT 2 UNION ALL SELECT 3 FROM range(5)"),
  );
  expect(few.map(([i]) => i)).toEqual([1, 2, 3, 3, 3, 3, 3]);
  expect(fetched).not.toHaveBeenCalled();
  for (const count of [2_049, 5_000]) await numbers(count);
  expect(fetched).toHaveBeenCalled();
  await driver.close();
});

test("the log grows to a quarter of a gigabyte before it is moved into the file: an append in between waits for none of that", async () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-duckdb-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "events.duckdb");
  const driver = await openDriver({ path });
  await driver.write((connection) => connection.run("CREATE TABLE t (s VARCHAR)"));
  for (let i = 0; i < 5; i++) {
    await driver.write((connection) =>
      connection.run(`INSERT INTO t SELECT md5((i + ${i})::VARCHAR) || repeat('x', 150) FROM range(25_000) t(i)`),
    );
  }
  // DuckDB itself would have moved it at 16 MB.
  expect(statSync(`${path}.wal`).size).toBeGreaterThan(20_000_000);
  await driver.close();
  expect(existsSync(`${path}.wal`)).toBe(false);
});

test("what the house asks is nobody who is there: beside it a project is alone", async () => {
  const time = createTimeShares(() => 0);
  const driver = await openDriver({ path: ":memory:", time });
  onTestFinished(() => driver.close());
  await driver.read(ONE, { project: "health", isHouse: true });
  expect(time.isAlone("p")).toBe(true);
  await driver.read(ONE, { project: "other" });
  expect(time.isAlone("p")).toBe(false);
});
