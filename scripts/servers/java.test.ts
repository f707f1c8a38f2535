import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findJava, javaMajor } from "./java.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-java-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program that answers as Java does, on stderr. */
async function installJava(home: string, version: string): Promise<string> {
  await mkdir(join(home, "bin"), { recursive: true });
  const script = `#!/bin/sh\necho '    java.home = ${home}' >&2\necho 'openjdk version "${version}" 2025-04-15' >&2\n`;
  await writeFile(join(home, "bin", "java"), script);
  await chmod(join(home, "bin", "java"), 0o755);
  return home;
}

const jvmFolder = () => join(folder, "jvm");
const search = (env: NodeJS.ProcessEnv) => ({ env: { PATH: join(folder, "empty"), ...env }, jvmFolder: jvmFolder() });

describe("findJava", () => {
  test("OPENSEARCH_JAVA_HOME goes before JAVA_HOME, the PATH and the JVM folder", async () => {
    const wanted = await installJava(join(folder, "own"), "21.0.1");
    const other = await installJava(join(folder, "other"), "25");
    await installJava(join(jvmFolder(), "temurin-25"), "25");
    const env = { OPENSEARCH_JAVA_HOME: wanted, JAVA_HOME: other, PATH: join(other, "bin") };
    expect(await findJava(21, search(env))).toEqual({ home: wanted, command: join(wanted, "bin", "java"), major: 21 });
  });

  test("passes over an old default and finds the newer one in the JVM folder", async () => {
    const old = await installJava(join(jvmFolder(), "java-17"), "17.0.15");
    const wanted = await installJava(join(jvmFolder(), "temurin-25"), "25.0.1");
    expect((await findJava(21, search({ PATH: join(old, "bin") }))).home).toBe(wanted);
  });

  test("passes over a variable that names no Java", async () => {
    const wanted = await installJava(join(jvmFolder(), "temurin-25"), "25.0.1");
    expect((await findJava(21, search({ JAVA_HOME: join(folder, "nothing") }))).home).toBe(wanted);
  });

  test("says what was tried and what to install when there is none", async () => {
    const old = await installJava(join(folder, "old"), "1.8.0_402");
    const failure = findJava(21, search({ JAVA_HOME: old }));
    await expect(failure).rejects.toThrow("Java 21 or newer is needed");
    await expect(failure).rejects.toThrow("JAVA_HOME: Java 8 is too old");
  });
});

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['java version "1.8.0_402"', 8],
  ['openjdk version "25" 2025-09-16', 25],
  ["no such file", undefined],
])("javaMajor(%j) is %j", (output, major) => {
  expect(javaMajor(output)).toBe(major);
});
