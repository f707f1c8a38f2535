// `npm run build`: everything that is deployed and not run from source: the site (the dashboard, with the tracker's scripts beside
// it, as they are served from one place), and the Lambda bundles, which are only checked: SST makes its own.
// `npm run build:site`: the site alone. Every deploy runs it (stacks/web.ts), which must neither wait for that check nor fail with it.
import { spawnSync } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const WEB = join(ROOT, "web/dist");

/** Runs a step under this Node; its output is the user's to read. Ends the build when it fails. */
function run(name: string, cwd: string, ...args: string[]): void {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
  if (status === 0) return;
  console.error(`\nBuild failed: ${name}.`);
  process.exit(1);
}

async function sizeOf(folder: string): Promise<{ files: number; bytes: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map((file) => stat(join(file.parentPath, file.name))));
  return { files: files.length, bytes: sizes.reduce((sum, { size }) => sum + size, 0) };
}

const VITE = [join(ROOT, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"];
run("dashboard", join(ROOT, "web"), ...VITE);
run("embeds", join(ROOT, "web"), ...VITE, "--config", "vite.embed.config.ts");
run("tracker", join(ROOT, "packages/tracker"), "build.ts", "--site", WEB);
const folders = ["web/dist"];
if (!process.argv.includes("--site")) {
  run("bundles", ROOT, "scripts/bundles.ts");
  folders.push("packages/functions/dist");
}

const rows = [];
for (const folder of folders) {
  const { files, bytes } = await sizeOf(join(ROOT, folder));
  rows.push({ built: folder, files, KB: Math.round(bytes / 1000) });
}
console.table(rows);
