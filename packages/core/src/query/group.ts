import { compareValues, type Value } from "../values/value.ts";

/** One key of the groups: the values of a property, or its numbers put into buckets or ranges. */
export type GroupKey<F> = F | Bins<F>;

/**
 * Numbers put together. A store answers a bin as its index: k for the bucket that begins at `offset + k * size`, the place in the list
 * for a range; null for what is no number, or lies in no range. `name` is the key's name in the answer's rows.
 */
export type Bins<F> = Buckets<F> | Ranges<F>;

export interface Buckets<F> {
  readonly kind: "buckets";
  readonly field: F;
  readonly name: string;
  readonly grid: Grid;
}

export interface Ranges<F> {
  readonly kind: "ranges";
  readonly field: F;
  readonly name: string;
  /** Half-open, and no two of them share a number. */
  readonly ranges: readonly NumberRange[];
}

export interface NumberRange {
  /** Inclusive. Absent: from the smallest number there is. */
  readonly from?: number;
  /** Exclusive. Absent: up to the largest. */
  readonly to?: number;
  /** What the range is called in the answer. Default: its limits. */
  readonly alias?: string;
}

/**
 * Buckets of equal size. Sizes are decimals, and 3 * 0.1 is not 0.3 in doubles: so every edge is a whole number of the smallest decimal
 * place, divided once, which gives the double that is written 0.3. The two stores and the reference evaluator compute the same.
 */
export interface Grid {
  readonly size: number;
  readonly offset: number;
  /** `size` and `offset` in units of the smallest decimal place of both, and how many of these make 1. */
  readonly sizeUnits: number;
  readonly offsetUnits: number;
  readonly unitsPerOne: number;
}

/**
 * Further than this many buckets from the offset a number is in none: doubles are then so far apart that edges would run into each
 * other.
 */
export const FARTHEST_BUCKET = 1e12;

/** Decimal places of sizes: far more than money has, and few enough that units stay whole. */
const MOST_PLACES = 9;

/** Undefined when the two have more than nine decimal places, or make numbers that a double cannot count. */
export function gridOf(size: number, offset: number): Grid | undefined {
  for (let places = 0; places <= MOST_PLACES; places++) {
    const unitsPerOne = 10 ** places;
    const [sizeUnits, offsetUnits] = [Math.round(size * unitsPerOne), Math.round(offset * unitsPerOne)];
    if (!Number.isSafeInteger(sizeUnits) || !Number.isSafeInteger(offsetUnits)) return undefined;
    if (sizeUnits / unitsPerOne === size && offsetUnits / unitsPerOne === offset) {
      return { size, offset, sizeUnits, offsetUnits, unitsPerOne };
    }
  }
  return undefined;
}

/** Where bucket `k` begins. */
export function gridEdge({ sizeUnits, offsetUnits, unitsPerOne }: Grid, k: number): number {
  return (offsetUnits + k * sizeUnits) / unitsPerOne;
}

/** The name of a key in the answer's rows. */
export function groupName(key: GroupKey<string>): string {
  return typeof key === "string" ? key : key.name;
}

/** The property a key is made of. */
export function groupField<F extends string | { readonly kind: string }>(key: GroupKey<F>): F {
  return isBins(key) ? key.field : key;
}

export function isBins<F extends string | { readonly kind: string }>(key: GroupKey<F>): key is Bins<F> {
  return typeof key === "object" && (key.kind === "buckets" || key.kind === "ranges");
}

/** What a bin is called: `[0 - 10)`, `[50 - ∞)`, a range's alias, or null for what is in none. */
export function binLabel(bins: Bins<unknown>, index: Value): string | null {
  if (typeof index !== "number") return null;
  if (bins.kind === "buckets") return `[${gridEdge(bins.grid, index)} - ${gridEdge(bins.grid, index + 1)})`;
  return rangeLabel(bins.ranges[index] ?? {});
}

export function rangeLabel({ from, to, alias }: NumberRange): string {
  return alias ?? `${from === undefined ? "(-∞" : `[${from}`} - ${to === undefined ? "∞" : to})`;
}

/** Two ranges that have a number in common; undefined when there are none. */
export function overlapOf(ranges: readonly NumberRange[]): readonly [NumberRange, NumberRange] | undefined {
  const sorted = ranges.toSorted((a, b) => compareValues(lower(a), lower(b)));
  for (const [i, range] of sorted.entries()) {
    const next = sorted[i + 1];
    if (next && lower(next) < (range.to ?? Number.POSITIVE_INFINITY)) return [range, next];
  }
  return undefined;
}

function lower({ from = Number.NEGATIVE_INFINITY }: NumberRange): number {
  return from;
}
