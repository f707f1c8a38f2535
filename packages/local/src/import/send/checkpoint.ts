import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";

/** How far an import has come. */
export interface Progress {
  /** Everything up to and including this line was acknowledged; counted over all files of the import. */
  readonly index: number;
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
 * @param files those of the import, in their order
 * @param into what tells one target, and one way of reading the files, from another
 * Files of which one was changed (size or time) since then start from the beginning: deterministic ids keep that harmless.
 */
export async function openCheckpoint(folder: string, files: readonly string[], into: string): Promise<Checkpoint> {
  const states = await Promise.all(
    files.map(async (file) => {
      const { size, mtimeMs } = await stat(file);
      return [resolve(file), size, mtimeMs];
    }),
  );
  const key = createHash("sha256")
    .update(JSON.stringify([states, into]))
    .digest("hex")
    .slice(0, 16);
  const name = `${basename(files[0] ?? "import")}${files.length > 1 ? `-and-${files.length - 1}-more` : ""}`;
  const path = join(folder, `${name}.${key}.json`);
  await mkdir(folder, { recursive: true });
  return {
    badFile: join(folder, `${name}.bad-lines.tsv`),
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
