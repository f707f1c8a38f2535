import {
  FARTHEST_BUCKET,
  isBins,
  type Buckets,
  type Field,
  type GroupKey,
  type NumberRange,
  type Value,
} from "@millrace/core";
import { fieldDsl } from "./compile-field.ts";
import type { Dsl } from "./compile-filter.ts";
import type { Cell } from "./compile-measure.ts";

/** The engine's own buckets of a number are not ours for some value: the question is asked again with a script. See {@link ownBuckets}. */
export class InexactBuckets extends Error {}

/** Buckets of a number as the engine computes them. */
export interface OwnBuckets {
  readonly interval: number;
  /** @throws InexactBuckets */
  readonly decode: (key: unknown) => number;
}

/**
 * The engine's `histogram`, where its buckets are core's. It has no offset and names a bucket `floor(value / interval) * interval`. Where
 * every edge is a whole number of intervals that a double holds, no value divides up to the edge above it: what it lacks is at least a
 * unit in the last place, and the quotient's is no larger. So 10 and 0.25 are exact, and 0.1 is not. What is beyond that, and a number
 * so small that dividing makes it -0, betrays itself by the name of its bucket.
 * @returns undefined where edges are not exact
 */
export function ownBuckets({ grid }: Buckets<Field>): OwnBuckets | undefined {
  const { size, sizeUnits, offsetUnits, unitsPerOne } = grid;
  const places = Math.round(Math.log10(unitsPerOne));
  const isDyadic = sizeUnits % 5 ** places === 0;
  if (!isDyadic || offsetUnits % sizeUnits !== 0) return undefined;
  const first = offsetUnits / sizeUnits;
  const reach = Math.min(FARTHEST_BUCKET, Math.floor((2 ** 53 - Math.abs(offsetUnits)) / sizeUnits) - 2);
  return {
    interval: size,
    decode: (key) => {
      const bucket = Number(key) / size - first;
      if (Object.is(key, -0) || !(Math.abs(bucket) <= reach)) throw new InexactBuckets();
      return bucket;
    },
  };
}

/** Cells of ranges of one number, made inside a cell that knows all their events. */
export interface RangeSplit {
  readonly aggregations: Readonly<Record<string, Dsl>>;
  /** Buckets of the engine that each split takes. */
  readonly buckets: number;
  readonly cells: (whole: Cell) => readonly (readonly [group: Value, cell: Cell])[];
}

const RANGES = "r";
const NONE = "n";

/**
 * Ranges as the engine's own, half-open as ours. Only for a question with no other key: a composite aggregation, in which keys stand
 * beside each other, knows no ranges. What lies in none of them is the rest of the count, for no two have a number in common; what
 * else is asked of it has to be computed apart.
 */
export function rangeSplit(
  keys: readonly GroupKey<Field>[],
  inline: Readonly<Record<string, Dsl>>,
  bucketsPerCell: number,
): RangeSplit | undefined {
  const [only, ...others] = keys;
  if (only === undefined || others.length > 0 || !isBins(only) || only.kind !== "ranges") return undefined;
  const { number: field } = fieldDsl(only.field);
  if (field === undefined) return undefined;
  const asked = Object.keys(inline).length > 0;
  const ranges = only.ranges.map(({ from, to }, i) => ({ key: String(i), from, to }));
  return {
    aggregations: {
      [RANGES]: { range: { field, ranges }, ...(asked && { aggs: inline }) },
      ...(asked && { [NONE]: { filter: outside(field, only.ranges), aggs: inline } }),
    },
    buckets: (only.ranges.length + 1) * bucketsPerCell,
    cells: (whole) => {
      const { buckets } = whole[RANGES] as { readonly buckets: readonly (Cell & { readonly key: string })[] };
      const inside = buckets.reduce((sum, { doc_count: count }) => sum + count, 0);
      const none = asked ? (whole[NONE] as Cell) : { doc_count: whole.doc_count - inside };
      return [...buckets.map((cell) => [Number(cell.key), cell] as const), [null, none] as const].filter(
        ([, { doc_count: count }]) => count > 0,
      );
    },
  };
}

function outside(field: string, ranges: readonly NumberRange[]): Dsl {
  return { bool: { must_not: ranges.map(({ from, to }) => ({ range: { [field]: { gte: from, lt: to } } })) } };
}
