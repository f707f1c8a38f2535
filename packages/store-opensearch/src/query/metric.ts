import {
  emptyValue,
  isBins,
  MillraceError,
  type Field,
  type GroupKey,
  type MeasureValue,
  type MetricPlan,
  type MetricResult,
  type Value,
} from "@millrace/core";
import { InexactBuckets, type Split } from "./bins.ts";
import { carried, cellKeys, compileMetric, rangeRequest, type CompiledMetric } from "./compile.ts";
import { bucketRuns, type Run } from "./compile-bucket.ts";
import { every } from "./compile-filter.ts";
import { readKey } from "./compile-key.ts";
import type { Cell, DistinctMeasure } from "./compile-measure.ts";
import { createCells, type Cells } from "./cells.ts";
import { compositePages, whole } from "./composite.ts";
import { exactDistinct, percentilesOf, type AddCell, type Exact, type Put } from "./distinct.ts";
import { kindsOf, valued } from "./kinds.ts";
import { bisectPercentile } from "./percentile.ts";
import { aggregation, type Searcher } from "../client/search.ts";
import { noteOf, sketchDistinct } from "./sketch.ts";

/** Distinct values of one measure, over all cells, beyond which it is estimated. */
export interface ExactLimits {
  /** Of counts of different values. */
  readonly unique: number;
  /** Of all others. */
  readonly values: number;
}

/**
 * Answers a metric plan. Counts and statistics of the cells come from one aggregation; each measure over distinct values
 * asks for its own rows. Where an answer takes pages, all its requests see the same events; else they are asked of the newest
 * state, of the same copies of the shards, within some milliseconds.
 * @param groups how many groups the answer can have, where that is known
 */
export async function runMetric(
  searcher: Searcher,
  plan: MetricPlan,
  limits: ExactLimits,
  groups?: number,
): Promise<MetricResult> {
  const run = (scripted: boolean) =>
    whole((snapshot) => answer(searcher, plan, compileMetric(plan, scripted, groups), { limits, snapshot }));
  try {
    return await run(false);
  } catch (thrown) {
    if (!(thrown instanceof InexactBuckets) && !hasPages(thrown, plan)) throw thrown;
    return run(true);
  }
}

/** Buckets of a number beyond what one answer may have: a composite aggregation gives them page by page. */
function hasPages(thrown: unknown, { groupBy }: MetricPlan): boolean {
  return thrown instanceof MillraceError && thrown.code === "TooManyResultsError" && groupBy.some(isBuckets);
}

function isBuckets(key: GroupKey<Field>): boolean {
  return isBins(key) && key.kind === "buckets";
}

async function answer(
  searcher: Searcher,
  plan: MetricPlan,
  metric: CompiledMetric,
  { limits, snapshot }: { readonly limits: ExactLimits; readonly snapshot: boolean },
): Promise<MetricResult> {
  const distinct = metric.measures.flatMap((measure, index) =>
    measure.kind === "distinct" ? [{ measure, index }] : [],
  );
  const empty = plan.measures.map(({ measure }) => emptyValue(measure));
  const notes = new Set<string>();
  const guessed = metric.guesses.map(() => 0);
  const values = (cell: Cell): MeasureValue[] =>
    metric.measures.map((measure, i) => {
      const guess = metric.guesses[i]?.read(cell);
      if (guess !== undefined) {
        guessed[i] = (guessed[i] ?? 0) + guess;
        return guess;
      }
      if (measure.kind !== "inline") return empty[i] ?? null;
      const note = measure.note?.(cell);
      if (note !== undefined) notes.add(note);
      return measure.decode(cell);
    });
  const newCells = () => createCells(metric.edges !== undefined, metric.groups.length > 0);
  const putInto =
    (cells: Cells, index: number): Put =>
    (bucket, group, value) =>
      cells.set(bucket, group, index, value);

  /** The cells by the rows of a measure's values. Undefined where there are too many of these. */
  const gather = async ({ measure, index }: (typeof distinct)[number]): Promise<Base | undefined> => {
    const cells = newCells();
    const runs = await groupedRuns(searcher, metric, snapshot);
    const add: AddCell = (bucket, group, count) => cells.add(bucket, group, values({ doc_count: count }));
    const isWhole = await exactDistinct(searcher, metric, runs, measure, putInto(cells, index), {
      most: mostOf(measure, limits),
      snapshot,
      add,
    });
    return isWhole ? { cells, runs } : undefined;
  };
  const first = distinct.find(({ measure }) => tellsCells(metric, measure));
  const gathered = first && (await gather(first));
  const { cells, runs } = gathered ?? (await runBase(searcher, metric, newCells(), values, snapshot));
  for (const { measure, index } of runs.length > 0 ? distinct : []) {
    if (index === first?.index && gathered) continue;
    const most = mostOf(measure, limits);
    const guess = metric.guesses[index] && guessed[index];
    if (guess === 0) continue;
    if (guess !== undefined && guess > most) {
      notes.add(noteOf(measure));
      continue;
    }
    // What was too much a moment ago is estimated; what is guessed to be few is read, though it be some more.
    const exact = {
      most: index === first?.index ? 0 : guess === undefined ? most : Number.POSITIVE_INFINITY,
      snapshot,
    };
    const note = await runDistinct(searcher, metric, runs, measure, exact, putInto(cells, index));
    if (note !== undefined) notes.add(note);
  }
  return { rows: cells.rows(), exact: notes.size === 0, notes: [...notes] };
}

function mostOf({ measure }: DistinctMeasure, limits: ExactLimits): number {
  return measure.kind === "count_unique" ? limits.unique : limits.values;
}

/** True where the rows of a measure's values make every group, and nothing else is asked of these than how many events they have. */
function tellsCells({ groups, split, inline }: CompiledMetric, measure: DistinctMeasure): boolean {
  if (groups.length === 0 || split || Object.keys(inline).length > 0) return false;
  return measure.filter === undefined && kindsOf(measure).length > 0;
}

/** The cells that have events, and the runs of buckets that have any; one undefined run where there are no buckets. */
interface Base {
  readonly cells: Cells;
  readonly runs: readonly (Run | undefined)[];
}

type ReadCell = (cell: Cell) => MeasureValue[];

/** Fills the cells that have events. */
async function runBase(
  searcher: Searcher,
  metric: CompiledMetric,
  cells: Cells,
  values: ReadCell,
  snapshot: boolean,
): Promise<Base> {
  const { edges } = metric;
  if (metric.groups.length > 0 && !metric.split) {
    const runs = await groupedRuns(searcher, metric, snapshot);
    for (const run of runs) await runGroups(searcher, metric, run, cells, values, snapshot);
    return { cells, runs };
  }
  if (edges) {
    const filled = await runBuckets(searcher, metric, edges, cells, values, snapshot);
    return { cells, runs: bucketRuns(edges).filter((run) => hasBucket(run, filled)) };
  }
  const cell = await runTotal(searcher, metric, snapshot);
  if (metric.split) addSplit(metric.split, 0, cell, cells, values);
  else cells.add(0, [], values(cell));
  return { cells, runs: cell.doc_count === 0 ? [] : [undefined] };
}

/** The runs that are asked for groups; one undefined run where there are no buckets. */
async function groupedRuns(
  searcher: Searcher,
  metric: CompiledMetric,
  snapshot: boolean,
): Promise<readonly (Run | undefined)[]> {
  if (metric.edges === undefined) return [undefined];
  const runs = bucketRuns(metric.edges);
  return runs.length <= FEW_RUNS ? runs : nonEmptyRuns(searcher, metric, runs, snapshot);
}

/** So few runs are asked without a look at which of them have events. */
const FEW_RUNS = 4;

async function runTotal(searcher: Searcher, metric: CompiledMetric, snapshot: boolean): Promise<Cell> {
  const body = { size: 0, track_total_hits: true, query: metric.query, ...carried(metric) };
  const answer = await searcher.search(body, snapshot);
  return { ...answer.aggregations, doc_count: answer.hits.total?.value ?? 0 };
}

interface RangeBuckets {
  readonly buckets: readonly (Cell & { readonly key: string })[];
}

/** The server's limit of buckets in one answer. */
const MAX_BUCKETS = 65_000;

function addSplit(split: Split, bucket: number, whole: Cell, cells: Cells, values: ReadCell): void {
  for (const [group, cell] of split.cells(whole)) cells.add(bucket, [group], values(cell));
}

/** The cells of buckets without groups, or with groups that are made inside them. Answers the indexes of the buckets that have events. */
async function runBuckets(
  searcher: Searcher,
  metric: CompiledMetric,
  edges: readonly number[],
  cells: Cells,
  values: ReadCell,
  snapshot: boolean,
): Promise<Set<number>> {
  const filled = new Set<number>();
  const perRequest = Math.floor(MAX_BUCKETS / (metric.split ? 1 + metric.split.buckets : metric.bucketsPerCell));
  for (let first = 0; first + 1 < edges.length; first += perRequest) {
    const body = rangeRequest(metric, edges.slice(first, first + perRequest + 1));
    const answer = await searcher.search(body, snapshot);
    const { buckets } = aggregation<RangeBuckets>(answer, "b");
    for (const bucket of buckets) {
      if (bucket.doc_count === 0) continue;
      const index = first + Number(bucket.key);
      filled.add(index);
      if (metric.split) addSplit(metric.split, index, bucket, cells, values);
      else cells.add(index, [], values(bucket));
    }
  }
  return filled;
}

/** The cells of one run of buckets, or of no buckets, with groups. */
async function runGroups(
  searcher: Searcher,
  metric: CompiledMetric,
  run: Run | undefined,
  cells: Cells,
  values: ReadCell,
  snapshot: boolean,
): Promise<void> {
  const keys = cellKeys(metric, run);
  const question = { query: metric.query, keys, inline: metric.inline, bucketsPerRow: metric.bucketsPerCell };
  for await (const rows of compositePages(searcher, question, { snapshot })) {
    for (const row of rows) {
      const group: Value[] = metric.groups.map((kinds, g) => readKey(`g${g}`, kinds, row.key));
      cells.add(keys.bucket(row.key), group, values(row));
    }
  }
}

/** Of many runs (months over centuries) those that have events. */
async function nonEmptyRuns(
  searcher: Searcher,
  { query, time }: CompiledMetric,
  runs: readonly Run[],
  snapshot: boolean,
): Promise<Run[]> {
  const ranges = runs.map(({ start, end }, i) => ({ key: String(i), from: start, to: end }));
  const aggs = { b: { range: { field: time, ranges } } };
  const answer = await searcher.search({ size: 0, track_total_hits: false, query, aggs }, snapshot);
  const { buckets } = aggregation<RangeBuckets>(answer, "b");
  const filled = new Set(buckets.filter(({ doc_count: count }) => count > 0).map(({ key }) => Number(key)));
  return runs.filter((_, i) => filled.has(i));
}

function hasBucket({ first, count }: Run, filled: ReadonlySet<number>): boolean {
  for (let i = first; i < first + count; i++) if (filled.has(i)) return true;
  return false;
}

/** Answers a sentence about the error when the measure had to be estimated. */
async function runDistinct(
  searcher: Searcher,
  metric: CompiledMetric,
  runs: readonly (Run | undefined)[],
  measure: DistinctMeasure,
  exact: Exact,
  put: Put,
): Promise<string | undefined> {
  const plain = metric.groups.length === 0 && metric.edges === undefined;
  const { measure: asked } = measure;
  if (plain && (asked.kind === "percentile" || asked.kind === "percentiles")) {
    const kinds = kindsOf(measure);
    const [number] = kinds;
    if (!number) return undefined;
    const query = every([metric.query, valued(kinds, measure.filter)]);
    const found = new Map<number, number | null>();
    for (const percentile of asked.kind === "percentile" ? [asked.percentile] : asked.percentiles) {
      found.set(percentile, await bisectPercentile(searcher, query, number.field, percentile, exact.snapshot));
    }
    put(
      0,
      [],
      percentilesOf(asked, (percentile) => found.get(percentile) ?? null),
    );
    return undefined;
  }
  if (await exactDistinct(searcher, metric, runs, measure, put, exact)) return undefined;
  return sketchDistinct(searcher, metric, runs, measure, put, exact.snapshot);
}
