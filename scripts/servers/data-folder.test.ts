import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDataFolder } from "./data-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-folder-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the data folder", () => {
  test("is made with all that is missing above it, and is known again", () => {
    const path = join(folder, "a", "b");
    expect(openDataFolder(path)).toEqual({ path, isNew: true });
    expect(openDataFolder(path)).toEqual({ path, isNew: false });
  });

  test("an empty folder is taken", () => {
    expect(openDataFolder(folder).isNew).toBe(true);
  });

  test("a folder with anything else in it is refused and left as it was", async () => {
    await mkdir(join(folder, ".git"));
    const before = await stat(folder);
    expect(() => openDataFolder(folder)).toThrow("is not empty");
    expect(await readdir(folder)).toEqual([".git"]);
    expect((await stat(folder)).uid).toBe(before.uid);
  });

  test("a file is refused by its name, also where it is in the way of the folder", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    expect(() => openDataFolder(file)).toThrow(`${file} is a file, not a folder.`);
    expect(() => openDataFolder(join(file, "deeper"))).toThrow(`${file} is a file, not a folder.`);
  });

  test("a link to nowhere is refused in one line", async () => {
    await symlink(join(folder, "nowhere"), join(folder, "link"));
    expect(() => openDataFolder(join(folder, "link"))).toThrow(/^\S+ cannot be made: EEXIST\.$/);
  });

  // Only Linux has it: a folder that exists, may be written to by its mode (for root), and takes no folders.
  test.runIf(process.platform === "linux")("a place that takes no folders is refused instead of tried for ever", () => {
    expect(() => openDataFolder("/proc/nope/deeper")).toThrow(/^\/proc\/nope cannot be made: \S+.*$/);
  });
});
