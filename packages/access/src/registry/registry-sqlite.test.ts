import { describeRegistryContract } from "@millrace/core/contract";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSqliteRegistry } from "./registry-sqlite.ts";
import { whenFree } from "./when-free.ts";

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

test("thousands of claims are made in their order, and others have their turns meanwhile", async () => {
  const registry = createSqliteRegistry({ path: newFile() });
  const claims = Array.from({ length: 1_000 }, (_, at) => ({
    key: { partition: `c${at % 700}`, sort: "s" },
    value: at,
    expiresAt: Number.MAX_SAFE_INTEGER,
  }));
  const seen: string[] = [];
  const claiming = registry.claimMany(claims).then((owners) => {
    seen.push("claims");
    return owners;
  });
  setImmediate(() => seen.push("another"));
  expect(await claiming).toEqual(claims.map((_, at) => at % 700));
  expect(seen).toEqual(["another", "claims"]);
  await registry.close();
});

describe("while another program holds the write lock", () => {
  /** A registry on a file whose write lock somebody has, until `free`. */
  function locked() {
    const path = newFile();
    const registry = createSqliteRegistry({ path });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    return {
      registry,
      free: () => other.exec("ROLLBACK"),
      close: async () => {
        other.close();
        await registry.close();
      },
    };
  }
  const key = { partition: "p", sort: "s" };
  const claim = { key: { partition: "c", sort: "s" }, value: "mine", expiresAt: Number.MAX_SAFE_INTEGER };

  test("a write waits for it, and everybody else goes on", async () => {
    const { registry, free, close } = locked();
    const settled: string[] = [];
    const writes = [
      registry.put(key, 1, { if: "absent" }).then((done) => settled.push(`put ${done}`)),
      registry.claimMany([claim]).then(([owner]) => settled.push(`claim ${owner}`)),
      registry.delete({ partition: "p", sort: "gone" }).then(() => settled.push("delete")),
    ];
    // Timers and reads of the same process are served meanwhile.
    for (let turn = 0; turn < 20; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(await registry.get(key)).toBeUndefined();
    }
    expect(settled).toEqual([]);
    free();
    await Promise.all(writes);
    expect(settled.sort()).toEqual(["claim mine", "delete", "put true"]);
    await close();
  });

  test("one that is held for too long is an error that names it; any other failure is not waited for", async () => {
    const write = (): never => {
      throw Object.assign(new Error("database is locked"), { errcode: 5 });
    };
    await expect(whenFree(write, 10)).rejects.toMatchObject({
      code: "ServiceUnavailable",
      message: expect.stringContaining("write lock") as string,
    });
    const damaged = Object.assign(new Error("malformed"), { errcode: 11 });
    await expect(
      whenFree(() => {
        throw damaged;
      }),
    ).rejects.toBe(damaged);
  });
});
