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

/**
 * Tests that are not tried: they need a server that is not there, or, as the contract suites do, run for minutes. What only they would notice
 * counts as not noticed.
 */
export function isLeftOut(test: string, { live }: { readonly live: boolean }): boolean {
  return /\.browser\.test\.ts$|(^|\/)contract\//.test(test) || (!live && test.endsWith(".live.test.ts"));
}

export type MutatedPackage = keyof typeof MUTATED;

/** Percent of the mutants that must be found. */
export const GOALS: Partial<Record<MutatedPackage, number>> = { core: 95 };
export const GOAL = 85;

export function isMutated(name: string): name is MutatedPackage {
  return Object.hasOwn(MUTATED, name);
}
