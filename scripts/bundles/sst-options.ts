import type { BuildOptions } from "esbuild";
import { parse } from "node:path";
import { NODEJS } from "../../stacks/nodejs.ts";

/** Lambda's runtime, as stacks/lambda.ts names it; SST picks the language level by it. */
const TARGET = "es2024";

/** What SST 4.17.1 writes on top of every ES module, so that CommonJS packages inside find what they expect. */
const BANNER = [
  `import { createRequire as topLevelCreateRequire } from 'module';`,
  `const require = topLevelCreateRequire(import.meta.url);`,
  `import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"`,
  `const __filename = topLevelFileUrlToPath(import.meta.url)`,
  `const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))`,
  "",
].join("\n");

/**
 * The options with which SST 4.17.1 bundles a Node.js function for a deploy (its Go builder, `pkg/runtime/node`; what the stacks ask
 * of it is in stacks/nodejs.ts). SST brings esbuild 0.27.2 inside its binary, and this repository pins the same version: with another one
 * the sizes and the tests would speak of code that is never deployed. To be compared again with every new SST.
 */
export function sstOptions(entry: string, outfile: string): BuildOptions {
  const { dir, name, ext } = parse(outfile);
  return {
    entryPoints: [{ in: entry, out: name }],
    outdir: dir,
    outExtension: { ".js": ext },
    splitting: NODEJS.splitting,
    bundle: true,
    platform: "node",
    format: "esm",
    target: TARGET,
    mainFields: ["module", "main"],
    external: ["sharp", "pg-native"],
    keepNames: true,
    minify: NODEJS.minify,
    // SST makes one, keeps it out of the archive and deletes nothing of the code; here it would only take time.
    sourcemap: false,
    banner: { js: BANNER },
    metafile: true,
    logLevel: "silent",
  };
}
