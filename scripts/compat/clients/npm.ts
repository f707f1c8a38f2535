import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../../servers/cache.ts";

const FILES = ["package.json", "package-lock.json"] as const;

/** Keen's clients of npm, in a folder of the cache: no part of the product depends on them. */
export interface NpmClients {
  readonly folder: string;
  /** A module's exports. They have no types: say what is used of them. */
  load(name: string): unknown;
  version(name: string): Promise<string>;
}

/** Installs what the lock file in `npm/` says, on first use. No script of theirs is run. */
export async function installClients(): Promise<NpmClients> {
  const source = new URL("../npm/", import.meta.url);
  const lock = await readFile(new URL("package-lock.json", source));
  const folder = join(cacheFolder(), `keen-clients-${createHash("sha256").update(lock).digest("hex").slice(0, 12)}`);
  if (!existsSync(folder)) {
    console.error(`Installing Keen's clients into ${folder} (once) …`);
    const partial = `${folder}.partial-${process.pid}`;
    await mkdir(partial, { recursive: true });
    for (const file of FILES) await cp(new URL(file, source), join(partial, file));
    await promisify(execFile)("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: partial });
    await rename(partial, folder).catch(() => rm(partial, { recursive: true, force: true }));
  }
  const require = createRequire(join(folder, "package.json"));
  return {
    folder,
    load: (name) => require(name) as unknown,
    async version(name) {
      const file = join(folder, "node_modules", name, "package.json");
      return (JSON.parse(await readFile(file, "utf8")) as { version: string }).version;
    },
  };
}
