import { build } from "esbuild";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { contentsOf, type Contents } from "./contents.ts";
import { startFiles } from "./start-files.ts";
import { sstOptions } from "./sst-options.ts";

/** A function as it would be uploaded. */
export interface Bundle extends Contents {
  readonly name: string;
  /** Absolute path of `bundle.mjs`, in a folder of its own as on Lambda. */
  readonly file: string;
  /** Of the code that is read before the handler can be called. */
  readonly bytes: number;
  readonly gzipBytes: number;
  /** Of what else the zip holds: code that is read when it is needed. */
  readonly laterBytes: number;
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
  const code = Buffer.from([...(await startFiles(file)).values()].join(""));
  const all = Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
  const sizes = { bytes: code.length, gzipBytes: gzipSync(code).length, laterBytes: all - code.length };
  return { name: entry.name, file, ...sizes, ...contentsOf(metafile) };
}
