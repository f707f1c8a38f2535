import { nearestRank } from "@millrace/core";
import { every, type Dsl } from "./compile-filter.ts";
import { atRank } from "./distinct.ts";
import { needSnapshot } from "./composite.ts";
import { aggregation, type Searcher } from "../client/search.ts";

/** Buckets of one look. */
const EDGES = 256;
/** So few events are read value by value. */
const FEW = 20_000;

const buffer = new DataView(new ArrayBuffer(8));
const SIGN = 1n << 63n;
const ALL = (1n << 64n) - 1n;

/** A double's place in the order of all doubles: what lies between two of them can always be halved. */
export function orderOf(value: number): bigint {
  buffer.setFloat64(0, value === 0 ? 0 : value);
  const bits = buffer.getBigUint64(0);
  return bits & SIGN ? ~bits & ALL : bits | SIGN;
}

/** The double at that place. */
export function doubleAt(order: bigint): number {
  buffer.setBigUint64(0, order & SIGN ? order & ~SIGN : ~order & ALL);
  return buffer.getFloat64(0);
}

/**
 * The exact nearest-rank percentile of all numbers of a field, however many: look after look, the counts of 256 parts of what is
 * left tell in which part the rank lies. Parts are of equal number of doubles, not of equal width, so that eight looks are
 * always enough; a few thousand values are then read one by one.
 */
export async function bisectPercentile(
  searcher: Searcher,
  query: Dsl,
  field: string,
  percentile: number,
  snapshot: boolean,
): Promise<number | null> {
  const { count, min, max } = await statsOf(searcher, query, field, snapshot);
  if (count === 0 || min === null || max === null) return null;
  if (!snapshot) {
    if (count > FEW) needSnapshot();
    // All of them, whatever has come since they were counted: the rank is that of what is read here.
    const values = await valuesBetween(searcher, query, field, undefined);
    if (values.length === FEW) needSnapshot();
    const total = values.reduce((sum, [, times]) => sum + times, 0);
    return atRank(values, nearestRank(percentile, total));
  }
  let low = orderOf(min);
  let high = orderOf(max);
  let rank = nearestRank(percentile, count);
  let inside = count;
  while (low < high && inside > FEW) {
    const edges = edgesBetween(low, high);
    const counts = await countsBetween(searcher, query, field, edges);
    let part = 0;
    while (rank > (counts[part] ?? 0) && part + 1 < counts.length) rank -= counts[part++] ?? 0;
    inside = counts[part] ?? 0;
    low = edges[part] ?? low;
    high = (edges[part + 1] ?? high + 1n) - 1n;
  }
  if (low >= high) return doubleAt(low);
  const between = { gte: doubleAt(low), lte: doubleAt(high) };
  return atRank(await valuesBetween(searcher, query, field, between), rank);
}

/** Edges from `low` to just beyond `high`; neighbours differ. */
function edgesBetween(low: bigint, high: bigint): bigint[] {
  const size = high - low + 1n;
  const parts = size < BigInt(EDGES) ? size : BigInt(EDGES);
  return Array.from({ length: Number(parts) + 1 }, (_, i) => low + (size * BigInt(i)) / parts);
}

async function statsOf(searcher: Searcher, query: Dsl, field: string, snapshot: boolean) {
  const answer = await searcher.search({ ...NO_HITS, query, aggs: { s: { stats: { field } } } }, snapshot);
  return aggregation<{ readonly count: number; readonly min: number | null; readonly max: number | null }>(answer, "s");
}

async function countsBetween(
  searcher: Searcher,
  query: Dsl,
  field: string,
  edges: readonly bigint[],
): Promise<number[]> {
  const ranges = edges.slice(1).map((to, i) => {
    const end = doubleAt(to);
    // Beyond the largest double there is no edge to name.
    return { key: String(i), from: doubleAt(edges[i] ?? to), ...(Number.isFinite(end) && { to: end }) };
  });
  const answer = await searcher.search(
    {
      ...NO_HITS,
      query,
      aggs: { r: { range: { field, ranges } } },
    },
    true,
  );
  const { buckets } = aggregation<{ buckets: { key: string; doc_count: number }[] }>(answer, "r");
  const counts = ranges.map(() => 0);
  for (const { key, doc_count: count } of buckets) counts[Number(key)] = count;
  return counts;
}

/** @param between of a snapshot; undefined: all of the newest state */
async function valuesBetween(
  searcher: Searcher,
  query: Dsl,
  field: string,
  between: { readonly gte: number; readonly lte: number } | undefined,
): Promise<[number, number][]> {
  const answer = await searcher.search(
    {
      ...NO_HITS,
      query: between ? every([query, { range: { [field]: between } }]) : query,
      aggs: { c: { composite: { size: FEW, sources: [{ v: { terms: { field } } }] } } },
    },
    between !== undefined,
  );
  const { buckets } = aggregation<{ buckets: { key: { v: number }; doc_count: number }[] }>(answer, "c");
  return buckets.map(({ key, doc_count: count }) => [key.v, count]);
}

const NO_HITS = { size: 0, track_total_hits: false } as const;
