import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { withNodeFirst } from "./path.ts";

test("what SST starts as `node` is this Node, though the path has another one first", async () => {
  const folder = await mkdtemp(join(tmpdir(), "millrace-path-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const older = join(folder, "node");
  await writeFile(older, "#!/bin/sh\necho v20.0.0\n");
  await chmod(older, 0o755);
  const started = (env: NodeJS.ProcessEnv) => execFileSync("node", ["--version"], { env, encoding: "utf8" }).trim();
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` };
  expect(started(env)).toBe("v20.0.0");
  expect(started(withNodeFirst(env, process.execPath))).toBe(process.version);
});

test("Windows' spelling of the variable is kept, so that there are not two of them", () => {
  expect(withNodeFirst({ Path: "C:\\bin" }, join("x", "node"))).toEqual({ Path: `x${delimiter}C:\\bin` });
});
