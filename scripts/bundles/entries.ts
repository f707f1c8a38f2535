import { FUNCTIONS, type FunctionName } from "../../packages/functions/src/settings.ts";

/** A function that the stacks deploy. */
export interface Entry {
  /** File name without its ending, such as `ingest`. */
  readonly name: FunctionName;
  /** Path from the repository's root. */
  readonly file: string;
}

/** All functions, by name: those of the table of settings, which the stacks must deploy one and all. */
export const ENTRIES: readonly Entry[] = (Object.keys(FUNCTIONS) as FunctionName[])
  .sort()
  .map((name) => ({ name, file: `packages/functions/src/${name}.ts` }));
