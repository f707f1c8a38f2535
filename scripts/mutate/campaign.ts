import { readFile } from "node:fs/promises";
import type { Mutant } from "./instrument.ts";
import { planOf, type Plan } from "./order.ts";
import type { Attempt, Survey, Verdict } from "./protocol.ts";
import type { Hits } from "./switchboard.ts";
import { SilentWorker, startWorker, type TestWorker, type WorkerFiles } from "./workers.ts";

/** What became of a mutant, in the words of StrykerJS's reports. */
export type Status = "Killed" | "Timeout" | "Survived" | "NoCoverage";

/** Loading and running everything once, and again, on a busy machine, ms. */
const SURVEY_SILENCE_MS = 600_000;

/** Runs all tests without a mutant, which tells what they come by. */
export async function surveyOf(files: WorkerFiles, tests: readonly string[]): Promise<Survey> {
  const worker = startWorker(files, SURVEY_SILENCE_MS);
  try {
    return withThreads(await worker.ask("survey", { files: tests }), await readFile(files.threads, "utf8"));
  } finally {
    worker.end();
  }
}

/** Adds what the threads that tests started came by. */
function withThreads(survey: Survey, lines: string): Survey {
  const perTest: Record<string, Hits> = { ...survey.coverage.perTest };
  for (const line of lines.split("\n").filter(Boolean)) {
    const { test, hits } = JSON.parse(line) as { test: string; hits: Hits };
    perTest[test] = { ...hits, ...perTest[test] };
  }
  return { ...survey, coverage: { ...survey.coverage, perTest } };
}

interface TryOptions {
  /** So many processes try mutants. */
  readonly atOnce: number;
  /** Those that are not tried now, too: the survey knows which tests come by them. */
  readonly all?: readonly Mutant[];
  /** Is told each result. */
  readonly seen: (mutant: Mutant, status: Status) => void;
}

/** Tries every mutant. */
export async function tryMutants(
  mutants: readonly Mutant[],
  survey: Survey,
  files: WorkerFiles,
  { atOnce, all = mutants, seen }: TryOptions,
): Promise<void> {
  const ids = new Map([...Map.groupBy(all, ({ file }) => file)].map(([file, its]) => [file, its.map(({ id }) => id)]));
  // One iterator for all lanes: each takes the next mutant that nobody has taken.
  const left = mutants.values();
  const lane = async () => {
    using bench = createBench(files);
    for (const mutant of left) {
      const plan = planOf(mutant, survey, ids.get(mutant.file));
      seen(mutant, plan.fresh.length === 0 ? "NoCoverage" : statusOf(await judge(mutant.id, plan, bench)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

/** The quick way first; where it cannot tell, with modules loaded anew; where something else was in the way, in a new process. */
async function judge(
  mutant: string,
  { attempt, fresh, hitLimit, needsFresh, anew }: Plan,
  bench: Bench,
): Promise<Verdict["outcome"]> {
  if (attempt.length > 0) {
    const outcome = await bench.attempt({ mutant, hitLimit, tests: attempt, isFresh: false });
    if (outcome === "killed" || outcome === "endless" || (outcome === "survived" && !needsFresh)) return outcome;
  }
  const again = { mutant, hitLimit, tests: fresh, isFresh: true, anew };
  const outcome = await bench.attempt(again);
  return outcome === "unsure" ? bench.attempt(again) : outcome;
}

interface Bench extends Disposable {
  attempt(attempt: Attempt): Promise<Verdict["outcome"]>;
}

/** One process after the other: a new one whenever the last is spent. */
function createBench(files: WorkerFiles): Bench {
  let worker: TestWorker | undefined;
  const renew = () => {
    worker?.end();
    worker = undefined;
  };
  return {
    async attempt(attempt) {
      worker ??= startWorker(files);
      try {
        const { outcome, isSpent } = await worker.ask("attempt", attempt);
        if (isSpent) renew();
        return outcome;
      } catch (error) {
        renew();
        return error instanceof SilentWorker ? "endless" : "unsure";
      }
    },
    [Symbol.dispose]: renew,
  };
}

function statusOf(outcome: Verdict["outcome"]): Status {
  switch (outcome) {
    case "killed":
      return "Killed";
    case "endless":
      return "Timeout";
    case "survived":
    case "unsure":
    case "untouched":
      return "Survived";
  }
}
