import { dirname, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { Survey, SurveyedTest, TestPlace } from "./protocol.ts";
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
 * No more tests than take so much processor time together without a mutant, ms. What would be noticed by slower tests alone counts as not noticed.
 */
const BUDGET_MS = 3_000;
/** A test that takes so long comes after those that do not, wherever they are: most mutants are found without it. */
const SLOW_MS = 100;

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
  const covering = nearestFirst(
    mutant.file,
    survey.tests.filter((test) => hitsOf(perTest[test.id]) > 0),
  );
  const isStatic = hitsOf(atLoad) > 0;
  const reaching = isStatic ? reachingFiles(mutant.file, survey.imports) : undefined;
  const ofLoading = survey.tests.filter((test) => reaching?.has(pathToFileURL(test.file).href));
  // Every test that loads the module counts, and most have no use for it: those that come by its code are the ones to notice.
  const usesModule = (test: SurveyedTest) => ofFile.some((id) => hitsOf(perTest[test.id], id) > 0);
  const hits = survey.tests.reduce((most, test) => Math.max(most, hitsOf(perTest[test.id])), hitsOf(atLoad));
  return {
    attempt: affordable(covering.filter((test) => test.isRepeatable)),
    hitLimit: hitLimitOf(hits),
    fresh: affordable(isStatic ? first(nearestFirst(mutant.file, ofLoading), usesModule) : covering),
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

/** Slow tests last; the tests beside the code before those of other folders, and quick ones of a file before others. */
function nearestFirst(file: string, tests: readonly SurveyedTest[]): SurveyedTest[] {
  return tests
    .map((test) => ({ test, distance: distanceOf(file, test.file), isSlow: Number(test.ms + test.setUpMs > SLOW_MS) }))
    .sort(
      (a, b) =>
        a.isSlow - b.isSlow || a.distance - b.distance || compare(a.test.file, b.test.file) || a.test.ms - b.test.ms,
    )
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

/** The first in any case, then as many as are within the time, with what their files do before the first of their tests. */
function affordable(tests: readonly SurveyedTest[]): TestPlace[] {
  let spent = 0;
  const setUp = new Set<string>();
  return tests
    .filter(({ file, ms, setUpMs }, index) => {
      const cost = ms + (setUp.has(file) ? 0 : setUpMs);
      if (index > 0 && spent + cost > BUDGET_MS) return false;
      spent += cost;
      setUp.add(file);
      return true;
    })
    .map(({ id, file, ms }) => ({ id, file, ms }));
}
