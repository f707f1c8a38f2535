// `npm run user-agents`: how many labelled user agents are read right, by tier, with each mistake.
import { createUserAgents } from "@millrace/collector";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mistake, readCommand } from "./command.ts";
import { scoreOf, type Score } from "./user-agents/score.ts";

const ROOT = join(import.meta.dirname, "..");
const OURS = join(ROOT, "packages/collector/fixtures/user-agents.tsv");
/** Of mainstream agents and bots, for each of the things that are told. */
const FLOOR = 0.98;

const USAGE = `npm run user-agents -- [FILE.tsv] [--refresh]

  FILE.tsv    labelled agents: tier, user_agent, browser, browser_version, os, os_version, device, bot, tab-separated with a header;
              an empty cell is not scored. Default: those of the tests
  --refresh   installs the newest list of bots (isbot) first

Exit code: 1 when less than ${FLOOR * 100} % of the tier "core" are right in any column.
`;

const { file, refresh } = readCommand(
  USAGE,
  { options: { refresh: { type: "boolean" } }, allowPositionals: true },
  ({ values, positionals: [given, ...more] }) => ({
    file: more.length > 0 ? mistake(`"${more[0]}" is one word too many.`) : (given ?? OURS),
    refresh: values.refresh ?? false,
  }),
);
if (refresh) {
  execFileSync("npm", ["install", "isbot@latest", "--workspace", "packages/collector"], {
    cwd: ROOT,
    stdio: "inherit",
  });
}
const userAgents = createUserAgents();
const scores = scoreOf(readFileSync(file, "utf8"), userAgents);
for (const { tier, column, right, scored, mistakes } of scores) {
  console.log(
    `${tier.padEnd(6)}${column.padEnd(10)}${String(right).padStart(5)} of ${scored}  ${percent(right, scored)}`,
  );
  for (const each of mistakes) console.log(`        ${each}`);
}
process.exitCode = scores.every(isGood) ? 0 : 1;

function isGood({ tier, right, scored }: Score): boolean {
  return tier !== "core" || right >= scored * FLOOR;
}

function percent(right: number, scored: number): string {
  return scored === 0 ? "-" : `${((100 * right) / scored).toFixed(1)} %`;
}
