import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "./cache.ts";

const run = promisify(execFile);

/**
 * A Python environment in the cache with exactly what a requirements file pins, hashes included; made on first use.
 * @param requirements path of the file; a changed one makes another environment
 * @returns its folder of programs. Run a script through the `python` in it: scripts name the folder they were installed in, and an
 *   environment is made under another name, so that an interrupted one is never taken for whole.
 * @throws Error naming the cure when there is no Python 3.11 or newer, or something cannot be installed
 */
export async function pythonPrograms(name: string, requirements: string): Promise<string> {
  const version = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex")
    .slice(0, 12);
  const folder = join(cacheFolder(), `${name}-${version}`);
  if (!existsSync(folder)) await make(name, requirements, folder);
  return join(folder, "bin");
}

async function make(name: string, requirements: string, folder: string): Promise<void> {
  console.error(`Installing ${name} into ${folder} (once) …`);
  const partial = `${folder}.partial`;
  try {
    await run("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]);
    await rm(partial, { recursive: true, force: true });
    await run("python3", ["-m", "venv", partial]);
    const pip = [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "--require-hashes",
      "-r",
      requirements,
    ];
    await run(join(partial, "bin", "python"), pip, { maxBuffer: 64 * 1_024 * 1_024 });
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    throw new Error(`${name} needs Python 3.11 or newer with venv and pip (Debian: apt-get install python3-venv).`, {
      cause,
    });
  }
  await rename(partial, folder);
}
