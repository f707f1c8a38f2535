import { spawnSync } from "node:child_process";
import { isChromiumWithinReach } from "../../chromium.ts";
import { findJava } from "../../servers/java.ts";

/** What a rehearsal needs besides npm's packages; the rest it installs itself. */
export interface Requirements {
  /** `unshare` with what this user needs to get a mount namespace of its own. */
  readonly unshare: readonly string[];
  readonly python: string;
}

const PYTHONS = ["python3", "python3.13", "python3.12", "python3.11"];

/**
 * @param runs the zips of a deploy are run too
 * @throws Error that names everything missing, and why it is needed
 */
export async function requirements(runs: boolean): Promise<Requirements> {
  const missing: string[] = [];
  if (process.platform !== "linux")
    missing.push("Linux: the deploy runs with a hosts file of its own (mount namespaces)");
  const unshare = [["unshare"], ["unshare", "--map-root-user"]].find(([command = "", ...args]) =>
    succeeds(command, [...args, "--mount", "--pid", "--fork", "--mount-proc", "true"]),
  );
  if (!unshare && process.platform === "linux")
    missing.push("unshare (package util-linux) with the right to make mount namespaces: root, or user namespaces");
  if (!atLeast(versionOf("go", ["version"], /go(\d+)\.(\d+)/), [1, 24]))
    missing.push("Go 1.24 or newer: Pulumi's engine is built from source");
  const python = PYTHONS.find(
    (name) =>
      atLeast(versionOf(name, ["--version"], /Python (\d+)\.(\d+)/), [3, 11]) &&
      succeeds(name, ["-c", "import venv, ensurepip"]),
  );
  if (python === undefined) missing.push("Python 3.11 or newer with venv: the emulator of AWS is written in it");
  if (!succeeds("git", ["--version"])) missing.push("git: the last release is taken from the history");
  if (!succeeds("openssl", ["version"])) missing.push("openssl: functions check the certificate of whom they ask");
  if (runs) {
    const hasJava = await findJava(21).then(Boolean, () => false);
    if (!hasJava) missing.push("Java 21 or newer: the functions run on a real OpenSearch (which Maven fetches, once)");
    if (!(await isChromiumWithinReach()))
      missing.push("Chrome or Chromium (or CHROMIUM_PATH): a page of another site asks the deployed API");
  }
  if (missing.length > 0)
    throw new Error(
      `A rehearsal needs more than this machine has:\n${missing.map((line) => `  - ${line}`).join("\n")}`,
    );
  return { unshare: unshare ?? [], python: python ?? "" };
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

function versionOf(command: string, args: readonly string[], pattern: RegExp): [number, number] | undefined {
  const { stdout, status } = spawnSync(command, args, { encoding: "utf8" });
  const [, major, minor] = (status === 0 && pattern.exec(stdout)) || [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}

function atLeast(version: readonly [number, number] | undefined, [major, minor]: readonly [number, number]): boolean {
  return version !== undefined && (version[0] > major || (version[0] === major && version[1] >= minor));
}
