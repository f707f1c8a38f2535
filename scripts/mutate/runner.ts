import { collected, type CollectedTest, type Hook, type Suite } from "./collected.ts";

export interface Outcome {
  readonly test: CollectedTest;
  /** Undefined: it passed. */
  readonly error: unknown;
  /** Processor time, which a busy machine does not make longer. */
  readonly ms: number;
  /** The same of the `beforeAll` of suites that began with it. */
  readonly setUpMs: number;
}

/** A test did not come to an end. */
export class EndlessTest extends Error {}

// Kept from before any test puts its own timers in their place.
const { setTimeout, clearTimeout } = globalThis;

/** Stands for what the suites of a file do before its tests and after them, as an id does for a test. */
export function setUpOf(file: string): string {
  return `${file} > (set-up)`;
}

/**
 * Runs tests of one file in the order given, with the hooks of their suites, as Vitest does.
 * @param patience for one test, ms
 * @param around called before a test with its id, before what its suites do first or last with {@link setUpOf}, and with none after each
 * @param seen is told each outcome; false ends the run
 * @returns the error of a `beforeAll`, with which no test of its suite can run
 */
export async function runTests(
  tests: readonly CollectedTest[],
  {
    patience,
    around = () => {},
    seen,
  }: {
    patience: (test: CollectedTest) => number;
    around?: (id: string | undefined) => void;
    seen: (outcome: Outcome) => boolean;
  },
): Promise<unknown> {
  const opened: Suite[] = [];
  const undo: Hook[] = [];
  try {
    for (const test of tests) {
      const beforeSetUp = process.cpuUsage();
      around(setUpOf(test.file));
      for (const suite of test.suites) {
        if (opened.includes(suite)) continue;
        opened.push(suite);
        undo.push(...suite.afterAll);
        for (const hook of suite.beforeAll) undo.push(...cleanupOf(await hook()));
      }
      around(undefined);
      const setUpMs = processorMs(beforeSetUp);
      around(test.id);
      const begun = process.cpuUsage();
      const error = await errorOf(test, patience(test));
      around(undefined);
      if (!seen({ test, error, ms: processorMs(begun), setUpMs })) break;
    }
    return undefined;
  } catch (error) {
    return error;
  } finally {
    const [first] = tests;
    around(first && setUpOf(first.file));
    for (const hook of undo.reverse()) await Promise.resolve(hook()).catch(() => {});
    around(undefined);
  }
}

function processorMs(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1_000;
}

async function errorOf(test: CollectedTest, patience: number): Promise<unknown> {
  const undo: Hook[] = [];
  let failure: { error: unknown } | undefined;
  const attempt = async (run: () => unknown) => {
    try {
      await run();
    } catch (error) {
      failure ??= { error };
    }
  };
  collected.finishing = [];
  collected.running = test.file;
  await attempt(() =>
    withPatience(patience, async () => {
      for (const suite of test.suites) {
        for (const hook of suite.beforeEach) undo.push(...cleanupOf(await hook()));
      }
      await test.body();
    }),
  );
  const hooks = test.suites.toReversed().flatMap((suite) => suite.afterEach.toReversed());
  for (const hook of [...hooks, ...undo.reverse(), ...collected.finishing.reverse()]) {
    await attempt(() => withPatience(patience, async () => hook()));
  }
  return failure && (failure.error ?? new Error("thrown: nothing"));
}

/** What a `beforeEach` or `beforeAll` returns is called at the end when it is a function. */
function cleanupOf(returned: unknown): Hook[] {
  return typeof returned === "function" ? [returned as Hook] : [];
}

async function withPatience(ms: number, run: () => Promise<unknown>): Promise<void> {
  let timer;
  const over = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new EndlessTest(`not over after ${ms} ms`)), ms);
  });
  try {
    await Promise.race([run(), over]);
  } finally {
    clearTimeout(timer);
  }
}
