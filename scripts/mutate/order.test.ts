import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { planOf } from "./order.ts";
import type { Survey, SurveyedTest } from "./protocol.ts";
import { setUpOf } from "./runner.ts";

const CODE = "/p/src/time/zone.ts";
const at = (file: string, name: string, rest: Partial<SurveyedTest> = {}): SurveyedTest => ({
  id: `${file} > ${name}`,
  file,
  ms: 1,
  setUpMs: 0,
  isRepeatable: true,
  atFirst: { ms: 1, setUpMs: 0, ...rest },
  ...rest,
});
const BESIDE = at("/p/src/time/zone.test.ts", "beside");
const SAME_ROOM = at("/p/src/time/hour.test.ts", "same room");
const OTHER_ROOM = at("/p/src/query/plan.test.ts", "other room");
const url = (file: string) => pathToFileURL(file).href;
/** Every test comes by mutant 1 of CODE, unless something else is said. */
const surveyOf = (tests: readonly SurveyedTest[], coverage: Partial<Survey["coverage"]> = {}): Survey => ({
  tests,
  unusable: [],
  coverage: { static: {}, perTest: Object.fromEntries(tests.map(({ id }) => [id, { "1": 1 }])), ...coverage },
  imports: {
    [url(BESIDE.file)]: [url(CODE)],
    [url(OTHER_ROOM.file)]: [url("/p/src/query/plan.ts")],
    [url("/p/src/query/plan.ts")]: [url(CODE)],
    // Two modules that import each other, and not the code.
    [url(SAME_ROOM.file)]: [url("/p/src/time/hour.ts")],
    [url("/p/src/time/hour.ts")]: [url(SAME_ROOM.file)],
  },
});
const plan = (survey: Survey, ofFile?: string[]) => planOf({ id: "1", file: CODE }, survey, ofFile);
const ids = (tests: readonly { readonly id: string }[]) => tests.map(({ id }) => id.split(" > ")[1]);

test("the nearest tests come first, and those of a file in the order in which they stand there", () => {
  const after = at(BESIDE.file, "after", { ms: 0.5 });
  const { attempt, fresh, needsFresh } = plan(surveyOf([OTHER_ROOM, SAME_ROOM, BESIDE, after]));
  expect(ids(attempt)).toEqual(["beside", "after", "same room", "other room"]);
  expect([fresh, needsFresh]).toEqual([attempt, false]);
});

test("a test that does not come by the place is not tried, and a mutant that none comes by has no plan", () => {
  const perTest = { [BESIDE.id]: { "1": 1 }, [OTHER_ROOM.id]: { "2": 1 } };
  expect(ids(plan(surveyOf([BESIDE, OTHER_ROOM], { perTest })).attempt)).toEqual(["beside"]);
  expect(plan(surveyOf([BESIDE], { perTest: {} }))).toMatchObject({ attempt: [], fresh: [], needsFresh: false });
});

test("a mutant that takes effect while modules load is tried afresh, with all tests whose files load the module", () => {
  const { attempt, fresh, needsFresh, anew } = plan(
    surveyOf([OTHER_ROOM, SAME_ROOM, BESIDE], { static: { "1": 1 }, perTest: { [BESIDE.id]: { "1": 1 } } }),
  );
  expect(ids(attempt)).toEqual(["beside"]);
  expect(ids(fresh)).toEqual(["beside", "other room"]);
  expect(needsFresh).toBe(true);
  expect(anew?.toSorted()).toEqual(
    ["/p/src/query/plan.test.ts", "/p/src/query/plan.ts", "/p/src/time/zone.test.ts", CODE].map(url),
  );
});

test("of those, the tests that come by other code of the module are tried first: they are who uses it", () => {
  const idle = at(BESIDE.file, "idle", { ms: 0.5 });
  const perTest = { [BESIDE.id]: { "3": 1 }, [OTHER_ROOM.id]: { "2": 1 } };
  const survey = surveyOf([idle, BESIDE, OTHER_ROOM], { static: { "1": 1 }, perTest });
  expect(ids(plan(survey).fresh)).toEqual(["idle", "beside", "other room"]);
  expect(ids(plan(survey, ["1", "2"]).fresh)).toEqual(["other room", "idle", "beside"]);
});

test("a test that passes once in a process is tried afresh only", () => {
  const once = at(SAME_ROOM.file, "once", { isRepeatable: false });
  const { attempt, fresh, needsFresh, anew } = plan(surveyOf([once, BESIDE]));
  expect([ids(attempt), ids(fresh), needsFresh]).toEqual([["beside"], ["beside", "once"], true]);
  // What it left behind may be in any module.
  expect(anew).toBeUndefined();
});

test("tests are tried while they are within the time, the first in any case", () => {
  const slow = at(BESIDE.file, "slow", { ms: 60_000 });
  const slower = at(SAME_ROOM.file, "slower", { ms: 1_400 });
  expect(ids(plan(surveyOf([slow])).attempt)).toEqual(["slow"]);
  expect(ids(plan(surveyOf([slow, slower])).attempt)).toEqual(["slower"]);
});

test("slow tests come last, however near, and have their own time: many quick ones do not take it", () => {
  const slow = at(BESIDE.file, "slow", { ms: 900 });
  const many = Array.from({ length: 40 }, (_, i) => at(OTHER_ROOM.file, `quick ${i}`, { ms: 50 }));
  const { attempt } = plan(surveyOf([slow, at(BESIDE.file, "slower", { ms: 901 }), ...many]));
  expect(ids(attempt)).toEqual([...ids(many).slice(0, 30), "slow"]);
});

test("with modules that are loaded anew a test takes as long as the first time", () => {
  const cold = at(SAME_ROOM.file, "cold", { atFirst: { ms: 500, setUpMs: 0 } });
  const { attempt, fresh } = plan(
    surveyOf([cold, { ...OTHER_ROOM, isRepeatable: false }], {
      perTest: { [cold.id]: { "1": 1 }, [OTHER_ROOM.id]: { "1": 1 } },
    }),
  );
  expect(attempt).toEqual([{ id: cold.id, file: cold.file, ms: 1 }]);
  expect(fresh.map(({ ms }) => ms)).toEqual([1, 500]);
});

test("a test comes by what the suites of its file do before it, and needs no modules anew for that", () => {
  const perTest = { [setUpOf(OTHER_ROOM.file)]: { "1": 7 } };
  const { attempt, hitLimit, needsFresh } = plan(surveyOf([BESIDE, OTHER_ROOM], { perTest }));
  expect([ids(attempt), hitLimit, needsFresh]).toEqual([["other room"], 10_700, false]);
});

test("what a file does before its first test is counted once", () => {
  const setUpMs = 800;
  const [first, second] = [at(SAME_ROOM.file, "first", { setUpMs }), at(SAME_ROOM.file, "second", { setUpMs, ms: 2 })];
  const elsewhere = at(OTHER_ROOM.file, "elsewhere", { setUpMs });
  expect(ids(plan(surveyOf([elsewhere, first, second, BESIDE])).attempt)).toEqual(["beside", "first", "second"]);
});

test("a loop is endless far beyond the most rounds that a test makes", () => {
  const perTest = { [BESIDE.id]: { "1": 3 }, [OTHER_ROOM.id]: { "1": 1_000 } };
  expect(plan(surveyOf([BESIDE, OTHER_ROOM], { perTest })).hitLimit).toBe(110_000);
});
