// `npm run mutate -- PACKAGE [FILES…]`: changes the code in one small way after the other and runs the package's quick tests against
// each: what no test notices is either missing a test or means the same. `--help` says the rest.
import { globSync, rmSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { mistake, numberOf, readCommand } from "./command.ts";
import { surveyOf, tryMutants, type Status } from "./mutate/campaign.ts";
import { instrument } from "./mutate/instrument.ts";
import { GOAL, GOALS, isLeftOut, isMutated, MUTATED, NOT_MUTATED } from "./mutate/packages.ts";
import { reportOf } from "./mutate/report.ts";
import { scoreOf, type Equivalent, type Survivor } from "./mutate/score.ts";

const USAGE = `npm run mutate -- PACKAGE [FILES…]   changes the code in one place after the other: does a test notice?

  PACKAGE              one of ${Object.keys(MUTATED).join(", ")}
  FILES                globs inside the package, such as 'src/time/**/*.ts'. Default: all of its pure parts
  --every N            tries each Nth change only: an estimate where there is no time for all. Default: 1
  --at-once N          so many processes try mutants. Default: 2
  --live               tests that need a server are tried, too (x.live.test.ts): its environment variable says where it is
  --help

Exit code 0: as many were noticed as is the goal, and every entry of scripts/mutate/equivalent.json about these files is needed.`;

const { name, globs, atOnce, every, live } = readCommand(
  USAGE,
  {
    options: {
      "at-once": { type: "string", default: "2" },
      every: { type: "string", default: "1" },
      live: { type: "boolean", default: false },
    },
    allowPositionals: true,
  },
  ({ values, positionals: [named = "", ...rest] }) => ({
    name: isMutated(named) ? named : mistake(`PACKAGE is "${named}"; it is one of ${Object.keys(MUTATED).join(", ")}.`),
    globs: rest,
    live: values.live,
    every: numberOf("every", values.every, { least: 1, whole: true }),
    atOnce: numberOf("at-once", values["at-once"], { least: 1, whole: true }),
  }),
);
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PROGRESS_MS = 15_000;
process.chdir(ROOT);
const folder = join(ROOT, "packages", name);
const sources = (globs.length > 0 ? globs : MUTATED[name])
  .flatMap((glob) => globSync(glob, { cwd: folder }))
  .filter((file) => file.endsWith(".ts") && !NOT_MUTATED.test(file))
  .map((file) => join(folder, file));
const tests = globSync("**/*.test.ts", { cwd: folder, exclude: ["**/node_modules/**"] })
  .filter((file) => !isLeftOut(file, { live }))
  .map((file) => join(folder, file));
const scratch = await mkdtemp(join(tmpdir(), "millrace-mutate-"));
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
    process.exit(1);
  });
try {
  process.exitCode = await run();
} finally {
  // Processes that tests had started may still be ending.
  await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
}

/** @returns the exit code */
async function run(): Promise<number> {
  const { mutants: all, code } = await instrument([...new Set(sources)].sort());
  const mutants = all.filter((_, index) => index % every === 0);
  const files = { code: join(scratch, "code.json"), threads: join(scratch, "threads.jsonl") };
  await writeFile(files.code, JSON.stringify(code));
  await writeFile(files.threads, "");
  const survey = await surveyOf(files, tests.sort());
  for (const { what, error } of survey.unusable) {
    console.log(`Cannot be used: ${relative(ROOT, what)}: ${error.split("\n", 1)[0]}`);
  }
  for (const { id, isRepeatable } of survey.tests) {
    if (!isRepeatable) console.log(`Passes only once in a process, which makes it slow here: ${relative(ROOT, id)}`);
  }
  console.log(
    `${mutants.length} of ${all.length} changes of ${Object.keys(code).length} files, ${survey.tests.length} tests.`,
  );

  const known = JSON.parse(await readFile("scripts/mutate/equivalent.json", "utf8")) as Equivalent[];
  const statuses = new Map<string, Status>();
  const told = new Set<string>();
  // What nobody noticed can be read, and a test for it written, while the others are still tried.
  const tell = async () => {
    const score = scoreOf(await reportOf(ROOT, mutants, statuses), known);
    for (const survivor of score.survivors) tellOnce(survivor, told);
    return score;
  };
  const tellHowFar = async () => {
    if (statuses.size === 0) return;
    const { percent } = await tell();
    console.log(`${statuses.size} of ${mutants.length} tried: ${percent.toFixed(1)} %`);
  };
  const progress = setInterval(() => void tellHowFar(), PROGRESS_MS);
  try {
    await tryMutants(mutants, survey, files, { atOnce, all, seen: ({ id }, status) => statuses.set(id, status) });
  } finally {
    clearInterval(progress);
  }
  const { killed, timedOut, survivors, equivalent, stale, percent } = await tell();
  // What was not tried cannot be said not to be needed.
  const unneeded = every === 1 ? stale : [];
  for (const { file, line, replacement } of unneeded) {
    console.log(`\nNot needed any more in equivalent.json: ${file}: ${line}  =>  ${replacement}`);
  }
  const goal = GOALS[name] ?? GOAL;
  const found = killed + timedOut;
  console.log(
    `\n${found} of ${found + survivors.length} found (${timedOut} by time), ` +
      `${equivalent} equivalent: ${percent.toFixed(1)} %, goal ${goal} %`,
  );
  return percent >= goal && unneeded.length === 0 ? 0 : 1;
}

function tellOnce(survivor: Survivor, told: Set<string>): void {
  const { file, at, column, original, replacement, mutator, covered } = survivor;
  const id = JSON.stringify([file, at, column, original, replacement]);
  if (told.has(id)) return;
  told.add(id);
  console.log(
    `\n${file}:${at}  ${mutator}${covered ? "" : ", no test comes here"}\n  - ${original}\n  + ${replacement}`,
  );
}
