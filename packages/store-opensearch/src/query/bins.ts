import {
  FARTHEST_BUCKET,
  isBins,
  type Buckets,
  type Field,
  type MetricPlan,
  type Ranges,
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
 * so small that dividing makes it -0, betrays itself by the name of its bucket in a composite aggregation.
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

/** Cells of the bins of one number, made inside a cell that knows all their events. */
export interface Split {
  readonly aggregations: Readonly<Record<string, Dsl>>;
  /** Buckets of the engine that each split takes, where that is known before. */
  readonly buckets: number;
  /** @throws InexactBuckets */
  readonly cells: (whole: Cell) => readonly (readonly [group: Value, cell: Cell])[];
}

/**
 * Bins as the engine's own aggregation of them, for a question with no other key: a composite aggregation, in which keys stand beside
 * each other, knows no ranges, and takes a quarter more for its buckets. What lies in no bin is the rest of the count, for a number is
 * in one at most; what else is asked of it has to be computed apart.
 * @param inline what is asked of each cell
 * @returns undefined where there is no such aggregation
 */
export function splitOf(
  { groupBy, edges }: MetricPlan,
  inline: Readonly<Record<string, Dsl>>,
  bucketsPerCell: number,
): Split | undefined {
  const [only, ...others] = groupBy;
  if (only === undefined || others.length > 0 || !isBins(only)) return undefined;
  const { number: field } = fieldDsl(only.field);
  if (field === undefined) return undefined;
  const asked = Object.keys(inline).length > 0;
  const own = only.kind === "ranges" ? ownRanges(only, field) : edges ? undefined : histogram(only, field);
  if (!own) return undefined;
  return {
    aggregations: {
      [BINS]: { ...own.aggregation, ...(asked && { aggs: inline }) },
      ...(asked && { [NONE]: { filter: { bool: { must_not: own.inside } }, aggs: inline } }),
      ...(own.wrong && { [WRONG]: { filter: own.wrong } }),
    },
    buckets: (own.bins + 1) * bucketsPerCell,
    cells: (whole) => {
      if (own.wrong && (whole[WRONG] as Cell).doc_count > 0) throw new InexactBuckets();
      const { buckets } = whole[BINS] as { readonly buckets: readonly (Cell & { readonly key: unknown })[] };
      const inside = buckets.reduce((sum, { doc_count: count }) => sum + count, 0);
      const none = asked ? (whole[NONE] as Cell) : { doc_count: whole.doc_count - inside };
      const cells = buckets.map((cell) => [own.decode(cell.key), cell] as const);
      return [...cells, [null, none] as const].filter(([, { doc_count: count }]) => count > 0);
    },
  };
}

const BINS = "b";
const NONE = "n";
const WRONG = "w";

/** The largest size times the smallest number there is, and more. */
const SMALL = 1e-290;

interface OwnBins {
  readonly aggregation: Dsl;
  /** The events that lie in some bin. */
  readonly inside: readonly Dsl[];
  /** The events that it would put into another bin than ours. */
  readonly wrong?: Dsl;
  readonly bins: number;
  readonly decode: (key: unknown) => number;
}

/** Half-open, as ours are. */
function ownRanges({ ranges }: Ranges<Field>, field: string): OwnBins {
  return {
    aggregation: { range: { field, ranges: ranges.map(({ from, to }, i) => ({ key: String(i), from, to })) } },
    inside: ranges.map(({ from, to }) => ({ range: { [field]: { gte: from, lt: to } } })),
    bins: ranges.length,
    decode: Number,
  };
}

function histogram(buckets: Buckets<Field>, field: string): OwnBins | undefined {
  const own = ownBuckets(buckets);
  return (
    own && {
      aggregation: { histogram: { field, interval: own.interval, min_doc_count: 1 } },
      inside: [{ exists: { field } }],
      // Divided they are -0, and the aggregation adds its offset of 0 to that. No segment that has none is read for this.
      wrong: { range: { [field]: { gt: -SMALL, lt: 0 } } },
      bins: 1,
      decode: own.decode,
    }
  );
}
