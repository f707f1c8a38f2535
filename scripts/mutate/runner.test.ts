import { beforeEach, expect, test } from "vitest";
import { collected, type CollectedTest, type Suite } from "./collected.ts";
import { EndlessTest, runTests, setUpOf, type Outcome } from "./runner.ts";

let log: string[];
let outcomes: Outcome[];
beforeEach(() => {
  log = [];
  outcomes = [];
});
const suite = (name: string, hooks: Partial<Suite> = {}): Suite => ({
  name,
  beforeAll: [() => log.push(`before all of ${name}`)],
  afterAll: [() => log.push(`after all of ${name}`)],
  beforeEach: [() => void log.push(`before each of ${name}`)],
  afterEach: [() => log.push(`after each of ${name}`)],
  ...hooks,
});
const makeTest = (id: string, suites: readonly Suite[], body: () => unknown = () => log.push(id)): CollectedTest => ({
  id,
  names: id,
  file: "file",
  suites,
  body,
});
const run = (tests: readonly CollectedTest[], goesOn = true) =>
  runTests(tests, { patience: () => 50, seen: (outcome) => (outcomes.push(outcome), goesOn) });
const throws = (message: string) => () => {
  throw new Error(message);
};

test("hooks run around their tests, the outer suite's outside, once for all or for each", async () => {
  const [outer, inner] = [suite("outer"), suite("inner")];
  expect(await run([makeTest("a", [outer, inner]), makeTest("b", [outer])])).toBeUndefined();
  expect(log.join(", ")).toBe(
    "before all of outer, before all of inner, " +
      "before each of outer, before each of inner, a, after each of inner, after each of outer, " +
      "before each of outer, b, after each of outer, " +
      "after all of inner, after all of outer",
  );
});

test("what is come by is told apart: by a test with its own hooks, by what its suites do once, and by neither", async () => {
  const during: (string | undefined)[] = [];
  let now: string | undefined;
  const note = () => void during.push(now);
  const noting = suite("s", { beforeAll: [() => (note(), note)], beforeEach: [note], afterEach: [], afterAll: [] });
  await runTests([makeTest("a", [noting], note)], { patience: () => 50, around: (id) => (now = id), seen: () => true });
  expect(during).toEqual([setUpOf("file"), "a", "a", setUpOf("file")]);
  expect(now).toBeUndefined();
});

test("what a hook returns, and what a test wants done at its end, is called at the end", async () => {
  const undoing = suite("s", {
    beforeAll: [() => () => log.push("undone all")],
    beforeEach: [() => () => log.push("undone")],
  });
  const body = () => collected.finishing.push(() => log.push("finished"));
  await run([makeTest("a", [undoing], body)]);
  expect(log).toEqual(["after each of s", "undone", "finished", "undone all", "after all of s"]);
});

test("a failure of a test, of a hook of its, or of what it wants done, is the test's; its hooks run all the same", async () => {
  const tests = [
    makeTest("body", [suite("s")], throws("body")),
    makeTest("before", [suite("t", { beforeEach: [throws("before")] })]),
    makeTest("after", [suite("u", { afterEach: [throws("after")] })]),
    makeTest("finish", [], () => collected.finishing.push(throws("finish"))),
    makeTest("good", []),
  ];
  await run(tests);
  expect(outcomes.map(({ test, error }) => [test.id, (error as Error | undefined)?.message])).toEqual([
    ["body", "body"],
    ["before", "before"],
    ["after", "after"],
    ["finish", "finish"],
    ["good", undefined],
  ]);
  expect(log).toContain("after each of s");
});

test("a suite that cannot begin ends the run with its error, and is cleaned up", async () => {
  const broken = suite("s", { beforeAll: [throws("no server")] });
  expect(await run([makeTest("a", [broken])])).toEqual(new Error("no server"));
  expect([outcomes, log]).toEqual([[], ["after all of s"]]);
});

test("a run ends where it is told to, and a test that does not end is given up", async () => {
  const endless = makeTest("endless", [suite("s")], () => new Promise(() => {}));
  await run([endless, makeTest("never", [])], false);
  expect(outcomes.map(({ error }) => error)).toEqual([expect.any(EndlessTest)]);
  expect(log).toContain("after each of s");
});
