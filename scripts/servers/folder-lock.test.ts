import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDataFolder } from "./folder-lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const take = () => lockDataFolder(folder, "http://127.0.0.1:9200");
const file = () => join(folder, "opensearch.pid");

test("the second start is told which process holds the folder and how to stop it; the file stays as it was", async () => {
  const lock = take();
  const before = await readFile(file(), "utf8");
  expect(take).toThrow(new RegExp(`in use by process ${process.pid}, .*127\\.0\\.0\\.1:9200.*kill ${process.pid}$`));
  expect(await readFile(file(), "utf8")).toBe(before);
  lock.release();
  take();
});

test("the node holds the folder once it was handed over, and no longer than it lives", async () => {
  const node = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  await once(node, "spawn");
  take().handTo(node.pid ?? 0);
  expect(take).toThrow(`kill ${node.pid}`);
  node.kill("SIGKILL");
  await once(node, "exit");
  take();
});

test("a number that belongs to another process by now holds nothing", async () => {
  await writeFile(file(), JSON.stringify({ pid: process.pid, started: "long ago", url: "" }));
  take();
});

test("a file that was cut off holds nothing", async () => {
  await writeFile(file(), '{"pid":1');
  take();
});
