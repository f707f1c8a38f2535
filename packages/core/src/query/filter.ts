import type { Json } from "../values/json.ts";
import type { Value } from "../values/value.ts";
import type { GeoPoint } from "./geo.ts";
import type { EventsPlan } from "./plan.ts";

/**
 * Filters. A filter is true or false for every event, never unknown; `not` is plain negation. The truth table, for a property
 * whose value is missing, null, a scalar or an array:
 *
 * | filter | missing | null | scalar | array |
 * |---|---|---|---|---|
 * | eq v | false | false | same type and equal | some element is the same type and equal |
 * | eq null | true | true | false | some element is null |
 * | in [...] | the `eq` of some member | | | |
 * | lt lte gt gte | false | false | same type and in order (strings by UTF-8 bytes) | false |
 * | exists | false | true | true | true |
 * | contains s | false | false | a string with s inside (case-sensitive) | some element equals s |
 * | regex | false | false | a string in which the pattern is found (unanchored) | false |
 * | within | false | false | false | `[longitude, latitude]`, two numbers on the globe, no further than that from the place |
 * | same [...] | the group of some member: whole values, never elements; null is missing, null or an object | | | |
 * | did | false | false | some event of the deed has the same value | |
 *
 * `eq` with an array compares whole arrays by canonical JSON. `ne`, `not_contains` and `exists: false` are `not` of these,
 * so they are true for a missing property (Keen: `ne null` therefore means present and not null).
 */
export type Filter<F> =
  | { readonly kind: "all"; readonly of: readonly Filter<F>[] }
  | { readonly kind: "any"; readonly of: readonly Filter<F>[] }
  | { readonly kind: "not"; readonly of: Filter<F> }
  | { readonly kind: "eq"; readonly field: F; readonly value: Operand }
  | { readonly kind: "in"; readonly field: F; readonly values: readonly Operand[] }
  | { readonly kind: "compare"; readonly field: F; readonly op: CompareOp; readonly value: string | number }
  | { readonly kind: "exists"; readonly field: F }
  | { readonly kind: "contains"; readonly field: F; readonly value: string | number | boolean }
  | { readonly kind: "regex"; readonly field: F; readonly pattern: string }
  | { readonly kind: "within"; readonly field: F; readonly centre: GeoPoint; readonly metres: number }
  /** No operator of Keen's: it tells the events of one group from those of another. */
  | { readonly kind: "same"; readonly field: F; readonly values: readonly Value[] }
  /** No operator of Keen's: of events whose actor also did something else, in the time that the question is about. */
  | { readonly kind: "did"; readonly actor: F; readonly deed: Deed<F> };

/**
 * The events that a `did` looks for an actor in. As asked: collections and filters; planning adds the project, the time of the set
 * that the filter stands in, what its key may see and its bots mode, so that nothing is found out by a deed that could not be asked for.
 */
export type Deed<F> = F extends string ? DeedAsked : EventsPlan;

export interface DeedAsked {
  readonly collections: readonly string[];
  readonly filter: Filter<string>;
}

export type Operand = string | number | boolean | null | Json[];
export type CompareOp = "lt" | "lte" | "gt" | "gte";
export type FilterKind = Filter<unknown>["kind"];

/** One function per kind: a compiler that misses a kind does not compile. */
export type FilterVisitor<F, Out> = { [K in FilterKind]: (filter: Extract<Filter<F>, { kind: K }>) => Out };

export function visitFilter<F, Out>(visitor: FilterVisitor<F, Out>, filter: Filter<F>): Out {
  return (visitor[filter.kind] as (f: Filter<F>) => Out)(filter);
}

/** Always true: the neutral filter. */
export const EVERYTHING: Filter<never> = { kind: "all", of: [] };

/** AND of filters, flattened. */
export function all<F>(...filters: readonly Filter<F>[]): Filter<F> {
  const of = filters.flatMap((f) => (f.kind === "all" ? f.of : [f]));
  return of.length === 1 && of[0] ? of[0] : { kind: "all", of };
}

/** What a filter is made of, without what combines it; a deed's own filter is a part of its leaf. */
export type FilterLeaf<F> = Exclude<Filter<F>, { readonly kind: "all" | "any" | "not" }>;

export function leavesOf<F>(filter: Filter<F>): FilterLeaf<F>[] {
  if (filter.kind === "all" || filter.kind === "any") return filter.of.flatMap((part) => leavesOf(part));
  return filter.kind === "not" ? leavesOf(filter.of) : [filter];
}
