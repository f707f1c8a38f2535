import {
  MillraceError,
  deviationNote,
  emptyValue,
  visitMeasure,
  type Field,
  type LabelledMeasure,
  type Measure,
  type MeasureValue,
  type MeasureVisitor,
} from "@millrace/core";
import { fieldDsl } from "./compile-field.ts";
import { compileFilter, type Dsl } from "./compile-filter.ts";

/** A cell as the engine answers it: a count, and results of aggregations by name. */
export type Cell = { readonly doc_count: number } & Readonly<Record<string, unknown>>;

/** A measure that one aggregation inside the cell answers, exactly. */
interface InlineMeasure {
  readonly kind: "inline";
  /** Undefined: the cell's own count is the answer. */
  readonly aggregation: Dsl | undefined;
  readonly decode: (cell: Cell) => MeasureValue;
  /** What must be said of the value in this cell. */
  readonly note?: (cell: Cell) => string | undefined;
}

/** A measure that needs the distinct values of a field in each cell, with how often each occurs. */
export interface DistinctMeasure {
  readonly kind: "distinct";
  readonly field: Field;
  readonly measure: Extract<Measure<Field>, { kind: "count_unique" | "select_unique" | "percentile" | "percentiles" }>;
  readonly filter: Dsl | undefined;
}

export type CompiledMeasure = InlineMeasure | DistinctMeasure;

/** @param name of the aggregation, unique within the request */
export function compileMeasure({ measure, filter }: LabelledMeasure<Field>, name: string): CompiledMeasure {
  return visitMeasure(visitor(name, filter && compileFilter(filter)), measure);
}

/**
 * What computes a number over a field. Not `min` and `max`: in OpenSearch 3.7 a `min` inside the buckets of a `range` takes away the
 * buckets' own counts in every segment where no event has the field, without a word.
 */
type Statistic = "sum" | "avg" | "stats";

/** The part of an answer that is wanted; null where no event has a number. */
type Read = (answer: Cell) => unknown;

const single: Read = ({ value }) => value;
const minimum: Read = ({ count, min }) => (count === 0 ? null : min);
const maximum: Read = ({ count, max }) => (count === 0 ? null : max);

function visitor(name: string, filter: Dsl | undefined): MeasureVisitor<Field, CompiledMeasure> {
  /** A statistic of the field's numbers; values of other kinds do not count. */
  const statistic = (
    measure: Measure<Field> & { readonly field: Field },
    kind: Statistic,
    read: Read,
  ): InlineMeasure => {
    const { number } = fieldDsl(measure.field);
    const empty = emptyValue(measure);
    if (number === undefined) return { kind: "inline", aggregation: undefined, decode: () => empty };
    return {
      kind: "inline",
      aggregation: filtered({ [kind]: { field: number } }),
      decode: (cell) => {
        const value = read(inner(cell));
        return value === null ? empty : finite(value);
      },
    };
  };
  const filtered = (aggregation: Dsl): Dsl =>
    filter === undefined ? aggregation : { filter, aggs: { [INNER]: aggregation } };
  const inner = (cell: Cell): Cell => (filter === undefined ? cell[name] : (cell[name] as Cell)[INNER]) as Cell;
  const distinct = (measure: DistinctMeasure["measure"]): DistinctMeasure => ({
    kind: "distinct",
    field: measure.field,
    measure,
    filter,
  });
  return {
    count: () => ({
      kind: "inline",
      aggregation: filter === undefined ? undefined : { filter },
      decode: (cell) => (filter === undefined ? cell.doc_count : (cell[name] as Cell).doc_count),
    }),
    sum: (measure) => statistic(measure, "sum", single),
    average: (measure) => statistic(measure, "avg", single),
    minimum: (measure) => statistic(measure, "stats", minimum),
    maximum: (measure) => statistic(measure, "stats", maximum),
    standard_deviation: ({ field }) => deviation(fieldDsl(field).number, name, filter),
    count_unique: distinct,
    select_unique: distinct,
    percentile: distinct,
    percentiles: distinct,
  };
}

const INNER = "v";
const SPREAD = "w";

/**
 * The population's standard deviation. Not that of `extended_stats`, which is a difference of sums of squares: 0 for times in
 * milliseconds a second apart. `matrix_stats` keeps a running mean.
 */
function deviation(number: string | undefined, name: string, filter: Dsl | undefined): InlineMeasure {
  if (number === undefined) return { kind: "inline", aggregation: undefined, decode: () => null };
  const read = (cell: Cell): { equal: boolean; count: number; mean: number; deviation: number } => {
    const { [INNER]: moments, [SPREAD]: spread } = cell[name] as Record<string, Cell>;
    const { count, min, max } = spread as unknown as { count: number; min: number | null; max: number | null };
    const [found] = (moments as unknown as { fields?: readonly { mean: number; variance: number }[] }).fields ?? [];
    const variance = Number(found?.variance) * ((count - 1) / count);
    return { equal: min === max, count, mean: Number(found?.mean), deviation: Math.sqrt(variance) };
  };
  return {
    kind: "inline",
    aggregation: {
      filter: filter ?? { exists: { field: number } },
      aggs: { [INNER]: { matrix_stats: { fields: [number] } }, [SPREAD]: { stats: { field: number } } },
    },
    decode: (cell) => {
      const { count, equal, deviation: found } = read(cell);
      if (count === 0) return null;
      return equal ? 0 : finite(found);
    },
    note: (cell) => {
      const { equal, mean, deviation: found } = read(cell);
      return equal ? undefined : deviationNote(mean, found);
    },
  };
}

/** @throws MillraceError when the result left the range of a double: JSON has no way to say so, and null would mean "no values". */
function finite(value: unknown): number {
  const number = typeof value === "number" ? value : Number.NaN;
  if (Number.isFinite(number)) return number;
  throw new MillraceError("UnsupportedQueryError", "The numbers are too large: the result is beyond a 64-bit float.");
}
