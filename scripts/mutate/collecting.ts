// What test files get for "vitest" while mutants are tried: Vitest's own `expect` and `vi`, and a `test` that only notes the test down,
// so that one process can run it again and again (runner.ts) in a fraction of a millisecond. It has what our quick tests use of
// Vitest; a file that uses more does not load, and is named.
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { collected, type Body, type CollectedTest, type Hook, type Suite } from "./collected.ts";

// Vitest's library asks for the state of the worker that it usually runs in, when it is loaded and by `expect.poll` and fake timers.
Object.assign(globalThis, {
  __vitest_worker__: {
    config: { fakeTimers: {}, expect: {}, sequence: {}, experimental: {} },
    ctx: {},
    environment: { name: "node" },
    rpc: {},
    providedContext: {},
  },
});
const library = await import("vitest");

export const { vi, assert, expectTypeOf } = library;
// `expect.poll` wants to know its test, to report to it what was not waited for.
export const expect = library.createExpect({ name: "", file: {}, promises: [], onFinished: [] } as never);
expect.extend({
  /** Against the reviewed text, which is never written here. */
  async toMatchFileSnapshot(text: unknown, name: string) {
    const reviewed = await readFile(resolve(dirname(collected.running), name), "utf8");
    return { pass: text === reviewed, message: () => `is not what was reviewed in ${name}` };
  },
});

let suites: Suite[] = [];
let file = "";

/** What is declared from now on is of this file. */
export function beginFile(name: string): void {
  file = name;
  collected.tests = [];
  suites = [{ name: "", beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] }];
}

function declareSuite(name: string, ...rest: readonly unknown[]): void {
  suites.push({ name, beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] });
  try {
    bodyOf(rest)();
  } finally {
    suites.pop();
  }
}

function declareTest(name: string, ...rest: readonly unknown[]): void {
  const names = [file, ...suites.map((suite) => suite.name), name].filter(Boolean).join(" > ");
  const same = collected.tests.filter((test) => test.names === names).length;
  const test: CollectedTest = {
    id: same === 0 ? names : `${names} (${same + 1})`,
    names,
    file,
    suites: [...suites],
    body: bodyOf(rest),
  };
  collected.tests.push(test);
}

/** `(name, body)`, `(name, options, body)` and `(name, body, timeout)` are all allowed. */
function bodyOf(rest: readonly unknown[]): Body {
  const body = rest.find((each) => typeof each === "function");
  if (body === undefined) throw new Error("A test without a body.");
  return body as Body;
}

/** A row that is a list, when all of them are, is the arguments; else it is the only one. */
const eachOf =
  (declare: typeof declareTest) =>
  (rows: readonly unknown[]) =>
  (name: string, ...rest: readonly unknown[]): void => {
    const body = bodyOf(rest);
    const areLists = rows.every(Array.isArray);
    rows.forEach((row, index) =>
      declare(`${name} [${index}]`, () => (areLists ? body(...(row as unknown[])) : body(row))),
    );
  };
const skip = (): void => {};

export const test = Object.assign(declareTest, { each: eachOf(declareTest), skip });
export const it = test;
export const describe = Object.assign(declareSuite, {
  each: eachOf(declareSuite),
  runIf: (condition: unknown) => (condition ? declareSuite : skip),
});

const hookOf = (kind: "beforeAll" | "afterAll" | "beforeEach" | "afterEach") => (hook: Hook) => {
  suites.at(-1)?.[kind].push(hook);
};
export const beforeAll = hookOf("beforeAll");
export const afterAll = hookOf("afterAll");
export const beforeEach = hookOf("beforeEach");
export const afterEach = hookOf("afterEach");
export const onTestFinished = (hook: Hook): void => void collected.finishing.push(hook);
export const inject = (): undefined => undefined;
