import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort, portIsFree } from "./servers/server.ts";

// `npm run opensearch` with a real node, from Maven: a `docker` that fails goes first on the PATH.
const SCRIPT = fileURLToPath(new URL("opensearch.ts", import.meta.url));
const PATIENCE = { timeout: 190_000, interval: 200 };
const isRoot = process.getuid?.() === 0;

let folder: string;
let port: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-command-"));
  await chmod(folder, 0o755);
  port = await freePort();
});
const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
  await rm(folder, { recursive: true, force: true });
});

const data = () => join(folder, "data");

function start(onPort = port) {
  const child = spawn(process.execPath, [SCRIPT, "--port", String(onPort), "--data", data()], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, DOCKER_HOST: "tcp://127.0.0.1:1" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, "exit").then(([code]) => code as number | null);
  ending.push(() => {
    child.kill("SIGTERM");
    return exited;
  });
  return {
    exited,
    output: () => output,
    ready: () => expect.poll(() => output, PATIENCE).toContain("OpenSearch is ready at"),
    signal: (name: NodeJS.Signals) => child.kill(name),
  };
}

test("killed -9 it leaves a node that the next start names and leaves as it is; that node stopped, the folder is free again", async () => {
  const first = start();
  await first.ready();
  expect(first.output()).toMatch(/starting OpenSearch from Maven Central/);
  first.signal("SIGKILL");
  await first.exited;
  const settings = () => readFile(join(data(), "config", "opensearch.yml"), "utf8");
  const before = await settings();

  for (const second of [start(), start(await freePort())]) {
    expect(await second.exited).toBe(1);
    expect(second.output()).toMatch(/in use by process \d+, .*kill \d+\n$/);
  }
  expect(await settings()).toBe(before);
  expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(200);

  const { pid } = JSON.parse(await readFile(join(data(), "opensearch.pid"), "utf8")) as { pid: number };
  process.kill(pid, "SIGTERM");
  await expect.poll(() => portIsFree(port), PATIENCE).toBe(true);
  const third = start();
  await third.ready();
  third.signal("SIGINT");
  expect(await third.exited).toBe(0);
  expect(third.output()).toContain("OpenSearch has stopped.");
  expect(await portIsFree(port)).toBe(true);
}, 600_000);

test.runIf(isRoot)(
  "as root: only what was made in the folder is given to the server's user, and a folder of somebody's is not touched",
  async () => {
    const owner = 12_345;
    await mkdir(data());
    await chown(data(), owner, owner);
    const command = start();
    await command.ready();
    expect((await stat(data())).uid).toBe(owner);
    expect((await stat(join(data(), "data"))).uid).not.toBe(0);
    command.signal("SIGTERM");
    expect(await command.exited).toBe(0);

    await rm(data(), { recursive: true });
    await mkdir(join(data(), ".git"), { recursive: true });
    await chown(join(data(), ".git"), owner, owner);
    const refused = start();
    expect(await refused.exited).toBe(1);
    expect(refused.output()).toContain(`${data()} is not empty`);
    expect((await stat(join(data(), ".git"))).uid).toBe(owner);
  },
  400_000,
);
