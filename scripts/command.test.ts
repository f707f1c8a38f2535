import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const NODE_FLAG = "--disable-warning=ExperimentalWarning";
const run = (file: string, args: readonly string[]) => {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [NODE_FLAG, path, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
};

const COMMANDS = [
  "scripts/compat.ts",
  "scripts/cost.ts",
  "scripts/faults.ts",
  "scripts/fuzz.ts",
  "scripts/mutate.ts",
  "scripts/schemathesis.ts",
  "scripts/soak.ts",
  "scripts/deploy-role.ts",
  "scripts/admin.ts",
  "packages/local/src/link.ts",
  "packages/local/src/start.ts",
  "bench/simulate.ts",
];

test.each(COMMANDS)("%s says how it is used, and what was wrong in the way it was", (file) => {
  const help = run(file, ["--help"]);
  expect([help.status, help.stderr]).toEqual([0, ""]);
  expect(help.stdout).toMatch(/npm (run|start)/);
  const wrong = run(file, ["--nonsense"]);
  expect([wrong.status, wrong.stdout]).toEqual([2, ""]);
  expect(wrong.stderr).toContain("'--nonsense'");
  expect(wrong.stderr).toContain(help.stdout.trim());
  expect(wrong.stderr).not.toMatch(/^\s+at /m);
});

test.each([
  ["scripts/cost.ts", ["--events", "many"], '--events is "many"'],
  ["scripts/cost.ts", ["--events", "1e6", "--domain", "tiny"], "--domain is one of"],
  ["scripts/cost.ts", ["--stage", "production"], "--stage is of --measured"],
  ["scripts/cost.ts", ["--measured", "--stage", "a", "--url", "http://b"], "two installations"],
  ["scripts/faults.ts", ["--kills", "0.5"], '--kills is "0.5"'],
  ["scripts/mutate.ts", ["nothing"], 'PACKAGE is "nothing"'],
  ["scripts/schemathesis.ts", ["--seconds", "0"], '--seconds is "0"'],
  ["scripts/fuzz.ts", ["--requests", ""], '--requests is ""'],
  ["scripts/soak.ts", ["--minutes=-1"], '--minutes is "-1"'],
  ["scripts/admin.ts", ["change", "p", "--addresses", "some"], '--addresses is "some"'],
  ["scripts/admin.ts", ["people", "invite", "a@b", "--role", "king"], '"king" is no role'],
  ["scripts/admin.ts", ["projects", "--role", "owner"], "--role means nothing to projects"],
  ["scripts/admin.ts", ["keys", "rotate", "p"], "Say which kind of key"],
  ["bench/simulate.ts", ["--days", "0"], '--days is "0"'],
  ["scripts/deploy-role.ts", ["/nowhere/calls.jsonl"], "/nowhere/calls.jsonl"],
])("%s %j is a mistake that is named", (file, args, message) => {
  const { status, stderr } = run(file, args);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});
