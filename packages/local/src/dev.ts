// `npm run dev`: the server, restarted when its source changes, and Vite's development server for the dashboard.
import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const WEB = join(ROOT, "web");
const START = fileURLToPath(new URL("start.ts", import.meta.url));
const VITE = join(dirname(createRequire(join(WEB, "package.json")).resolve("vite/package.json")), "bin/vite.js");

const children: ChildProcess[] = [run(["--watch", "--watch-preserve-output", START], ROOT), run([VITE], WEB)];
console.log("The dashboard is on Vite's address below; the APIs are on the server's.");

process.on("SIGINT", () => {}); // The terminal tells the children too; they end first.
process.on("SIGTERM", () => children.forEach((child) => child.kill("SIGTERM")));
for (const child of children) {
  child.on("exit", (code) => {
    for (const other of children) other.kill("SIGTERM");
    process.exitCode ??= code ?? 1;
  });
}

function run(args: readonly string[], cwd: string): ChildProcess {
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], { cwd, stdio: "inherit" });
}
