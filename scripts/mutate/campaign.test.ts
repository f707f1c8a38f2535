import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { surveyOf, tryMutants } from "./campaign.ts";
import { instrument, type Mutant } from "./instrument.ts";
import type { Survey } from "./protocol.ts";

const CODE = `
export const GREETING = "hello";
export function isMore(a: number, b: number) { return a > b; }
export function isNever() { return true; }
export function countTo(n: number) { let i = 0; while (i < n) i++; return i; }
let isStained = false;
export function stain(really: boolean) { if (really) isStained = true; return isStained; }
let kept: string | undefined;
export function keep() { kept ??= ["a", "b"].join("+"); return kept; }
let isOver = false;
export function once() { if (isOver) throw new Error("again"); isOver = true; return 1 < 2; }
export function isPlain(text: string) { return text.startsWith("p") || text.endsWith("n"); }
export function later(ms: number) { return new Promise<void>((resolve) => { if (ms > 0) setTimeout(resolve, ms); }); }
`;
const TESTS = `
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { countTo, GREETING, isMore, isPlain, keep, later, once, stain } from "./code.ts";
test("greets", () => expect(GREETING).toBe("hello"));
test.each([[2, 1, true], [1, 2, false]])("%s is more than %s: %s", (a, b, is) => expect(isMore(a, b)).toBe(is));
test("counts", () => expect(countTo(3)).toBe(3));
test("leaves no stain", () => expect(stain(false)).toBe(false));
test("keeps", () => expect(keep()).toBe("a+b"));
test("once", () => expect(once()).toBe(true));
describe("with hooks", () => {
  let count = 0;
  beforeEach(() => { vi.useFakeTimers(); count++; return () => { count--; }; });
  afterEach(() => { vi.useRealTimers(); });
  test("later", async () => {
    onTestFinished(() => expect(count).toBe(0));
    expect(count).toBe(1);
    const over = later(10);
    await vi.advanceTimersByTimeAsync(10);
    await over;
  });
});
describe("in their order", () => {
  const seen: string[] = [];
  beforeAll(() => { seen.length = 0; });
  test("before", () => {
    expect(isPlain("pin")).toBe(true);
    for (const end = performance.now() + 5; performance.now() < end;);
    expect(seen).toEqual([]);
  });
  test("after", () => { if (isPlain("pin")) seen.push("after"); });
});
test("waits", async () => { let n = 0; await expect.poll(() => ++n).toBe(2); });
test("is as reviewed", async () => { await expect(isMore(3, 3) ? "more" : "not more").toMatchFileSnapshot("reviewed.txt"); });
test("fails", () => expect(1).toBe(2));
`;
let folder: string;
let survey: Survey;
let mutants: readonly Mutant[];
const statuses = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-mutate-"));
  const [code, tests] = [join(folder, "code.ts"), join(folder, "code.test.ts")];
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await writeFile(code, CODE);
  await writeFile(tests, TESTS);
  await writeFile(join(folder, "reviewed.txt"), "not more");
  const instrumented = await instrument([code]);
  mutants = instrumented.mutants;
  const files = { code: join(folder, "code.json"), threads: join(folder, "threads.jsonl") };
  await writeFile(files.code, JSON.stringify(instrumented.code));
  await writeFile(files.threads, "");
  survey = await surveyOf(files, [tests]);
  // The mutant that never ends costs three seconds; the others a moment.
  await tryMutants(mutants, survey, files, { atOnce: 2, seen: ({ id }, status) => statuses.set(id, status) });
  expect(await readFile(code, "utf8")).toBe(CODE);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What became of the mutants of the line that has this text, by what they put there. */
function of(text: string): Record<string, string | undefined> {
  const line = CODE.split("\n").findIndex((each) => each.includes(text)) + 1;
  const there = mutants.filter((mutant) => mutant.location.start.line === line);
  return Object.fromEntries(there.map(({ id, replacement }) => [replacement, statuses.get(id)]));
}

test("a test that fails without a mutant is named and not used; one that passes once is known", () => {
  expect(survey.unusable).toEqual([
    { what: expect.stringContaining("fails"), error: expect.stringContaining("expected") },
  ]);
  expect(survey.tests.filter((each) => !each.isRepeatable).map(({ id }) => id)).toEqual([
    expect.stringContaining("once"),
  ]);
  expect(survey.tests).toHaveLength(12);
});

test("what a test notices is killed, what none notices survived, and what none comes by is without coverage", () => {
  expect(of("isMore")).toMatchObject({ "a <= b": "Killed", "a >= b": "Killed", true: "Killed", "{}": "Killed" });
  expect(of("isNever")).toEqual({ "{}": "NoCoverage", false: "NoCoverage" });
});

test("a loop that has no end counts as found by time, and so does a promise that nobody keeps", () => {
  expect(of("countTo")).toMatchObject({ "i--": "Timeout", "i <= n": "Killed" });
  expect(of("later")).toMatchObject({ "ms <= 0": "Timeout", "ms >= 0": "Survived" });
});

test("what takes effect while the module loads is tried, too", () => {
  expect(of("GREETING")).toEqual({ '""': "Killed" });
});

test("a mutant that leaves something behind is found by itself, and its neighbours are not counted for it", () => {
  expect(of("stain")).toMatchObject({ true: "Killed" });
});

test("tests of a file are tried in its order: what one leaves to those before it is no work of a mutant's", () => {
  expect(of("isPlain")).toMatchObject({ 'text.startsWith("p") && text.endsWith("n")': "Survived", "{}": "Killed" });
});

test("what is kept from the first time on, and a test that passes once, are tried in a fresh process", () => {
  expect(of("keep")).toMatchObject({ '""': "Killed", "[]": "Killed" });
  expect(of("once()")).toMatchObject({ "1 >= 2": "Killed", "1 <= 2": "Survived" });
});
