import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { contentsOf, type Contents } from "./contents.ts";
import { sstOptions } from "./sst-options.ts";

/** A function as it would be uploaded. */
export interface Bundle extends Contents {
  readonly name: string;
  /** Absolute path of `bundle.mjs`, in a folder of its own as on Lambda. */
  readonly file: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

const ROOT = join(import.meta.dirname, "../..");

/**
 * Bundles one function the way `sst deploy` does.
 * @param folder gets `NAME/bundle.mjs`
 * @throws esbuild's BuildFailure naming file and line
 */
export async function bundle(entry: { readonly name: string; readonly file: string }, folder: string): Promise<Bundle> {
  const file = join(folder, entry.name, "bundle.mjs");
  const { metafile } = await build({
    ...sstOptions(join(ROOT, entry.file), file),
    absWorkingDir: ROOT,
    metafile: true,
  });
  const code = await readFile(file);
  return { name: entry.name, file, bytes: code.length, gzipBytes: gzipSync(code).length, ...contentsOf(metafile) };
}
