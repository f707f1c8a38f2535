import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort, launch, type Launch } from "./server.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-launch-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A server that takes connections; `answer` is what it does with a request. */
async function silent(answer: string, more: Partial<Launch> = {}): Promise<Launch> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = `require("node:http").createServer((_, out) => { ${answer} }).listen(${port}, "127.0.0.1")`;
  return {
    name: "Silent",
    command: process.execPath,
    args: ["-e", program],
    logFile: join(folder, "output.log"),
    url,
    ready: async (signal) => (await fetch(url, { signal })).ok,
    ...more,
  };
}

const isGone = (pid: number) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

test("a server that takes connections and never answers is given up at the limit, and is not left running", async () => {
  let pid = 0;
  const options = await silent("", { readyWithinMs: 1_500, onSpawn: (started) => (pid = started) });
  await expect(launch(options)).rejects.toThrow("Silent did not start: it was not ready in time.");
  expect(isGone(pid)).toBe(true);
});

test("a start that is called off ends the server at once, though a question to it is still open", async () => {
  let pid = 0;
  const stop = new AbortController();
  const options = await silent("", {
    onSpawn: (started) => {
      pid = started;
      stop.abort();
    },
    signal: stop.signal,
  });
  await expect(launch(options)).rejects.toThrow("Silent did not start: stopped.");
  expect(isGone(pid)).toBe(true);
});

test("what ends before it answers is said so, with its log", async () => {
  const options = await silent("", { args: ["-e", "console.log('no such luck')"] });
  await expect(launch(options)).rejects.toThrow(/it ended\.\nLog .*\nno such luck/);
});

test("a program that does not exist is said so", async () => {
  await expect(launch(await silent("", { command: "/no/such/program" }))).rejects.toThrow("ENOENT");
});

test("whoever is ended while a server of theirs starts takes it along", async () => {
  const options = await silent("");
  // Busy from the moment the server is there until the signal has come: only what listened before can hear it.
  const program = `
    import { writeSync } from "node:fs";
    import { launch } from ${JSON.stringify(new URL("server.ts", import.meta.url).href)};
    const onSpawn = (pid) => {
      writeSync(1, String(pid));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
    };
    await launch({ ...${JSON.stringify(options)}, ready: async () => false, onSpawn });
  `;
  const owner = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(owner.stdout, "data")) as [Buffer];
  const pid = Number(line.toString());
  expect(isGone(pid)).toBe(false);
  owner.kill("SIGTERM");
  expect(await once(owner, "exit")).toEqual([null, "SIGTERM"]);
  await expect.poll(() => isGone(pid)).toBe(true);
});
