import { builtTracker } from "@millrace/tracker/build";
import type { Pieces } from "@millrace/tracker/pieces";
import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { glob, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Prepare } from "./opening.ts";
import { precompress } from "./precompress.ts";

/** What the server serves beside its APIs. */
export interface Assets {
  /** Folder of the built dashboard. */
  readonly web: string;
  /** The tracker, of which every script is put together. */
  readonly tracker: Pieces;
  /** Asks beforehand what a page of the dashboard will ask; undefined until its code is there. */
  readonly prepare: () => Prepare | undefined;
}

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const WEB = join(ROOT, "web");
const WEB_SOURCES = [
  "web/{src,public}/**/*",
  "web/index.html",
  "web/*.ts",
  "packages/{core,client}/src/**/*.ts",
  "package-lock.json",
];

/**
 * Builds the tracker and the dashboard where their sources changed since the last build.
 * @param say called with one line for each thing that takes a while
 * @throws Error with the build's output when a build fails
 */
export async function buildAssets(say: (line: string) => void): Promise<Assets> {
  const web = join(WEB, "dist");
  await whenChanged(join(web, "index.html"), join(WEB, "dist.sources"), WEB_SOURCES, async () => {
    say("Building the dashboard (first start, or its sources changed) …");
    const started = performance.now();
    await buildDashboard(web);
    say(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  });
  let prepare: Prepare | undefined;
  // Nobody waits for it at the start: pages are served without, before.
  importPrepare().then(
    (imported) => (prepare = imported),
    // Pages without are whole, too.
    () => undefined,
  );
  return { web, tracker: await builtTracker(), prepare: () => prepare };
}

/** The questions are the page's own code, which this server runs as it stands. */
async function importPrepare(): Promise<Prepare> {
  const file = pathToFileURL(join(WEB, "src/opening/prepare.ts")).href;
  return ((await import(file)) as { prepare: Prepare }).prepare;
}

/** Builds when `result` is missing or its sources are not those of the last build, which `stampFile` remembers. */
async function whenChanged(
  result: string,
  stampFile: string,
  sources: readonly string[],
  build: () => Promise<void>,
): Promise<void> {
  const stamp = await stampOf(sources);
  if (existsSync(result) && (await readFile(stampFile, "utf8").catch(() => "")) === stamp) return;
  await build();
  await writeFile(stampFile, stamp);
}

/** Changes when a source file is added, removed or edited: names, sizes and times, which is enough to decide on a rebuild. */
async function stampOf(patterns: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  const files = (await Array.fromAsync(glob(patterns, { cwd: ROOT }))).sort();
  for (const file of files) {
    const info = await stat(join(ROOT, file));
    if (info.isFile()) hash.update(`${file} ${info.size} ${info.mtimeMs}\n`);
  }
  return hash.digest("hex");
}

/** Builds beside the served folder and swaps: a running server never serves half a dashboard. */
async function buildDashboard(dist: string): Promise<void> {
  const fresh = `${dist}.${process.pid}`;
  await viteBuild(fresh, "--emptyOutDir");
  await viteBuild(fresh, "--config", "vite.embed.config.ts");
  await precompress(fresh);
  await rm(dist, { recursive: true, force: true });
  await rename(fresh, dist);
}

function viteBuild(outDir: string, ...more: readonly string[]): Promise<void> {
  const vite = join(dirname(createRequire(join(WEB, "package.json")).resolve("vite/package.json")), "bin/vite.js");
  const args = [vite, "build", "--logLevel", "warn", "--outDir", outDir, ...more];
  return new Promise((resolve, reject) => {
    // Whatever the environment of who asks is called: libraries of another one are larger and slower.
    const env = { ...process.env, NODE_ENV: "production" };
    const child = spawn(process.execPath, args, { cwd: WEB, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`The dashboard could not be built:\n${output}`)),
    );
  });
}
