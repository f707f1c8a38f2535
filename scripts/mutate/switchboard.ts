/**
 * What the instrumented code reads and writes on `globalThis`: which mutant is on, and which mutants the running test came by. The names
 * are StrykerJS's, and its code looks for the mutant in the environment, too, when it is loaded: so a worker thread, which gets a
 * copy of the environment, has the mutant of the test that starts it.
 */
interface Switchboard {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: Coverage;
}

/** How often each mutant was come by: while modules loaded and suites were set up, and by each test. */
export interface Coverage {
  readonly static: Hits;
  readonly perTest: Readonly<Record<string, Hits>>;
}

export type Hits = Readonly<Record<string, number>>;

/** Read by the instrumented code of a thread. */
const MUTANT_VARIABLE = "__STRYKER_ACTIVE_MUTANT__";
/** The test that starts a thread: whose coverage it is. */
export const TEST_VARIABLE = "MILLRACE_MUTATE_TEST";
/** The file with the instrumented code, and the one that threads append their coverage to. */
export const CODE_VARIABLE = "MILLRACE_MUTATE_CODE";
export const THREADS_VARIABLE = "MILLRACE_MUTATE_THREADS";

declare global {
  var __stryker__: Switchboard | undefined;
}

export const switchboard: Switchboard = (globalThis.__stryker__ ??= {});

/** Beyond so many rounds a loop counts as endless: far beyond what the tests need without the mutant. */
export function hitLimitOf(hits: number): number {
  return 100 * hits + 10_000;
}

/** Switches a mutant on until the function has ended. @returns what it returned, and how often the mutant's place was come by */
export async function withMutant<Result>(
  id: string,
  hitLimit: number,
  run: () => Promise<Result>,
): Promise<{ result: Result; hits: number }> {
  switchboard.activeMutant = process.env[MUTANT_VARIABLE] = id;
  switchboard.hitLimit = hitLimit;
  switchboard.hitCount = 0;
  try {
    const result = await run();
    return { result, hits: switchboard.hitCount };
  } finally {
    switchboard.activeMutant = switchboard.hitCount = switchboard.hitLimit = undefined;
    delete process.env[MUTANT_VARIABLE];
  }
}

/** Counts what is come by for this test, until it is called without one. */
export function coverFor(test: string | undefined): void {
  switchboard.currentTestId = test;
  if (test === undefined) delete process.env[TEST_VARIABLE];
  else process.env[TEST_VARIABLE] = test;
}
