// `npm run check`: everything that can be checked without running the product. Each step names itself and its time; the first
// failing one does not hide the others.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const STEPS: readonly { name: string; command: string; args: string[] }[] = [
  { name: "types", command: "tsc", args: ["-p", "."] },
  { name: "types of the tracker", command: "tsc", args: ["-p", "packages/tracker"] },
  {
    name: "types of the tracker's build and tests",
    command: "tsc",
    args: ["-p", "packages/tracker/tsconfig.node.json"],
  },
  { name: "types of the dashboard", command: "tsc", args: ["-p", "web"] },
  { name: "types of the example", command: "tsc", args: ["-p", "examples/host-app"] },
  // SST writes its components' types there once (320 MB), which `npx sst install`, a deploy or the stacks' own test do; that test
  // checks these types in any case.
  ...(existsSync(".sst/platform/node_modules/@types/archiver")
    ? [{ name: "types of the stacks", command: "tsc", args: ["-p", "stacks"] }]
    : []),
  { name: "lint and import boundaries", command: "oxlint", args: ["--type-aware", "--deny-warnings", "."] },
  { name: "format", command: "prettier", args: ["--check", "--log-level", "warn", "."] },
  { name: "unused code", command: "knip", args: [] },
  { name: "dependencies", command: "node", args: ["scripts/dependencies.ts"] },
  { name: "no secrets", command: "node", args: ["scripts/secrets.ts"] },
  { name: "docs/events.md is what the code says", command: "node", args: ["scripts/events-doc.ts", "--check"] },
];

const failed: string[] = [];
for (const { name, command, args } of STEPS) {
  const started = performance.now();
  const bin = command === "node" ? process.execPath : `node_modules/.bin/${command}`;
  const { status } = spawnSync(bin, args, {
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? "ok    " : "FAILED"}  ${name} (${seconds} s)`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`\nCheck failed: ${failed.join(", ")}.`);
  process.exit(1);
}
