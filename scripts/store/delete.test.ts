import { createAccess, createSqliteRegistry, createTombstones, systemClock, systemRandom } from "@millrace/access";
import { message } from "@millrace/core/contract";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { deleteEvents } from "./delete.ts";

const clock = systemClock;
const random = systemRandom;
const script = join(import.meta.dirname, "../store.ts");

/** A data folder with a project that has five events, three of them Ada's. */
async function dataFolder() {
  const folder = mkdtempSync(join(tmpdir(), "millrace-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const registry = createSqliteRegistry({ path: join(folder, "registry.sqlite") });
  const { projects } = createAccess({ registry, clock, random });
  const { id: project } = await projects.create({ name: "Shop" });
  const store = await createDuckDbStore({ path: join(folder, "events.duckdb"), clock });
  await store.append(
    message(project, {}, {}, {}, {}, {}).map((event, i) => ({
      ...event,
      context: { visitor: i < 3 ? "ada" : "bob" },
    })),
  );
  const close = async () => {
    await store.close();
    await registry.close();
  };
  return { folder, registry, projects, project, store, close };
}

function run(folder: string, ...args: string[]) {
  const { OPENSEARCH_URL: _, ...rest } = process.env;
  const env = { ...rest, MILLRACE_DATA: folder };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { env, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("npm run store -- delete", () => {
  test("says how many events it would take, and takes none", async () => {
    const { folder, project, close } = await dataFolder();
    await close();
    const { status, stdout, stderr } = run(folder, "delete", "--project", project, "--visitor", "ada");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`3 stored events of ${project}: {"visitor":"ada"}`);
    expect(stdout).toContain("Nothing was deleted.");
    const registry = createSqliteRegistry({ path: join(folder, "registry.sqlite") });
    expect((await createTombstones({ registry, clock, random }).of(project)).size).toBe(0);
    await registry.close();
  });

  test("with --yes writes the tombstone, waits until collectors know it, deletes, and says what is left to do", async () => {
    const { registry, projects, project, store, close } = await dataFolder();
    onTestFinished(close);
    const lines: string[] = [];
    const tombstones = createTombstones({ registry, clock, random });
    const wait = async (ms: number) =>
      void lines.push(`waited ${ms}, ${(await tombstones.unsettled(project)).length} tombstone`);
    const parts = { store, registry, projects, clock, random, wait, print: (line: string) => void lines.push(line) };
    await deleteEvents(parts, ["--project", project, "--visitor", "ada", "--yes"]);
    expect(lines.slice(1)).toEqual([
      "No collector will store any of them; waiting 10 s until all have heard of it …",
      "waited 10000, 1 tombstone",
      "3 events deleted.",
      "The server looks again for what was being written meanwhile, at its next start and every hour.",
    ]);
    expect(await store.countWhere({ project, receivedBefore: Number.MAX_SAFE_INTEGER })).toBe(2);
  });

  test.each([
    [[], "delete needs --project"],
    [["--project"], "argument missing"],
    [["--project", "nowhere"], "no such project"],
    [["--project", "P", "--visitor", "a", "--collection", "c"], "one or the other"],
    [["--project", "P", "--visiter", "a"], "--visiter"],
    [["--project", "P", "ada"], "ada"],
    [["--project", "P", "--from", "monday", "--yes"], '"from" is "monday"'],
  ])("%j is refused with what is wrong, and deletes nothing", async (args, words) => {
    const { projects, project, store, registry, close } = await dataFolder();
    onTestFinished(close);
    const given = args.map((arg) => (arg === "P" ? project : arg));
    const quiet = { wait: async () => {}, print: () => {} };
    const deleting = deleteEvents({ store, registry, projects, clock, random, ...quiet }, given);
    await expect(deleting).rejects.toThrow(words);
    expect(await store.countWhere({ project, receivedBefore: Number.MAX_SAFE_INTEGER })).toBe(5);
  });

  test("without data, without a command and for another store's command it says what is missing", async () => {
    const { folder, project, store, registry } = await dataFolder();
    expect(run(join(folder, "nowhere"), "delete", "--project", project)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("There is no data") as string,
    });
    expect(run(folder)).toMatchObject({ status: 2, stderr: expect.stringContaining("Usage:") as string });
    expect(run(folder, "health")).toMatchObject({ status: 2, stderr: "OPENSEARCH_URL is not set.\n" });
    // The server has the file open.
    expect(run(folder, "delete", "--project", project, "--yes")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("Stop that process first") as string,
    });
    await store.close();
    await registry.close();
  });
});
