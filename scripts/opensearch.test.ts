import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freePort, portIsFree } from "./servers/server.ts";

// `npm run opensearch` around a stand-in for the `docker` command; see there for what it cannot prove. The server from Maven is only
// begun here (no mvn on the PATH, an empty cache): that one is started for real in opensearch-command.live.test.ts.
const SCRIPT = fileURLToPath(new URL("opensearch.ts", import.meta.url));
const FAKE = fileURLToPath(new URL("servers/test/fake-docker.cjs", import.meta.url));
const PATIENCE = { timeout: 60_000 };

let folder: string;
let port: number;
const state = () => join(folder, "state");
const data = () => join(folder, "data");

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-fake-docker-"));
  // A server that root starts runs as another user, who must get here.
  await chmod(folder, 0o755);
  port = await freePort();
  await mkdir(join(folder, "bin"));
  await mkdir(state());
  // Whom root would run the server as.
  await symlink("/usr/bin/id", join(folder, "bin", "id"));
});
afterEach(async () => {
  const container = await readFile(join(state(), "container"), "utf8").catch(() => "");
  if (container !== "") process.kill(Number(container), "SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

async function installDocker(): Promise<void> {
  const file = join(folder, "bin", "docker");
  await writeFile(file, `#!${process.execPath}\n${await readFile(FAKE, "utf8")}`);
  await chmod(file, 0o755);
}

/** Starts the command in a process group of its own, so that a terminal's Ctrl-C can be sent to all of it. */
async function start(mode: string | undefined, args: string[] = []) {
  if (mode !== undefined) await installDocker();
  const child = spawn(process.execPath, [SCRIPT, "--port", String(port), ...args], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: join(folder, "bin"),
      FAKE_DOCKER: mode,
      FAKE_DOCKER_STATE: state(),
      MILLRACE_CACHE: join(folder, "cache"),
      // Where it keeps the log of a server that did not start.
      TMPDIR: folder,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, "exit").then(([code]) => code as number | null);
  return {
    pid: child.pid ?? 0,
    exited,
    output: () => output,
    ready: () => expect.poll(() => output, PATIENCE).toContain(`OpenSearch is ready at http://127.0.0.1:${port} `),
    kill: () => child.kill("SIGKILL"),
    ctrlC: () => process.kill(-(child.pid ?? 0), "SIGINT"),
  };
}

type Started = Awaited<ReturnType<typeof start>>;
const calls = async () => (await readFile(join(state(), "calls"), "utf8")).trim().split("\n");

const haveImage = () => writeFile(join(state(), "image"), "");
const BEGUN = /Java 21 or newer is needed|Maven \(mvn\) is not installed/;

describe("without a Docker that works it is the server from Maven, and one line says why", () => {
  test.each([
    ["There is no Docker here", undefined],
    ["Docker is installed but its engine does not answer", "no-daemon"],
    ["Docker is installed without its Compose plugin", "no-compose"],
    ["Docker cannot get the image", "no-image"],
  ])("%s", async (reason, mode) => {
    const command = await start(mode, ["--data", data()]);
    expect(await command.exited).toBe(1);
    expect(command.output()).toContain(`${reason}: starting OpenSearch from Maven Central`);
    expect(command.output()).toMatch(BEGUN);
    if (mode !== undefined) expect((await calls()).filter((call) => call.startsWith("compose up"))).toEqual([]);
  });
});

describe("with Docker", () => {
  test("the image is downloaded first, and shown; then the container is started; one Ctrl-C stops it once and keeps its client alone", async () => {
    const command = await start("works");
    await command.ready();
    expect(command.output()).toContain("Pulling: 100 %");
    command.ctrlC();
    expect(await command.exited).toBe(0);
    expect(command.output()).toContain("OpenSearch has stopped.");
    const made = (await calls()).map((call) => call.replace(/:3\.[\d.]+/, ""));
    expect(made).toEqual([
      "--version",
      "info",
      "compose version",
      "image inspect opensearchproject/opensearch",
      "pull opensearchproject/opensearch",
      "compose ps --quiet --status running opensearch",
      "compose up --no-color opensearch",
      "data volume",
      "compose stop opensearch",
    ]);
    expect(await portIsFree(port)).toBe(true);
  });

  test("an image that is there is not asked for again: it works without a network", async () => {
    await haveImage();
    const command = await start("works");
    await command.ready();
    command.ctrlC();
    expect(await command.exited).toBe(0);
    expect((await calls()).filter((call) => call.startsWith("pull"))).toEqual([]);
  });

  test("Ctrl-C before the node is ready leaves no container", async () => {
    await haveImage();
    const command = await start("no-answer");
    await containerRuns();
    command.ctrlC();
    expect(await command.exited).toBe(1);
    expect(command.output()).toContain("Stopped before OpenSearch was ready.");
    expect(await portIsFree(port)).toBe(true);
  });

  test("a client of Compose that is killed takes its container with it", async () => {
    await haveImage();
    const command = await start("works");
    await command.ready();
    process.kill(clientOf(command), "SIGKILL");
    expect(await command.exited).toBe(1);
    expect(command.output()).toContain("OpenSearch ended by itself.");
    expect(await portIsFree(port)).toBe(true);
  });

  test("killed -9 itself, the next start says that the container goes on and how to stop it, and starts nothing", async () => {
    await haveImage();
    const first = await start("works");
    await first.ready();
    first.kill();
    await first.exited;
    const second = await start("works");
    expect(await second.exited).toBe(1);
    expect(second.output()).toContain("OpenSearch runs in container 0123456789ab already");
    expect(second.output()).toContain("docker compose stop opensearch");
    expect((await calls()).filter((call) => call.startsWith("compose up"))).toHaveLength(1);
  });

  test("--data: the container gets a part of the folder that its own user can write to", async () => {
    await haveImage();
    const command = await start("works", ["--data", data()]);
    await command.ready();
    expect(await calls()).toContain(`data ${join(data(), "docker")}`);
    const { uid, mode } = await stat(join(data(), "docker"));
    expect(uid === 1000 || (mode & 0o777) === 0o777).toBe(true);
    expect((await stat(data())).uid).toBe(process.getuid?.());
    command.ctrlC();
    expect(await command.exited).toBe(0);
  });

  test("--data: a folder with something else in it is refused before anything is started", async () => {
    await haveImage();
    await mkdir(join(data(), "src"), { recursive: true });
    const command = await start("works", ["--data", data()]);
    expect(await command.exited).toBe(1);
    expect(command.output()).toContain(`${data()} is not empty`);
    expect((await calls()).filter((call) => call.startsWith("compose up"))).toEqual([]);
  });
});

const containerRuns = () => expect.poll(() => portIsFree(port), PATIENCE).toBe(false);

/** The process id in the line that says the node is ready. */
const clientOf = (command: Started) => Number(/\(process (\d+)\)/.exec(command.output())?.[1]);
