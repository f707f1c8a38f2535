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
  LACKING,
  partSizes,
  pinned,
  put,
  scriptNamed,
  scriptNames,
  sizes,
  type PartName,
  type Pieces,
  type ScriptPieces,
} from "./pieces.ts";

const HERE = import.meta.dirname;
const SOURCE = join(HERE, "src");
const PARTS = [...BASIS, ...EXTRAS];

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
  return {
    script: await scriptPieces(false),
    debug: put(await scriptPieces(true), PARTS),
    frame: await shorten(await bundle(`import "./frame.ts";`, "iife", false)),
    module: await shorten(await bundle(`export * from "./index.ts";`, "esm", false), true),
  };
}

/** Stands between the parts of the program until it is cut there. */
const CUT = "MILLRACE_CUT";

/**
 * Builds the core and all parts as one program, and cuts it: what shortens it sees all of it, so that a name is the same letter in each
 * piece, and the parts share what the core has.
 * @throws Error when the shortened program cannot be cut
 */
async function scriptPieces(debug: boolean): Promise<ScriptPieces> {
  const imports = PARTS.map((name) => `import { ${name} } from "./parts/${name}.ts";`).join("");
  const array = [...PARTS, `lacking(["${LACKING}"])`].map((part) => `"${CUT}", ${part}`).join(", ");
  const program = await bundle(
    `${imports} import { lacking } from "./parts/lacking.ts"; import { start } from "./script.ts"; start([${array}, "${CUT}"]);`,
    "iife",
    debug,
  );
  const [head = "", ...rest] = (await shorten(program)).trim().split(new RegExp(`,?"${CUT}",?`));
  const [lacking = "", tail = ""] = rest.splice(PARTS.length);
  if (rest.length !== PARTS.length || tail === "" || !lacking.includes(LACKING)) {
    throw new Error("The tracker's program cannot be cut into its parts: they are no longer one array in it.");
  }
  const parts = Object.fromEntries(PARTS.map((name, index) => [name, rest[index]])) as Record<PartName, string>;
  return { head, parts, lacking, tail };
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

async function shorten(code: string, module = false): Promise<string> {
  const { code: short = "" } = await minify(code, {
    ecma: 2020,
    module,
    // What is "unsafe" is so for code that replaces what a browser has, or counts the parameters of a function: ours does neither.
    compress: {
      passes: 3,
      unsafe: true,
      unsafe_arrows: true,
      unsafe_methods: true,
      pure_getters: true,
      keep_fargs: false,
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
