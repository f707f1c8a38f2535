import { dirname, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { Cost, Survey, SurveyedTest, TestPlace } from "./protocol.ts";
import { setUpOf } from "./runner.ts";
import { hitLimitOf, type Hits } from "./switchboard.ts";

/** How one mutant is tried. */
export interface Plan {
  /** Tests that come by its place, with the modules that are loaded: milliseconds. */
  readonly attempt: readonly TestPlace[];
  readonly hitLimit: number;
  /** Tests to be tried with modules loaded anew when the attempt was not enough: ten times as long, and more. */
  readonly fresh: readonly TestPlace[];
  /** What is loaded anew, by URL: the mutant's module and all that import it, which is quicker than all modules and tells as much of loading. */
  readonly anew: readonly string[] | undefined;
  /** The attempt cannot tell all: the mutant takes effect while modules load, or a test of it passes only once. */
  readonly needsFresh: boolean;
}

/**
 * No more tests than take so much processor time together without a mutant, ms, of quick ones and after them of slow ones. What
 * would be noticed by others alone counts as not noticed.
 */
const BUDGET_MS = { quick: 1_500, slow: 1_500 };
/** A test that takes so long comes after those that do not, wherever they are: most mutants are found without it. */
const SLOW_MS = 100;

type Costing = (test: SurveyedTest) => Cost;
const again: Costing = (test) => test;
const atFirst: Costing = (test) => test.atFirst;

/**
 * @param file absolute, of the mutant
 * @param ofFile the ids of all mutants of that file
 */
export function planOf(
  mutant: { readonly id: string; readonly file: string },
  survey: Survey,
  ofFile: readonly string[] = [],
): Plan {
  const { perTest, static: atLoad } = survey.coverage;
  const hitsOf = (hits: Hits | undefined, id = mutant.id) => hits?.[id] ?? 0;
  const hitsBy = ({ id, file }: SurveyedTest, of = mutant.id) =>
    hitsOf(perTest[id], of) + hitsOf(perTest[setUpOf(file)], of);
  const covering = survey.tests.filter((test) => hitsBy(test) > 0);
  const isStatic = hitsOf(atLoad) > 0;
  const reaching = isStatic ? reachingFiles(mutant.file, survey.imports) : undefined;
  const ofLoading = survey.tests.filter((test) => reaching?.has(pathToFileURL(test.file).href));
  // Every test that loads the module counts, and most have no use for it: those that come by its code are the ones to notice.
  const usesModule = (test: SurveyedTest) => ofFile.some((id) => hitsBy(test, id) > 0);
  const hits = survey.tests.reduce((most, test) => Math.max(most, hitsBy(test)), hitsOf(atLoad));
  const repeatable = covering.filter((test) => test.isRepeatable);
  return {
    attempt: affordable(nearestFirst(mutant.file, repeatable), again),
    hitLimit: hitLimitOf(hits),
    fresh: affordable(
      isStatic ? first(nearestFirst(mutant.file, ofLoading), usesModule) : nearestFirst(mutant.file, covering),
      atFirst,
    ),
    anew: reaching && ![...covering, ...ofLoading].some((test) => !test.isRepeatable) ? [...reaching] : undefined,
    needsFresh: isStatic || covering.some((test) => !test.isRepeatable),
  };
}

/** The files that import the module, or a file that does, by URL. */
function reachingFiles(file: string, imports: Survey["imports"]): Set<string> {
  const importers = new Map<string, string[]>();
  for (const [from, modules] of Object.entries(imports)) {
    for (const module of modules) importers.set(module, [...(importers.get(module) ?? []), from]);
  }
  const reaching = new Set([pathToFileURL(file).href]);
  // A set that grows while it is walked is walked to its end.
  for (const module of reaching) for (const from of importers.get(module) ?? []) reaching.add(from);
  return reaching;
}

/** The tests beside the code before those of other folders; those of a file as they stand there, which is how they were found to pass. */
function nearestFirst(file: string, tests: readonly SurveyedTest[]): SurveyedTest[] {
  return tests
    .map((test) => ({ test, distance: distanceOf(file, test.file) }))
    .sort((a, b) => a.distance - b.distance || compare(a.test.file, b.test.file))
    .map(({ test }) => test);
}

function first<T>(all: readonly T[], is: (each: T) => boolean): T[] {
  const { wanted = [], others = [] } = Object.groupBy(all, (each) => (is(each) ? "wanted" : "others"));
  return [...wanted, ...others];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The code's own test is at 0, the others are at as many steps as there are between the folders, and one. */
function distanceOf(file: string, test: string): number {
  if (test === file.replace(/\.ts$/, ".test.ts")) return 0;
  return 1 + relative(dirname(file), dirname(test)).split("/").filter(Boolean).length;
}

/** What is tried of these tests, in this order: quick ones and then slow ones, each as many as are within their time, and one in any case. */
function affordable(tests: readonly SurveyedTest[], cost: Costing): TestPlace[] {
  const isSlow = (test: SurveyedTest) => cost(test).ms + cost(test).setUpMs > SLOW_MS;
  const { quick = [], slow = [] } = Object.groupBy(tests, (test) => (isSlow(test) ? "slow" : "quick"));
  const setUp = new Set<string>();
  const within = (some: readonly SurveyedTest[], budget: number) => {
    let spent = 0;
    return some.filter((test) => {
      const { ms, setUpMs } = cost(test);
      const costs = ms + (setUp.has(test.file) ? 0 : setUpMs);
      if (spent + costs > budget) return false;
      spent += costs;
      setUp.add(test.file);
      return true;
    });
  };
  const chosen = [...within(quick, BUDGET_MS.quick), ...within(slow, BUDGET_MS.slow)];
  const tried = chosen.length === 0 ? slow.slice(0, 1) : chosen;
  return tried.map((test) => ({ id: test.id, file: test.file, ms: cost(test).ms }));
}
