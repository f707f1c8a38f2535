// `npm test`: every test there is. Starts the real servers the live suites need (OpenSearch, an SQS server, DynamoDB Local),
// makes sure of a Chromium and a Firefox, runs Vitest, stops everything, and closes with "N passed, N failed".
//   npm test                    everything
//   npm test -- --quick [ARGS]  only what needs nothing but npm packages
//   npm test -- PATTERN         the files that match, with the servers
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAssets } from "../packages/local/src/assets.ts";
import { findChromium } from "./chromium.ts";
import { findFirefox } from "./firefox.ts";
import { startAll } from "./servers/all.ts";
import { secondTry, verdict, type Verdict, type VitestReport } from "./test/verdict.ts";

/** Files that are tried a second time, at most. */
const MOST_TRIED_AGAIN = 6;

const args = process.argv.slice(2);
const quick = args.includes("--quick");
const rest = args.filter((argument) => argument !== "--quick");

// Built once, here: suites that start servers at the same time must not build the same folder at the same time.
await buildAssets((line) => console.log(line));
const folder = await mkdtemp(join(tmpdir(), "millrace-test-"));
const servers = quick ? { env: {}, stop: async () => {} } : await startAll({});
const browsers = async () => ({ CHROMIUM_PATH: await findChromium(), FIREFOX_PATH: await findFirefox() });
const env = { ...process.env, ...servers.env, ...(quick ? {} : await browsers()) };
const exclude = quick ? ["--exclude", "**/*.live.test.ts", "--exclude", "**/*.browser.test.ts"] : [];

/** One run of Vitest; what it found. */
async function run(name: string, patterns: readonly string[]): Promise<VitestReport> {
  const file = join(folder, `${name}.json`);
  const errors = join(folder, `${name}.unhandled`);
  const reporters = ["default", "json", "./scripts/test/unhandled.ts"].map((reporter) => `--reporter=${reporter}`);
  const vitest = ["node_modules/vitest/vitest.mjs", "run", ...reporters, `--outputFile.json=${file}`];
  const child = spawn(process.execPath, [...vitest, ...exclude, ...patterns], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...env, MILLRACE_UNHANDLED: errors },
  });
  await once(child, "exit");
  const unhandled = (await readFile(errors, "utf8")).split("\n").filter((line) => line !== "");
  return { ...(JSON.parse(await readFile(file, "utf8")) as Omit<VitestReport, "unhandled">), unhandled };
}

let found: Verdict;
try {
  const report = await run("report", rest);
  const twice = secondTry(report);
  // Many failures are no matter of chance, and an hour of CI is dear.
  const again = twice.length > 0 && twice.length <= MOST_TRIED_AGAIN ? await run("again", twice) : undefined;
  found = verdict(report, again, process.cwd());
} finally {
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}

// `.ci/run` repeats these lines under everything that came after the tests.
for (const line of found.lines) console.log(line);
const { passed, failed, skipped, unsteady } = found;
const also = [
  skipped > 0 ? `, ${skipped} skipped` : "",
  unsteady > 0 ? `, ${unsteady} of the passed at the second try` : "",
];
console.log(`\n${passed} passed, ${failed} failed${also.join("")}`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
