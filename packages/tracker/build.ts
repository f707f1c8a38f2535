// Builds the tracker for browsers. As a command (`npm run build -w @millrace/tracker`) it also writes the types and prints sizes.
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "vite";

const HERE = import.meta.dirname;
const DIST = join(HERE, "dist");

/** A built file: its path, and what a browser downloads, in bytes. */
export interface Built {
  file: string;
  bytes: Sizes;
}

export interface Sizes {
  raw: number;
  gzip: number;
  brotli: number;
}

/** Builds `dist/t.js`, the script of the script tag, in about a second. Needs Vite, but neither a network nor a configuration. */
export async function buildTracker(): Promise<Built> {
  return bundle("script.ts", "t.js", "iife");
}

/** Builds `dist/t.mjs`, the module for bundlers, exporting `init`. */
async function buildModule(): Promise<Built> {
  return bundle("index.ts", "t.mjs", "es");
}

async function bundle(entry: string, fileName: string, format: "iife" | "es"): Promise<Built> {
  await build({
    configFile: false,
    root: HERE,
    logLevel: "warn",
    publicDir: false,
    build: {
      outDir: DIST,
      emptyOutDir: false,
      target: "es2022",
      minify: true,
      modulePreload: false,
      rolldownOptions: {
        input: join(HERE, "src", entry),
        preserveEntrySignatures: "strict",
        output: { format, entryFileNames: fileName, minify: true },
      },
    },
  });
  const file = join(DIST, fileName);
  return { file, bytes: sizes(await readFile(file)) };
}

function sizes(content: Buffer): Sizes {
  return {
    raw: content.length,
    gzip: gzipSync(content, { level: 9 }).length,
    brotli: brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }).length,
  };
}

/** Writes `dist/t.d.mts` beside the module, and the declarations it refers to. */
async function buildTypes(): Promise<void> {
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  const flags = [
    "--noEmit",
    "false",
    "--declaration",
    "--emitDeclarationOnly",
    "--rootDir",
    join(HERE, "src"),
    "--outDir",
    join(DIST, "types"),
  ];
  await promisify(execFile)(process.execPath, [tsc, "-p", HERE, ...flags]);
  await writeFile(join(DIST, "t.d.mts"), 'export * from "./types/index.js";\n');
}

if (import.meta.main) {
  for (const { file, bytes } of [await buildTracker(), await buildModule()]) {
    console.log(`${file}  ${bytes.raw} B, gzip ${bytes.gzip} B, brotli ${bytes.brotli} B`);
  }
  await buildTypes();
}
