import type { MeasureValue, Value } from "@millrace/core";
import { cellKeys, type CompiledMetric } from "./compile.ts";
import type { Run } from "./compile-bucket.ts";
import { every, type Dsl } from "./compile-filter.ts";
import { readKey, type KeyKind } from "./compile-key.ts";
import type { DistinctMeasure } from "./compile-measure.ts";
import { compositePages } from "./composite.ts";
import { percentilesOf, type Put } from "./distinct.ts";
import { readSketches, sketchesOf } from "./guess.ts";
import { kindsOf, valued } from "./kinds.ts";
import type { Searcher } from "../client/search.ts";

/** Accuracy of the percentile sketch; measured: rank error far below a tenth of a percent. */
const COMPRESSION = 1_000;
/** Cells per page: the sketches of a page are in memory together. */
const CELLS_PER_PAGE = 1_000;

/**
 * A measure over distinct values, estimated: for more values than can be read one by one. Answers the sentence that says so.
 */
export async function sketchDistinct(
  searcher: Searcher,
  metric: CompiledMetric,
  runs: readonly (Run | undefined)[],
  measure: DistinctMeasure,
  put: Put,
  snapshot: boolean,
): Promise<string> {
  const kinds = kindsOf(measure);
  const query = every([metric.query, valued(kinds, measure.filter)]);
  const oneCell = metric.groups.length === 0 && metric.edges === undefined;
  const inline = sketches(measure, kinds, metric.cells);
  const read = (cell: Readonly<Record<string, unknown>>): MeasureValue => readSketch(measure, kinds, cell);
  if (oneCell) {
    const answer = await searcher.search({ size: 0, track_total_hits: false, query, aggs: inline }, snapshot);
    put(0, [], read(answer.aggregations ?? {}));
    return noteOf(measure);
  }
  for (const run of runs) {
    const keys = cellKeys(metric, run);
    // A composite aggregation needs a source; without groups the bucket of the run is one.
    const question = { query, keys, inline, bucketsPerRow: Math.ceil(65_000 / CELLS_PER_PAGE) };
    for await (const rows of compositePages(searcher, question, { snapshot })) {
      for (const row of rows) {
        const group: Value[] = metric.groups.map((groupKinds, g) => readKey(`g${g}`, groupKinds, row.key));
        put(keys.bucket(row.key), group, read(row));
      }
    }
  }
  return noteOf(measure);
}

/** The sentence that says that a measure was estimated, and how well. */
export function noteOf({ measure }: DistinctMeasure): string {
  return NOTES[measure.kind];
}

const NOTES = {
  count_unique:
    "count_unique is an estimate: there are too many distinct values to read; the error is usually below 1 %, at most about 6 %.",
  percentile:
    "A percentile is an estimate: there are too many distinct values to read; its rank is off by less than 0.5 %.",
  percentiles:
    "Percentiles are estimates: there are too many distinct values to read; each rank is off by less than 0.5 %.",
  select_unique: "",
} as const;

function sketches(
  { measure }: DistinctMeasure,
  kinds: readonly KeyKind[],
  cells: number | undefined,
): Readonly<Record<string, Dsl>> {
  if (measure.kind === "percentile" || measure.kind === "percentiles") {
    const field = kinds[0]?.field;
    const percents = measure.kind === "percentile" ? [measure.percentile] : measure.percentiles;
    return { q: { percentiles: { field, percents, keyed: false, tdigest: { compression: COMPRESSION } } } };
  }
  return sketchesOf(kinds, cells);
}

function readSketch(
  { measure }: DistinctMeasure,
  kinds: readonly KeyKind[],
  cell: Readonly<Record<string, unknown>>,
): MeasureValue {
  if (measure.kind === "percentile" || measure.kind === "percentiles") {
    const { values } = cell["q"] as {
      readonly values: readonly { readonly key: number; readonly value: number | null }[];
    };
    return percentilesOf(measure, (percentile) => values.find(({ key }) => key === percentile)?.value ?? null);
  }
  return readSketches(kinds, cell);
}
