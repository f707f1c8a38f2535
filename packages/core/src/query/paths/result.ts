import type { Value } from "../../values/value.ts";

/** Where a path is at one of its steps: at a value, at one of those that are not named, or over. */
export type PathPlace = { readonly value: Value } | "other" | "ended";

/** Sessions that went from a place to another. */
export interface PathLink {
  /** 1 for the first step away from where paths begin. */
  readonly step: number;
  readonly from: PathPlace;
  readonly to: PathPlace;
  readonly sessions: number;
}

export interface PathsResult {
  /** Each pair of places of a step once, in any order. A path that is over has no further links. */
  readonly links: readonly PathLink[];
}
