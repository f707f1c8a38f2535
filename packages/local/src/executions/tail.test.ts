import type { Forward } from "@millrace/ops";
import { appendFile, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { tailLog } from "./tail.ts";

async function log() {
  const folder = await mkdtemp(join(tmpdir(), "millrace-tail-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "log");
  const seen: string[] = [];
  const start = (forward: Forward = async () => ({ kept: 0 })) => {
    const onError = vi.fn<(error: unknown) => void>();
    const tail = tailLog({
      file,
      cursor: join(folder, "cursor"),
      clock: { now: () => 5 },
      onError,
      forward: async (lines) => {
        const done = await forward(lines);
        seen.push(...lines.map(({ text }) => text));
        return done;
      },
    });
    return { ...tail, onError };
  };
  return {
    file,
    seen,
    start,
    write: (...lines: string[]) => appendFile(file, lines.map((line) => `${line}\n`).join("")),
  };
}

test("what is written before the start, meanwhile and at the end is forwarded once", async () => {
  const { seen, start, write } = await log();
  await write("a", "ü");
  const tail = start();
  await vi.waitFor(() => expect(seen).toEqual(["a", "ü"]));
  await write("c");
  await vi.waitFor(() => expect(seen).toHaveLength(3));
  await write("d");
  await tail.stop();
  expect(seen).toEqual(["a", "ü", "c", "d"]);
});

test("half a line waits for its other half", async () => {
  const { file, seen, start, write } = await log();
  await appendFile(file, "first\nhal");
  await start().stop();
  expect(seen).toEqual(["first"]);
  await write("f");
  await start().stop();
  expect(seen).toEqual(["first", "half"]);
});

test("a restart goes on where it was left, over a rotation of the log", async () => {
  const { file, seen, start, write } = await log();
  await write("a");
  await start().stop();
  await write("b");
  await rename(file, `${file}.1`);
  await write("c");
  await start().stop();
  expect(seen).toEqual(["a", "b", "c"]);
  await start().stop();
  expect(seen).toEqual(["a", "b", "c"]);
});

test("the log is rotated while it is forwarded", async () => {
  const { file, seen, start, write } = await log();
  await write("a");
  const tail = start();
  await vi.waitFor(() => expect(seen).toEqual(["a"]));
  await write("b");
  await rename(file, `${file}.1`);
  await write("c");
  await tail.stop();
  expect(seen).toEqual(["a", "b", "c"]);
});

test("while the store of executions is down nothing is lost: what it did not take comes with the next start", async () => {
  const { seen, start, write } = await log();
  await write("a");
  const down = start(() => Promise.reject(new Error("down")));
  await vi.waitFor(() => expect(down.onError).toHaveBeenCalled());
  await write("b");
  await down.stop();
  expect(seen).toEqual([]);
  await start().stop();
  expect(seen).toEqual(["a", "b"]);
});

test("there is no log yet", async () => {
  const { seen, start } = await log();
  await start().stop();
  expect(seen).toEqual([]);
});
