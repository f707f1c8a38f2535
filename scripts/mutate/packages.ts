/** What is mutated of each package: its pure parts, which its own quick tests must pin down. */
export const MUTATED = {
  core: ["event", "execution", "ledger", "partition", "ports", "query", "share", "source", "time", "values"].map(
    (room) => `src/${room}/**/*.ts`,
  ),
  ingest: ["src/**/*.ts"],
  queue: ["src/**/*.ts"],
  collector: ["src/**/*.ts"],
  access: ["src/**/*.ts"],
  query: ["src/**/*.ts"],
  "store-duckdb": ["src/**/*.ts"],
  "store-opensearch": [
    "src/{leaf,names,partitions,schema,term}.ts",
    "src/client/{backoff,failure}.ts",
    "src/query/**/*.ts",
  ],
} as const satisfies Record<string, readonly string[]>;

/** Lists of exports, and what only tests use. */
export const NOT_MUTATED = /(^|\/)(testing\/.*|(?:[^/]*-)?testing|index|[^/]*\.test)\.ts$/;

/** Random comparisons with the reference evaluator, and its own contract: they run for minutes, which no change is given. */
const LONG = /(^|\/)(contract\/|(differential|large-sets)\.test\.ts$)/;

/** Tests that are not tried: they run for minutes, or need a server that is not there. What only they would notice counts as not noticed. */
export function isLeftOut(test: string, { live }: { readonly live: boolean }): boolean {
  return test.endsWith(".browser.test.ts") || LONG.test(test) || (!live && test.endsWith(".live.test.ts"));
}

export type MutatedPackage = keyof typeof MUTATED;

/** Percent of the mutants that must be found. */
export const GOALS: Partial<Record<MutatedPackage, number>> = { core: 95 };
export const GOAL = 85;

export function isMutated(name: string): name is MutatedPackage {
  return Object.hasOwn(MUTATED, name);
}
