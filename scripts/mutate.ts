// `npm run mutate -- PACKAGE [FILES…]`: changes the code in one small way after the other and runs the package's quick tests against
// each: what no test notices is either missing a test or means the same. Long: hours for a whole package on two cores.
import { Stryker } from "@stryker-mutator/core";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mistake, numberOf, readCommand } from "./command.ts";
import { GOAL, GOALS, isMutated, MUTATED } from "./mutate/packages.ts";
import { scoreOf, type Equivalent, type MutationReport } from "./mutate/score.ts";

const USAGE = `npm run mutate -- PACKAGE [FILES…]   changes the code in one place after the other: does a test notice?

  PACKAGE              one of ${Object.keys(MUTATED).join(", ")}
  FILES                globs inside the package, such as src/time/**. Default: all of its pure parts
  --at-once N          so many mutants are tried side by side. Default: 2
  --help`;

/** A mutant that loops is ended after this, ms: far above a test's time on a busy machine, or what is only slow counts as found. */
const TIMEOUT_MS = 60_000;

const { name, files, atOnce } = readCommand(
  USAGE,
  { options: { "at-once": { type: "string", default: "2" } }, allowPositionals: true },
  ({ values, positionals: [named = "", ...globs] }) => ({
    name: isMutated(named) ? named : mistake(`PACKAGE is "${named}"; it is one of ${Object.keys(MUTATED).join(", ")}.`),
    files: globs,
    atOnce: numberOf("at-once", values["at-once"], { least: 1, whole: true }),
  }),
);
const folder = `packages/${name}`;
const scratch = await mkdtemp(join(tmpdir(), "millrace-mutate-"));
const reportFile = join(scratch, "report.json");
try {
  await new Stryker({
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    mutate: [
      ...(files.length > 0 ? files : MUTATED[name]).map((glob) => `${folder}/${glob}`),
      `!${folder}/**/*.test.ts`,
      `!${folder}/**/index.ts`,
    ],
    vitest: { configFile: "scripts/mutate/vitest.config.ts", dir: folder, related: false },
    reporters: ["json", "progress-append-only"],
    jsonReporter: { fileName: reportFile },
    concurrency: atOnce,
    timeoutMS: TIMEOUT_MS,
    tempDirName: join(scratch, "sandbox"),
    // Stryker rewrites a tsconfig through TypeScript's old API, which version 7 does not have; nothing here needs it rewritten.
    tsconfigFile: "none",
    coverageAnalysis: "perTest",
  }).runMutationTest();
  const report = JSON.parse(await readFile(reportFile, "utf8")) as MutationReport;
  const known = JSON.parse(await readFile("scripts/mutate/equivalent.json", "utf8")) as Equivalent[];
  const { killed, timedOut, survivors, equivalent, stale, percent } = scoreOf(report, known);
  for (const { file, at, original, replacement, mutator, covered } of survivors) {
    console.log(
      `\n${file}:${at}  ${mutator}${covered ? "" : ", no test comes here"}\n  - ${original}\n  + ${replacement}`,
    );
  }
  for (const { file, line } of stale) console.log(`\nNot needed any more in equivalent.json: ${file}: ${line}`);
  const goal = GOALS[name] ?? GOAL;
  console.log(
    `\n${killed + timedOut} of ${killed + timedOut + survivors.length} found (${timedOut} by time), ` +
      `${equivalent} equivalent: ${percent.toFixed(1)} %, goal ${goal} %`,
  );
  process.exitCode = percent >= goal ? 0 : 1;
} finally {
  await rm(scratch, { recursive: true, force: true });
}
