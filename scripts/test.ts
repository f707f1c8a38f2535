// `npm test`: every test there is. Starts the real servers the live suites need (OpenSearch, an SQS server, DynamoDB Local),
// makes sure of a Chromium and a Firefox, runs Vitest, stops everything, and closes with "N passed, N failed".
//   npm test                    everything
//   npm test -- --quick [ARGS]  only what needs nothing but npm packages
//   npm test -- PATTERN         the files that match, with the servers
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { buildAssets } from "../packages/local/src/assets.ts";
import { findChromium } from "./chromium.ts";
import { findFirefox } from "./firefox.ts";
import { startAll } from "./servers/all.ts";

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  success: boolean;
  testResults: { name: string; status: string; message: string; assertionResults: VitestCase[] }[];
}
interface VitestCase {
  fullName: string;
  status: string;
  failureMessages: string[];
}

const args = process.argv.slice(2);
const quick = args.includes("--quick");
const rest = args.filter((argument) => argument !== "--quick");

// Built once, here: suites that start servers at the same time must not build the same folder at the same time.
await buildAssets((line) => console.log(line));
const folder = await mkdtemp(join(tmpdir(), "millrace-test-"));
const reportFile = join(folder, "report.json");
const servers = quick ? { env: {}, stop: async () => {} } : await startAll({});
const browsers = async () => ({ CHROMIUM_PATH: await findChromium(), FIREFOX_PATH: await findFirefox() });
const env = { ...process.env, ...servers.env, ...(quick ? {} : await browsers()) };
const exclude = quick ? ["--exclude", "**/*.live.test.ts", "--exclude", "**/*.browser.test.ts"] : [];
const vitest = [
  "node_modules/vitest/vitest.mjs",
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${reportFile}`,
];

let status = 1;
try {
  status = await new Promise<number>((resolve) => {
    const child = spawn(process.execPath, [...vitest, ...exclude, ...rest], {
      stdio: ["ignore", "inherit", "inherit"],
      env,
    });
    child.on("exit", (code) => resolve(code ?? 1));
  });
} finally {
  await servers.stop();
}

const report = JSON.parse(await readFile(reportFile, "utf8")) as VitestReport;
await rm(folder, { recursive: true, force: true });
// A file that could not even be loaded has no failed test in it, yet it is a failure.
const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
// One line each, at the end: `.ci/run` repeats them under everything that came after the tests.
for (const file of broken) console.log(`FAILED: could not run ${relative(process.cwd(), file.name)}: ${file.message}`);
for (const { name, assertionResults } of report.testResults) {
  for (const { fullName, status, failureMessages } of assertionResults) {
    if (status !== "failed") continue;
    const why = (failureMessages[0] ?? "no message").split("\n", 1)[0] ?? "";
    console.log(`FAILED: ${relative(process.cwd(), name)} > ${fullName}: ${why.slice(0, 300)}`);
  }
}
const failed = report.numFailedTests + broken.length;
const skipped = report.numPendingTests + report.numTodoTests;
console.log(`\n${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exit(failed > 0 || status !== 0 || report.numPassedTests === 0 ? 1 : 0);
