import type { Json, JsonObject } from "@millrace/core";

/** What an answer is made of, before metadata. */
export interface Outcome {
  readonly result: Json;
  /** The same question about another time, where that was asked for. */
  readonly comparison?: JsonObject;
  /** Further members of the answer, beside its result. */
  readonly beside?: JsonObject;
  readonly exact: boolean;
  readonly notes: readonly string[];
  readonly ageMs: number;
}

/** An answer before it is put into words: plain data, which can be kept. */
export interface Answered extends Outcome {
  readonly timezone: string;
}
