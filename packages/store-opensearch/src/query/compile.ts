import type { EventsPlan, ExtractionPlan, MetricPlan, TimeColumn } from "@millrace/core";
import { bucketIndex, rangesOf, runSource, type Run } from "./compile-bucket.ts";
import { compileFilter, every, type Dsl } from "./compile-filter.ts";
import { compileMeasure, type CompiledMeasure } from "./compile-measure.ts";
import { groupSources, type KeyKind, type KeySource } from "./compile-key.ts";
import type { Lead } from "./windows.ts";
import { splitOf, type Split } from "./bins.ts";
import { cellsOf, guessOf, type Guess } from "./guess.ts";

/** A metric plan as the parts of its requests. */
export interface CompiledMetric {
  readonly query: Dsl;
  /** What the edges are about. */
  readonly time: TimeColumn;
  readonly edges: readonly number[] | undefined;
  readonly groups: readonly (readonly KeySource[])[];
  /** In the plan's order. */
  readonly measures: readonly CompiledMeasure[];
  /** In the plan's order: what is guessed of a measure inside each cell. */
  readonly guesses: readonly (Guess | undefined)[];
  /** Cells of the answer at most, where that is known. */
  readonly cells: number | undefined;
  /** The aggregations inside each cell, by name. */
  readonly inline: Readonly<Record<string, Dsl>>;
  /** Buckets that each cell costs, its own and those of filters. */
  readonly bucketsPerCell: number;
  /** The only group's cells, where the engine makes them inside a cell of all of their events. */
  readonly split: Split | undefined;
}

/**
 * @param scripted see {@link groupSources}
 * @param groups how many groups there are, where that is known
 */
export function compileMetric(plan: MetricPlan, scripted = false, groups?: number): CompiledMetric {
  const cells = cellsOf(plan, groups);
  const measures = plan.measures.map((measure, i) => compileMeasure(measure, measureName(i)));
  const guesses = measures.map((measure, i) => guessOf(measure, measureName(i), cells));
  const inline = Object.fromEntries(
    measures.flatMap((measure, i) => {
      const aggregation = measure.kind === "inline" ? measure.aggregation : guesses[i]?.aggregation;
      return aggregation === undefined ? [] : [[measureName(i), aggregation]];
    }),
  );
  const bucketsPerCell = 1 + Object.values(inline).filter((aggregation) => "filter" in aggregation).length;
  return {
    query: condition(plan),
    time: plan.time,
    edges: plan.edges,
    groups: plan.groupBy.map((key) => groupSources(key, scripted)),
    measures,
    guesses,
    cells,
    inline,
    bucketsPerCell,
    split: scripted ? undefined : splitOf(plan, inline, bucketsPerCell),
  };
}

function measureName(index: number): string {
  return `m${index}`;
}

/** The plan's events: the project first, outside of everything the caller wrote. */
export function condition(plan: EventsPlan): Dsl {
  const { range, time } = plan;
  return {
    bool: {
      filter: [
        { term: { project: plan.project } },
        { terms: { collection: [...plan.collections] } },
        ...(range ? [within(time, range.start, range.end)] : []),
        compileFilter(plan.filter),
      ],
    },
  };
}

/** Events from `start` inclusive to `end` exclusive. */
export function within(time: TimeColumn, start: number, end: number): Dsl {
  return { range: { [time]: { gte: start, lt: end } } };
}

/** The sources of a composite aggregation, and how to read its keys. */
export interface Keys {
  readonly sources: readonly object[];
  /** The events of these keys beyond the plan's own condition. */
  readonly filters: readonly Dsl[];
  readonly bucket: (key: Readonly<Record<string, unknown>>) => number;
}

/** One cell per bucket of a run (if there is one) and combination of the groups' values. */
export function cellKeys({ groups, time }: CompiledMetric, run: Run | undefined): Keys {
  const sources: object[] = run ? [{ t: runSource(run, time) }] : [];
  groups.forEach((kinds, group) => sources.push(...keySources(`g${group}`, kinds)));
  return {
    sources,
    filters: run ? [within(time, run.start, run.end)] : [],
    bucket: run ? (key) => bucketIndex(run, key["t"] as number) : () => 0,
  };
}

/** A value may be of any of these kinds, or of none; at most one source of them has a value. */
export function keySources(name: string, kinds: readonly KeySource[]): object[] {
  return kinds.map(({ of, type }, i) => sourceOf(`${name}_${i}`, of, { missing_bucket: true, value_type: type }));
}

/**
 * As {@link keySources}, where a missing value is no key: only events that have a value of one of the kinds make rows. Of several
 * kinds that takes the condition `valued` beside them; a single source passes over what it has no value of, at no price.
 */
export function valueSources(name: string, kinds: readonly KeySource[]): object[] {
  const [only, ...others] = kinds;
  if (only === undefined || others.length > 0) return keySources(name, kinds);
  return [sourceOf(`${name}_0`, only.of, { value_type: only.type })];
}

/** The lead of rows that begin with {@link valueSources} of these kinds; undefined where it is no text, or of several kinds. */
export function leadOf(name: string, kinds: readonly KeyKind[]): Lead | undefined {
  const [only, ...others] = kinds;
  if (only?.type !== "string" || others.length > 0) return undefined;
  return { name: `${name}_0`, field: only.field };
}

function sourceOf(name: string, of: KeySource["of"], options: object): object {
  const [kind, values] = Object.entries(of)[0] ?? [];
  return { [name]: { [String(kind)]: { ...values, ...options } } };
}

/** The aggregations inside each cell that is not a composite aggregation's. */
export function carried({ inline, split }: CompiledMetric): { readonly aggs?: Readonly<Record<string, Dsl>> } {
  const aggs = split?.aggregations ?? inline;
  return Object.keys(aggs).length > 0 ? { aggs } : {};
}

/** The request of all buckets at once. */
export function rangeRequest(metric: CompiledMetric, edges: readonly number[]): object {
  const { query, time } = metric;
  return {
    size: 0,
    track_total_hits: false,
    query: every([query, within(time, edges[0] ?? 0, edges.at(-1) ?? 0)]),
    aggs: { b: { range: rangesOf(edges, time), ...carried(metric) } },
  };
}

/** The request of one page of an extraction, in the total order of (timestamp, id). */
export function extractionRequest(plan: ExtractionPlan, size: number, after: readonly unknown[] | undefined): object {
  const order = plan.order === "newest" ? "desc" : "asc";
  return {
    size,
    track_total_hits: false,
    query: condition(plan),
    sort: [{ timestamp: { order } }, { id: { order } }],
    ...(after && { search_after: after }),
  };
}
