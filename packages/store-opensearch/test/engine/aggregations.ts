import type { Leaves, Term } from "./leaves.ts";
import { compareTerms, only, type Node } from "./node.ts";
import { isMatch } from "./queries.ts";

type Key = Record<string, Term | null>;

type Aggregate = (body: never, documents: readonly Leaves[], inner: Node | undefined) => unknown;

const AGGREGATIONS: Record<string, Aggregate> = {
  filter: (query, documents, inner) => {
    const found = documents.filter((document) => isMatch(query, document));
    return { doc_count: found.length, ...aggregated(inner, found) };
  },
  range: ({ field, ranges }: RangeAggregation, documents, inner) => ({
    buckets: ranges.map(({ key, from = -Infinity, to = Infinity }) => {
      const found = documents.filter((each) => each.numbers(field).some((value) => value >= from && value < to));
      return { key, doc_count: found.length, ...aggregated(inner, found) };
    }),
  }),
  histogram: ({ field, interval }: { field: string; interval: number }, documents, inner) => ({
    buckets: bucketsBy(documents, inner, (document) =>
      document.numbers(field).map((value) => Math.floor(value / interval) * interval + 0),
    ),
  }),
  composite: composite as Aggregate,
  sum: ({ field }: On, documents) => ({ value: sumOf(numbers(documents, field)) }),
  avg: ({ field }: On, documents) => {
    const found = numbers(documents, field);
    return { value: found.length === 0 ? null : sumOf(found) / found.length };
  },
  min: ({ field }: On, documents) => ({ value: stats(numbers(documents, field)).min }),
  max: ({ field }: On, documents) => ({ value: stats(numbers(documents, field)).max }),
  stats: ({ field }: On, documents) => stats(numbers(documents, field)),
  matrix_stats: ({ fields: [field = ""] }: { fields: string[] }, documents) => {
    const found = numbers(documents, field);
    if (found.length === 0) return {};
    const mean = sumOf(found) / found.length;
    const squares = sumOf(found.map((value) => (value - mean) ** 2));
    return { fields: [{ mean, variance: found.length === 1 ? Number.NaN : squares / (found.length - 1) }] };
  },
  cardinality: ({ field }: On, documents) => ({ value: new Set(documents.flatMap((each) => each.terms(field))).size }),
  percentiles: ({ field, percents }: On & { percents: number[] }, documents) => {
    const sorted = numbers(documents, field).toSorted((a, b) => a - b);
    const at = (percent: number) => sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null;
    return { values: percents.map((key) => ({ key, value: at(key) })) };
  },
};

interface Bucket {
  readonly key: unknown;
  readonly doc_count: number;
}

interface On {
  readonly field: string;
}
interface RangeAggregation extends On {
  readonly ranges: readonly { readonly key: string; readonly from?: number; readonly to?: number }[];
}

export function aggregated(aggs: Node | undefined, documents: readonly Leaves[]): Record<string, unknown> {
  const run = (node: Node) =>
    only(node, AGGREGATIONS)((body, aggregate) => aggregate(body, documents, node["aggs"] as Node | undefined));
  return Object.fromEntries(Object.entries(aggs ?? {}).map(([name, node]) => [name, run(node as Node)]));
}

type Source = Readonly<Record<string, Readonly<Record<string, SourceOptions>>>>;
interface SourceOptions {
  readonly field: string;
  readonly interval: number;
  readonly fixed_interval: string;
  readonly offset: string;
  readonly missing_bucket?: boolean;
}
interface Composite {
  readonly size: number;
  readonly sources: readonly Source[];
  readonly after?: Key;
}

/** Rows in the order of their sources, a missing value first; a document without a value that may not be missing makes none. */
function composite({ size, sources, after }: Composite, documents: readonly Leaves[], inner: Node | undefined) {
  const named = sources.map((source) => Object.entries(source)[0] as [string, Source[string]]);
  const keysOf = (document: Leaves): Key[] => {
    let keys: Key[] = [{}];
    for (const [name, source] of named) {
      const values = valuesOf(source, document);
      keys = keys.flatMap((key) => values.map((value) => ({ ...key, [name]: value })));
    }
    return keys;
  };
  const compare = (a: Key, b: Key): number => {
    for (const [name] of named) {
      const [left, right] = [a[name] ?? null, b[name] ?? null];
      if (left === null || right === null) {
        if (left !== right) return left === null ? -1 : 1;
        continue;
      }
      const order = compareTerms(left, right);
      if (order !== 0) return order;
    }
    return 0;
  };
  const rows = bucketsBy(documents, inner, keysOf)
    .filter(({ key }) => after === undefined || compare(key, after) > 0)
    .sort((a, b) => compare(a.key, b.key))
    .slice(0, size);
  return { buckets: rows, ...(rows.length > 0 && { after_key: rows.at(-1)?.key }) };
}

function valuesOf(source: Source[string], document: Leaves): readonly (Term | null)[] {
  const [kind, options] = Object.entries(source)[0] as [string, SourceOptions];
  const { field, interval, missing_bucket: mayMiss } = options;
  const width = Number.parseInt(options.fixed_interval ?? "1");
  const offset = Number.parseInt(options.offset ?? "0");
  const values = [...new Set(document.terms(field))].map((value) => {
    if (kind === "terms") return value;
    if (kind === "histogram") return Math.floor(Number(value) / interval) * interval;
    if (kind === "date_histogram") return Math.floor((Number(value) - offset) / width) * width + offset;
    throw new RangeError(`The engine of the tests knows no source ${kind}.`);
  });
  return values.length === 0 && mayMiss ? [null] : values;
}

function bucketsBy<K>(
  documents: readonly Leaves[],
  inner: Node | undefined,
  keysOf: (document: Leaves) => readonly K[],
) {
  const buckets = new Map<string, { readonly key: K; readonly documents: Leaves[] }>();
  for (const document of documents) {
    for (const key of keysOf(document)) {
      const text = JSON.stringify(key);
      const bucket = buckets.get(text) ?? { key, documents: [] };
      buckets.set(text, bucket);
      bucket.documents.push(document);
    }
  }
  return [...buckets.values()].map(({ key, documents: of }): Bucket & { key: K } => ({
    key,
    doc_count: of.length,
    ...aggregated(inner, of),
  }));
}

function stats(found: readonly number[]) {
  if (found.length === 0) return { count: 0, min: null, max: null };
  const [min, max] = [found.reduce((a, b) => Math.min(a, b)), found.reduce((a, b) => Math.max(a, b))];
  return { count: found.length, min, max };
}

function numbers(documents: readonly Leaves[], field: string): number[] {
  return documents.flatMap((document) => document.numbers(field));
}

function sumOf(found: readonly number[]): number {
  return found.reduce((sum, value) => sum + value, 0);
}
