import { describeRegistryContract } from "@millrace/core/contract";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSqliteRegistry } from "./registry-sqlite.ts";

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-registry-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const newFile = () => join(folder, `${++files}.db`);

describeRegistryContract({
  name: "SQLite",
  create: async (clock) => createSqliteRegistry({ path: newFile(), clock }),
});

test("two processes on one file see each other's writes and conditions", async () => {
  const path = newFile();
  const [a, b] = [createSqliteRegistry({ path }), createSqliteRegistry({ path, durability: "relaxed" })];
  const key = { partition: "p", sort: "s" };
  expect(await a.put(key, "a", { if: "absent" })).toBe(true);
  expect(await b.put(key, "b", { if: "absent" })).toBe(false);
  expect(await b.put(key, "b", { if: 1 })).toBe(true);
  expect((await a.get(key))?.value).toBe("b");
  await a.close();
  await b.close();
});

test("what was written is there after a reopen; what had expired is thrown out of the file", async () => {
  const path = newFile();
  let now = 1_000;
  const first = createSqliteRegistry({ path, clock: { now: () => now } });
  await first.put({ partition: "p", sort: "kept" }, 1);
  await first.put({ partition: "p", sort: "expiring" }, 2, { expiresAt: 2_000 });
  await first.close();
  now = 3_000;
  const second = createSqliteRegistry({ path, clock: { now: () => now } });
  expect((await second.list("p")).map((item) => item.key.sort)).toEqual(["kept"]);
  await second.close();
  const db = new DatabaseSync(path, { readOnly: true });
  expect(db.prepare("SELECT count(*) AS rows FROM items").get()).toEqual({ rows: 1 });
  db.close();
});
