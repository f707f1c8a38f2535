import { LIMITS_QUERY, MillraceError, compareValues, nearestRank, type MeasureValue, type Value } from "@millrace/core";
import { cellKeys, keySources, leadOf, valueSources, type CompiledMetric } from "./compile.ts";
import type { Run } from "./compile-bucket.ts";
import { every } from "./compile-filter.ts";
import { readKey, type KeyKind } from "./compile-key.ts";
import type { DistinctMeasure } from "./compile-measure.ts";
import { compositePages, type Row } from "./composite.ts";
import { kindsOf, valued } from "./kinds.ts";
import type { Searcher } from "../client/search.ts";

/** Where the value of one cell goes. */
export type Put = (bucket: number, group: readonly Value[], value: MeasureValue) => void;

/** Where a cell goes with the count of its events, before its value does. */
export type AddCell = (bucket: number, group: readonly Value[], count: number) => void;

/** How a measure over distinct values is answered: exactly up to so many, and of a snapshot or of the newest state. */
export interface Exact {
  readonly most: number;
  readonly snapshot: boolean;
}

/**
 * A measure over distinct values, exactly: every distinct value of every cell is a row, and rows come cell by cell with the
 * values in order. Answers false when there are more than `most` of them, with some cells already put.
 * @param exact.add given where these rows have to make the cells, too: then events without a value are in a row as well
 * @throws MillraceError `TooManyResultsError` when a list of values is longer than an answer may be
 */
export async function exactDistinct(
  searcher: Searcher,
  metric: CompiledMetric,
  runs: readonly (Run | undefined)[],
  measure: DistinctMeasure,
  put: Put,
  { most, snapshot, add }: Exact & { readonly add?: AddCell },
): Promise<boolean> {
  const kinds = kindsOf(measure);
  if (kinds.length === 0) return true;
  let seen = 0;
  for (const run of runs) {
    const keys = cellKeys(metric, run);
    const question = {
      query: add ? metric.query : every([metric.query, valued(kinds, measure.filter)]),
      keys: { ...keys, sources: [...keys.sources, ...(add ? keySources : valueSources)("v", kinds)] },
      inline: {},
      bucketsPerRow: 1,
      lead: keys.sources.length === 0 ? leadOf("v", kinds) : undefined,
    };
    const isValue = (key: Row["key"]): boolean => !add || kinds.some((_, i) => key[`v_${i}`] !== null);
    let cell: OpenCell | undefined;
    const close = ({ bucket, group, events, fold }: OpenCell): void => {
      add?.(bucket, group, events);
      put(bucket, group, fold.value());
    };
    for await (const rows of compositePages(searcher, question, { snapshot })) {
      for (const { key } of rows) if (isValue(key)) seen++;
      if (seen > most) {
        if (measure.measure.kind === "select_unique") throw tooManyValues();
        return false;
      }
      for (const { key, doc_count: count } of rows) {
        const id = cellId(key);
        if (cell?.id !== id) {
          if (cell) close(cell);
          const group = metric.groups.map((groupKinds, g) => readKey(`g${g}`, groupKinds, key));
          cell = { id, bucket: keys.bucket(key), group, events: 0, fold: foldOf(measure, kinds) };
        }
        cell.events += count;
        if (isValue(key)) cell.fold.add(key, count);
      }
    }
    if (cell) close(cell);
  }
  return true;
}

/** A cell whose rows are still coming. */
interface OpenCell {
  readonly id: string;
  readonly bucket: number;
  readonly group: readonly Value[];
  readonly fold: Fold;
  events: number;
}

/** The part of a composite key that names the cell: all but the value. */
function cellId(key: Readonly<Record<string, unknown>>): string {
  let id = "";
  for (const name in key) if (!name.startsWith("v_")) id += `${JSON.stringify(key[name])},`;
  return id;
}

/** The values of one cell on their way to one result. */
interface Fold {
  add(key: Readonly<Record<string, unknown>>, count: number): void;
  value(): MeasureValue;
}

function foldOf({ measure }: DistinctMeasure, kinds: readonly KeyKind[]): Fold {
  switch (measure.kind) {
    case "count_unique": {
      let distinct = 0;
      return { add: () => distinct++, value: () => distinct };
    }
    case "select_unique": {
      const values: Value[] = [];
      return {
        add: (key) => {
          values.push(readKey("v", kinds, key));
          if (values.length > LIMITS_QUERY.groups) throw tooManyValues();
        },
        value: () => values.sort(compareValues),
      };
    }
    case "percentile":
    case "percentiles": {
      const counted: [value: number, count: number][] = [];
      return {
        add: (key, count) => void counted.push([key["v_0"] as number, count]),
        value: () => percentilesOf(measure, (percentile) => atRank(counted, nearestRankOf(counted, percentile))),
      };
    }
  }
}

/** One percentile's value, or those of several in the order asked. */
export function percentilesOf(
  measure: Extract<DistinctMeasure["measure"], { kind: "percentile" | "percentiles" }>,
  valueOf: (percentile: number) => number | null,
): MeasureValue {
  return measure.kind === "percentile" ? valueOf(measure.percentile) : measure.percentiles.map(valueOf);
}

function nearestRankOf(counted: readonly (readonly [number, number])[], percentile: number): number {
  return nearestRank(
    percentile,
    counted.reduce((sum, [, count]) => sum + count, 0),
  );
}

/** The value at a rank (1-based) of ascending values with their counts; null beyond the last. */
export function atRank(counted: readonly (readonly [value: number, count: number])[], rank: number): number | null {
  let passed = 0;
  for (const [value, count] of counted) {
    passed += count;
    if (passed >= rank) return value;
  }
  return null;
}

function tooManyValues(): MillraceError {
  return new MillraceError(
    "TooManyResultsError",
    `select_unique found more than ${LIMITS_QUERY.groups} values, the most that fit one answer. Use a filter or a shorter timeframe.`,
  );
}
