import type { Coverage } from "./switchboard.ts";

/** What a worker is told to do, one after the other, and what it answers. */
export interface Orders {
  /** Runs every test of the files twice, without a mutant. */
  survey: { args: { files: readonly string[] }; result: Survey };
  /** Runs the tests in the order given, with the mutant, until one fails. */
  attempt: { args: Attempt; result: Verdict };
}

export type OrderName = keyof Orders;
export type Order = { [Name in OrderName]: { name: Name; args: Orders[Name]["args"] } }[OrderName];

export interface TestPlace {
  readonly id: string;
  readonly file: string;
  /** Processor time without a mutant, ms. */
  readonly ms: number;
}

export interface Attempt {
  readonly mutant: string;
  readonly hitLimit: number;
  readonly tests: readonly TestPlace[];
  /** With modules that are loaded anew while the mutant is on. Else with those that are there. */
  readonly isFresh: boolean;
  /** Which modules are, by URL. None: all of ours. */
  readonly anew?: readonly string[] | undefined;
}

export interface Survey {
  readonly tests: readonly SurveyedTest[];
  readonly coverage: Coverage;
  /** By URL: what each module imports. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
  /** What cannot be used, and why: files that do not load, tests that fail without a mutant. */
  readonly unusable: readonly { readonly what: string; readonly error: string }[];
}

/** What a test takes, processor time without a mutant. */
export interface Cost {
  readonly ms: number;
  /** Of what the suites of its file do first, all of them. */
  readonly setUpMs: number;
}

export interface SurveyedTest extends TestPlace, Cost {
  /** The first time, while nothing is compiled: with modules loaded anew it is like that. The other figures are of the second time. */
  readonly atFirst: Cost;
  /** It passes a second time in the same process. One that does not can be used with modules loaded anew only. */
  readonly isRepeatable: boolean;
}

/**
 * `killed`, `endless`: a test failed or did not end, which passes without the mutant, before and after. `unsure`: it does not pass
 * afterwards: this mutant, or one before it, has left something behind. `untouched`: no test came by the mutant's place, although one did
 * in the survey: something is kept from the first time on.
 */
export interface Verdict {
  readonly outcome: "killed" | "endless" | "unsure" | "untouched" | "survived";
  /** Something may be left behind: the process should not try another. */
  readonly isSpent: boolean;
}
