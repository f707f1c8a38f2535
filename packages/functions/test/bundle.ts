import { existsSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = join(import.meta.dirname, "../../..");
const ESBUILD = join(ROOT, ".sst/platform/node_modules/esbuild/lib/main.js");

export interface Bundle {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

/**
 * Bundles an entry point of this package as `sst deploy` does: ES module, minified, everything inside, `require` for CommonJS
 * packages. With the esbuild that SST brings.
 */
export async function bundle(name: string, folder: string): Promise<Bundle> {
  if (!existsSync(ESBUILD))
    throw new Error("SST's platform is not installed: run the tests of stacks/ once, or `npx sst install`.");
  const esbuild = (await import(pathToFileURL(ESBUILD).href)) as { build(options: object): Promise<unknown> };
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name}.mjs`);
  await esbuild.build({
    entryPoints: [join(import.meta.dirname, `../src/${name}.ts`)],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "esnext",
    minify: true,
    keepNames: true,
    mainFields: ["module", "main"],
    logLevel: "error",
    banner: { js: `import { createRequire as __r } from "module"; const require = __r(import.meta.url);` },
  });
  return { name, file, bytes: (await stat(file)).size };
}
