// Builds the tracker for browsers. As a command (`npm run build -w @millrace/tracker`) it writes every file of it to dist/, the types
// beside, and prints sizes; `--site FOLDER` writes what is served (every script that can be asked for) into a folder.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { glob, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { minify } from "terser";
import {
  BASIS,
  CORE,
  EXTRAS,
  integrity,
  partSizes,
  pinned,
  put,
  scriptNamed,
  scriptNames,
  sizes,
  type PartName,
  type Pieces,
} from "./pieces.ts";

const HERE = import.meta.dirname;
const SOURCE = join(HERE, "src");

/**
 * The pieces of the sources as they are: built when something changed, else those that the last build left in dist/.
 * @throws Error when a source cannot be built
 */
export async function builtTracker(): Promise<Pieces> {
  const file = join(HERE, "dist/pieces.json");
  const stamp = await stampOfSources();
  const last = await readFile(file, "utf8").then(
    (text) => JSON.parse(text) as { stamp: string; pieces: Pieces },
    noBuild,
  );
  if (last?.stamp === stamp) return last.pieces;
  const pieces = await buildTracker();
  const fresh = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(fresh, JSON.stringify({ stamp, pieces }));
  await rename(fresh, file);
  return pieces;
}

const noBuild = (): undefined => undefined;

/** Changes with every source, and with what builds them. */
async function stampOfSources(): Promise<string> {
  const hash = createHash("sha256");
  const files = await Array.fromAsync(glob(["src/**/*.ts", "build.ts", "pieces.ts", "package.json"], { cwd: HERE }));
  for (const file of files.sort()) hash.update(`${file} `).update(await readFile(join(HERE, file)));
  return hash.digest("hex");
}

/** Builds all pieces, in seconds. Needs neither a network nor a configuration. */
async function buildTracker(): Promise<Pieces> {
  const names = [...BASIS, ...EXTRAS];
  /** The internal names (`_record`) must come out the same in every piece of one script. */
  const piecesOf = async (debug: boolean) => {
    const nameCache = {};
    const core = await expression("script.ts", "start", nameCache, debug);
    const parts: Partial<Record<PartName, string>> = {};
    for (const name of names) parts[name] = await expression(`parts/${name}.ts`, name, nameCache, debug);
    return { core, parts: parts as Record<PartName, string> };
  };
  const { core, parts } = await piecesOf(false);
  const talking = await piecesOf(true);
  return {
    core,
    parts,
    debug: put(talking, names),
    frame: await shorten(await bundle(`import "./frame.ts";`, "iife", false), {}),
    module: await shorten(await bundle(`export * from "./index.ts";`, "esm", false), {}, true),
  };
}

/** A function of a module, with all that it needs, as an expression. */
async function expression(file: string, name: string, nameCache: object, debug: boolean): Promise<string> {
  const bundled = await bundle(`import { ${name} } from "./${file}"; RESULT = ${name}(given);`, "esm", debug);
  const code = await shorten(`var PIECE=given=>{${bundled.replace(/\bRESULT = /, "return ")}};`, nameCache);
  return code.replace(/^var PIECE=/, "").replace(/;$/, "");
}

async function bundle(contents: string, format: "iife" | "esm", debug: boolean): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: SOURCE, loader: "ts" },
    bundle: true,
    write: false,
    format,
    target: "es2022",
    define: { MILLRACE_DEBUG: String(debug) },
  });
  return outputFiles[0]?.text ?? "";
}

async function shorten(code: string, nameCache: object, module = false): Promise<string> {
  const { code: short = "" } = await minify(code, {
    ecma: 2020,
    module,
    nameCache,
    // What is "unsafe" is so for code that replaces what a browser has, or counts the parameters of a function: ours does neither.
    compress: {
      passes: 2,
      unsafe: true,
      unsafe_arrows: true,
      unsafe_methods: true,
      pure_getters: true,
      keep_fargs: false,
      negate_iife: false,
    },
    mangle: { properties: { regex: /^_/ } },
  });
  return short;
}

/** Writes every script into a folder, each under its name and under the one that pins it, and `t.json`, which says what is what. */
async function writeScripts(pieces: Pieces, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files: Record<string, object> = {};
  for (const name of scriptNames()) {
    const script = scriptNamed(pieces, name) ?? "";
    const file = pinned(name, script);
    files[name] = { pinned: file, integrity: integrity(script), ...sizes(script) };
    await writeFile(join(folder, name), script);
    await writeFile(join(folder, file), script);
  }
  await writeFile(join(folder, "t.json"), `${JSON.stringify(files, null, 1)}\n`);
}

/** Writes `t.d.mts` beside the module, and the declarations it refers to. */
async function writeTypes(folder: string): Promise<void> {
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  const flags = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--rootDir", SOURCE];
  await promisify(execFile)(process.execPath, [tsc, "-p", HERE, ...flags, "--outDir", join(folder, "types")]);
  await writeFile(join(folder, "t.d.mts"), 'export * from "./types/index.js";\n');
}

if (import.meta.main) {
  const pieces = await builtTracker();
  const [option, folder] = process.argv.slice(2);
  if (option === "--site" && folder !== undefined) await writeScripts(pieces, folder);
  else {
    await writeScripts(pieces, join(HERE, "dist"));
    await writeTypes(join(HERE, "dist"));
    const everything = `t.${EXTRAS.join(".")}.js`;
    for (const name of [`t.${CORE}.js`, "t.js", everything, "t.mjs", "t.frame.js", "t.debug.js"]) {
      const { raw, gzip, brotli } = sizes(scriptNamed(pieces, name) ?? "");
      console.log(`${name}  ${raw} B, gzip ${gzip} B, brotli ${brotli} B`);
    }
    for (const [part, bytes] of Object.entries(partSizes(pieces))) console.log(`  ${part} +${bytes} B`);
  }
}
