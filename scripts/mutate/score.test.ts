import { expect, test } from "vitest";
import { scoreOf, type Equivalent, type MutationReport } from "./score.ts";

const FILE = "packages/core/src/a.ts";
const at = (line: number, from: number, to: number) => ({
  start: { line, column: from },
  end: { line, column: to },
});
const mutant = (status: string, replacement = "false") => ({
  status,
  mutatorName: "ConditionalExpression",
  replacement,
  location: at(2, 7, 12),
});
const reportOf = (...mutants: ReturnType<typeof mutant>[]): MutationReport => ({
  files: { [FILE]: { source: "one();\n  if (a > b) two();\n", mutants } },
});

test("killed and timed out count as found; what was ignored or did not compile counts for nothing", () => {
  const report = reportOf(
    mutant("Killed"),
    mutant("Timeout"),
    mutant("Survived"),
    mutant("Ignored"),
    mutant("CompileError"),
  );
  expect(scoreOf(report, [])).toMatchObject({ killed: 1, timedOut: 1, percent: 200 / 3 });
});

test("a survivor is named by file, line, what it was and what it became; one without coverage is one, too", () => {
  const { survivors } = scoreOf(reportOf(mutant("Survived"), mutant("NoCoverage", "true")), []);
  expect(survivors).toEqual([
    {
      file: FILE,
      at: 2,
      column: 7,
      line: "if (a > b) two();",
      original: "a > b",
      replacement: "false",
      mutator: "ConditionalExpression",
      covered: true,
    },
    {
      file: FILE,
      at: 2,
      column: 7,
      line: "if (a > b) two();",
      original: "a > b",
      replacement: "true",
      mutator: "ConditionalExpression",
      covered: false,
    },
  ]);
});

test("an equivalent mutant is left out of the score; an entry that matches nothing is stale, unless its file was not mutated", () => {
  const entry: Equivalent = { file: FILE, line: "if (a > b) two();", replacement: "true", reason: "b is always less" };
  const elsewhere = { ...entry, file: "packages/core/src/b.ts" };
  const stale = { ...entry, replacement: "a >= b" };
  const score = scoreOf(reportOf(mutant("Killed"), mutant("Survived", "true")), [entry, elsewhere, stale]);
  expect(score).toMatchObject({ equivalent: 1, survivors: [], stale: [stale], percent: 100 });
});

test("a report without a mutant is no perfect score but a mistake", () => {
  expect(() => scoreOf(reportOf(), [])).toThrow("Nothing was mutated");
  expect(() => scoreOf(reportOf(mutant("CompileError")), [])).toThrow("Nothing was mutated");
});
