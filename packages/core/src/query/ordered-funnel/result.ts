import type { Value } from "../../values/value.ts";

/** How far actors got, and how long they took. */
export interface Conversion {
  /** Actors who got to each step. */
  readonly counts: readonly number[];
  /** For each step how long it took from the one before, over those who got there; null for the first, and where nobody did. */
  readonly times: readonly (StepTime | null)[];
}

/** Milliseconds. Median and 90th percentile are nearest rank. */
export interface StepTime {
  readonly sum: number;
  readonly median: number;
  readonly p90: number;
}

export interface OrderedFunnelResult {
  readonly total: Conversion;
  /** With a breakdown: those whose first step had each of its values (null: none), in any order. Else empty. */
  readonly groups: readonly (Conversion & { readonly value: Value })[];
}
