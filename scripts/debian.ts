// What browsers and filter lists have in common: Debian packages them, and as root on Debian or Ubuntu we may install them on the spot.
import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs apt-get. Waits up to ten minutes for another apt run (two test processes may need it at once) rather than failing on its lock. */
async function aptGet(args: readonly string[], folder?: string): Promise<void> {
  await run("apt-get", ["-o", "DPkg::Lock::Timeout=600", ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    maxBuffer: 64 * 1024 * 1024,
    ...(folder !== undefined && { cwd: folder }),
  });
}

/** Whether {@link installPackage} may be tried here. */
export async function canInstall(): Promise<boolean> {
  return process.getuid?.() === 0 && isExecutable("/usr/bin/apt-get");
}

/** Installs a package of the distribution, with a line on stderr. */
export async function installPackage(name: string): Promise<void> {
  console.error(`Installing the distribution's package ${name}, once.`);
  await aptGet(["update"]);
  await aptGet(["install", "-y", "--no-install-recommends", name]);
}

/** Unpacks a package of the distribution into a folder without installing it. */
export async function unpackPackage(name: string, folder: string): Promise<void> {
  await aptGet(["update"]);
  await aptGet(["download", name], folder);
  await run("sh", ["-c", `dpkg-deb -x ${name}_*.deb .`], { cwd: folder });
}

export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
