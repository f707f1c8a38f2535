import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { verifyChecksums } from "./maven.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-maven-"));
  await writeFile(join(folder, "a.jar"), "a");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const line = (name: string, content: string) => `${createHash("sha256").update(content).digest("hex")}  ${name}\n`;

describe("a download", () => {
  test("passes when every file is the pinned one", async () => {
    await expect(verifyChecksums(folder, line("a.jar", "a"))).resolves.toBeUndefined();
  });

  test("with a changed file does not pass", async () => {
    await expect(verifyChecksums(folder, line("a.jar", "b"))).rejects.toThrow("a.jar: different content");
  });

  test("with a file nobody pinned does not pass", async () => {
    await writeFile(join(folder, "extra.jar"), "x");
    await expect(verifyChecksums(folder, line("a.jar", "a"))).rejects.toThrow("extra.jar: not expected");
  });

  test("with a file missing does not pass", async () => {
    await expect(verifyChecksums(folder, line("a.jar", "a") + line("b.jar", "b"))).rejects.toThrow("b.jar: missing");
  });
});
