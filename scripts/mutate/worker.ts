// The process that runs the tests, over and over. Started by workers.ts, told by messages (protocol.ts).
import { pathToFileURL } from "node:url";
import { collected, type CollectedTest } from "./collected.ts";
import { beginFile } from "./collecting.ts";
import type { Attempt, Order, Survey, SurveyedTest, TestPlace, Verdict } from "./protocol.ts";
import { EndlessTest, runTests, type Outcome } from "./runner.ts";
import { coverFor, switchboard, withMutant } from "./switchboard.ts";

/** A test has so long, ms, and so many times what it takes without a mutant: far more than it needs, or what is only slow counts as found. */
const PATIENCE_MS = 3_000;
const PATIENCE_TIMES = 10;
/** What runs in the survey may take its time. */
const SURVEY_PATIENCE_MS = 300_000;
/** Modules are never forgotten: a process that has loaded them so often is large. */
const MOST_GENERATIONS = 200;

const send = process.send?.bind(process) ?? (() => process.exit(2));
const loading: NonNullable<typeof globalThis.millraceLoading> = (globalThis.millraceLoading ??= {
  generation: 0,
  imports: new Map(),
});
/** The test files, as they were loaded without a mutant. */
const loadedFirst = new Map<string, Promise<readonly CollectedTest[]>>();
let loaded = loadedFirst;
let generations = 0;

// A promise that a mutant left behind must not end the process; the test that should have waited for it is there to tell.
process.on("unhandledRejection", () => {});
process.on("uncaughtException", () => {});
process.on("disconnect", () => process.exit());
process.on("message", (order: Order) => {
  const answer: Promise<unknown> = order.name === "survey" ? survey(order.args.files) : attempt(order.args);
  answer.then(
    (result) => send({ result }),
    (error: unknown) => send({ error: textOf(error) }),
  );
});

/** Loads the file, unless this generation of modules has it. */
function testsOf(file: string): Promise<readonly CollectedTest[]> {
  const known = loaded.get(file);
  if (known) return known;
  beginFile(file);
  const tests = import(pathToFileURL(file).href).then(() => collected.tests);
  loaded.set(file, tests);
  return tests;
}

/** From now on modules are loaded anew: those that are named, or all of ours. */
function beginGeneration(anew: readonly string[] | undefined): void {
  loading.generation = ++generations;
  loading.anew = anew && new Set(anew);
  loaded = new Map();
}

/** What a mutant was on for while it was loaded is not for the next one. */
function backToFirst(): void {
  loading.generation = 0;
  loaded = loadedFirst;
}

async function survey(files: readonly string[]): Promise<Survey> {
  const unusable: { what: string; error: string }[] = [];
  const tests: SurveyedTest[] = [];
  const run = async (ofFile: readonly CollectedTest[], around: (id: string | undefined) => void) => {
    const outcomes: Outcome[] = [];
    const error = await runTests(ofFile, {
      patience: () => SURVEY_PATIENCE_MS,
      around,
      seen(outcome) {
        send({ alive: true });
        outcomes.push(outcome);
        return true;
      },
    });
    if (error !== undefined) unusable.push({ what: ofFile[0]?.file ?? "", error: textOf(error) });
    return outcomes;
  };
  for (const file of files) {
    await testsOf(file).catch((error: unknown) => unusable.push({ what: file, error: textOf(error) }));
  }
  for (const file of files) {
    const outcomes = await run(await testsOf(file).catch(() => []), coverFor);
    const passed = outcomes.filter(({ error }) => error === undefined);
    for (const { test, error } of outcomes)
      if (error !== undefined) unusable.push({ what: test.id, error: textOf(error) });
    // Not counted for the tests: what runs only the first time is what counts. Not for the loading either.
    const again = await run(
      passed.map(({ test }) => test),
      (id) => coverFor(id && "again"),
    );
    const repeated = new Map(
      again.flatMap(({ test, error, ms }) => (error === undefined ? [[test.id, ms] as const] : [])),
    );
    const [setUpMs, setUpAgainMs] = [setUpOfAll(outcomes), setUpOfAll(again)];
    for (const { test, ms } of passed) {
      const atFirst = { ms, setUpMs };
      const msAgain = repeated.get(test.id);
      const cost = msAgain === undefined ? atFirst : { ms: msAgain, setUpMs: setUpAgainMs };
      tests.push({ id: test.id, file, ...cost, atFirst, isRepeatable: msAgain !== undefined });
    }
  }
  return {
    tests,
    coverage: switchboard.mutantCoverage ?? { static: {}, perTest: {} },
    imports: Object.fromEntries([...loading.imports].map(([from, to]) => [from, [...to]])),
    unusable,
  };
}

async function attempt(order: Attempt): Promise<Verdict> {
  try {
    return await verdictOf(order);
  } finally {
    backToFirst();
  }
}

async function verdictOf({ mutant, hitLimit, tests, isFresh, anew }: Attempt): Promise<Verdict> {
  if (isFresh) beginGeneration(anew);
  let isTouched = false;
  for (const places of runsOf(tests)) {
    const [{ file } = { file: "" }] = places;
    // Else the mutant would be in what is loaded now for good, and in the way of those that follow.
    if (!isFresh) await testsOf(file).catch(() => {});
    const { result: failure, hits } = await withMutant(mutant, hitLimit, () => firstFailure(file, places));
    isTouched ||= hits > 0;
    if (!failure) continue;
    if (isFresh) beginGeneration(anew);
    // With those before it: what one of them leaves behind is no work of the mutant's.
    const last = places.findIndex(({ id }) => id === failure.test?.id);
    const again = await firstFailure(file, last < 0 ? places : places.slice(0, last + 1));
    const isSpent = again !== undefined || failure.error instanceof EndlessTest || isOld();
    return { outcome: again ? "unsure" : outcomeOf(failure.error), isSpent };
  }
  return { outcome: isTouched || isFresh ? "survived" : "untouched", isSpent: isOld() };
}

function setUpOfAll(outcomes: readonly Outcome[]): number {
  return outcomes.reduce((sum, outcome) => sum + outcome.setUpMs, 0);
}

/** Tests that follow each other in one file: their suites are set up once. */
function runsOf(tests: readonly TestPlace[]): TestPlace[][] {
  const runs: TestPlace[][] = [];
  for (const test of tests) {
    const run = runs.at(-1);
    if (run?.[0]?.file === test.file) run.push(test);
    else runs.push([test]);
  }
  return runs;
}

function isOld(): boolean {
  return generations > MOST_GENERATIONS;
}

interface Failure {
  /** None: the file did not load, or a `beforeAll` failed. */
  readonly test?: CollectedTest;
  readonly error: unknown;
}

async function firstFailure(file: string, places: readonly TestPlace[]): Promise<Failure | undefined> {
  let failure: Failure | undefined;
  try {
    const msOf = new Map(places.map(({ id, ms }) => [id, ms]));
    const byId = new Map((await testsOf(file)).map((test) => [test.id, test]));
    const error = await runTests(
      places.flatMap(({ id }) => byId.get(id) ?? []),
      {
        patience: ({ id }) => PATIENCE_MS + PATIENCE_TIMES * (msOf.get(id) ?? 0),
        seen(outcome) {
          send({ alive: true });
          if (outcome.error !== undefined) failure = outcome;
          return failure === undefined;
        },
      },
    );
    return failure ?? (error === undefined ? undefined : { error });
  } catch (error) {
    return { error };
  }
}

function outcomeOf(error: unknown): "killed" | "endless" {
  return error instanceof EndlessTest || textOf(error).includes("Hit count limit reached") ? "endless" : "killed";
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
