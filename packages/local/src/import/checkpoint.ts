import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";

/** How far an import has come: everything up to and including this line was acknowledged. */
export interface Progress {
  readonly line: number;
  readonly accepted: number;
  readonly bad: number;
}

/** Remembers how far the import of one file into one project has come, so that it can go on after an interruption. */
export interface Checkpoint {
  /** Undefined: start from the beginning. */
  read(): Promise<Progress | undefined>;
  write(progress: Progress): Promise<void>;
  clear(): Promise<void>;
  /** The file that bad lines are kept in. */
  readonly badFile: string;
}

/**
 * @param folder where checkpoints live; made when needed
 * A file that was changed (size or time) since then starts from the beginning: deterministic ids keep that harmless.
 */
export async function openCheckpoint(folder: string, file: string, into: string): Promise<Checkpoint> {
  const { size, mtimeMs } = await stat(file);
  const key = createHash("sha256")
    .update([resolve(file), size, mtimeMs, into].join("\n"))
    .digest("hex")
    .slice(0, 16);
  const path = join(folder, `${basename(file)}.${key}.json`);
  await mkdir(folder, { recursive: true });
  return {
    badFile: join(folder, `${basename(file)}.bad-lines.tsv`),
    async read() {
      try {
        return JSON.parse(await readFile(path, "utf8")) as Progress;
      } catch {
        // Absent or cut off by a crash: the import starts over, and what was stored stays stored once.
        return undefined;
      }
    },
    async write(progress) {
      await writeFile(`${path}.new`, JSON.stringify(progress));
      await rename(`${path}.new`, path);
    },
    clear: () => rm(path, { force: true }),
  };
}
