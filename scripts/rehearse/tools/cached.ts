import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../servers/cache.ts";

/**
 * A folder of the cache, filled on first use and outside the repository. Filled beside its final place and renamed when complete,
 * so that an interrupted download or build is never taken for a whole one.
 * @param name holds the version
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial-${process.pid}`;
  try {
    await mkdir(partial, { recursive: true, mode: 0o755 });
    await fill(partial);
    try {
      await rename(partial, folder);
    } catch (error) {
      // Another process may have been quicker; its folder is as good as ours.
      if (!existsSync(folder)) throw error;
    }
    return folder;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
