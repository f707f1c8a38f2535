import {
  MillraceError,
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
}

/** A measure that needs the distinct values of a field in each cell, with how often each occurs. */
export interface DistinctMeasure {
  readonly kind: "distinct";
  readonly field: Field;
  readonly measure: Extract<Measure<Field>, { kind: "count_unique" | "select_unique" | "percentile" }>;
  readonly filter: Dsl | undefined;
}

export type CompiledMeasure = InlineMeasure | DistinctMeasure;

/** @param name of the aggregation, unique within the request */
export function compileMeasure({ measure, filter }: LabelledMeasure<Field>, name: string): CompiledMeasure {
  return visitMeasure(visitor(name, filter && compileFilter(filter)), measure);
}

interface Stats {
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly sum: number;
  readonly avg: number | null;
  readonly std_deviation?: number | null;
}

function visitor(name: string, filter: Dsl | undefined): MeasureVisitor<Field, CompiledMeasure> {
  /** A statistic of the field's numbers; values of other kinds do not count. */
  const statistic = (
    measure: Measure<Field> & { readonly field: Field },
    read: (stats: Stats) => unknown,
  ): InlineMeasure => {
    const { number } = fieldDsl(measure.field);
    const empty = emptyValue(measure);
    if (number === undefined) return { kind: "inline", aggregation: undefined, decode: () => empty };
    const kind = measure.kind === "standard_deviation" ? "extended_stats" : "stats";
    return {
      kind: "inline",
      aggregation: filtered({ [kind]: { field: number } }),
      decode: (cell) => {
        const stats = inner(cell) as unknown as Stats;
        return stats.count === 0 ? empty : finite(read(stats));
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
    sum: (measure) => statistic(measure, (stats) => stats.sum),
    average: (measure) => statistic(measure, (stats) => stats.avg),
    minimum: (measure) => statistic(measure, (stats) => stats.min),
    maximum: (measure) => statistic(measure, (stats) => stats.max),
    standard_deviation: (measure) => statistic(measure, (stats) => stats.std_deviation),
    count_unique: distinct,
    select_unique: distinct,
    percentile: distinct,
  };
}

const INNER = "v";

/** @throws MillraceError when the result left the range of a double: JSON has no way to say so, and null would mean "no values". */
function finite(value: unknown): number {
  const number = typeof value === "number" ? value : Number.NaN;
  if (Number.isFinite(number)) return number;
  throw new MillraceError("UnsupportedQueryError", "The numbers are too large: the result is beyond a 64-bit float.");
}
