import { createWriteStream } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ImportError } from "./error.ts";

/** The files to read, in the order they were named, and how to clean up after them. */
export interface Inputs {
  readonly files: readonly string[];
  /** Removes what a pipe was kept in. */
  close(): Promise<void>;
}

/**
 * What was named on the command line as files: a folder stands for the files in it (not for those in its folders), `-` for
 * standard input, which is kept in a temporary file since an access log is read twice.
 * @throws ImportError when something named does not exist, or a folder is empty
 */
export async function openInputs(names: readonly string[], stdin: NodeJS.ReadableStream): Promise<Inputs> {
  let folder: string | undefined;
  const close = async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    const files: string[] = [];
    for (const name of names) {
      if (name !== "-") {
        files.push(...(await filesOf(name)));
        continue;
      }
      if (folder !== undefined) throw new ImportError("Standard input (-) can be read once only.");
      folder = await mkdtemp(join(tmpdir(), "millrace-import-"));
      const file = join(folder, "standard-input");
      await pipeline(stdin, createWriteStream(file, { mode: 0o600 })); // It may hold addresses.
      files.push(file);
    }
    return { files: [...new Set(files)], close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function filesOf(name: string): Promise<string[]> {
  const found = await stat(name).catch((error: NodeJS.ErrnoException) => {
    throw new ImportError(
      error.code === "ENOENT" ? `There is no file ${name}.` : `${name} cannot be read: ${error.message}.`,
    );
  });
  if (!found.isDirectory()) return [name];
  const entries = await readdir(name, { withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(name, entry.name))
    .toSorted();
  if (files.length === 0) throw new ImportError(`There is no file in the folder ${name}.`);
  return files;
}
