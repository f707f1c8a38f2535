import {
  LIMITS_QUERY,
  MillraceError,
  compareValues,
  deviationNote,
  visitMeasure,
  type Field,
  type Json,
  type Measure,
  type MeasureValue,
  type MeasureVisitor,
  type Value,
} from "@millrace/core";
import { fieldSql, type FieldSql } from "./compile-field.ts";
import type { Binder } from "./statement.ts";

/** What DuckDB hands back for one column of one row, in JavaScript's terms. */
export type Cell = unknown;

/** One measure as columns of the SELECT, and the way back from their cells. */
export interface MeasureSql {
  readonly columns: readonly string[];
  readonly decode: (cells: readonly Cell[]) => MeasureValue;
  /** What must be said of the value in this row. */
  readonly note?: (cells: readonly Cell[]) => string | undefined;
}

/** @param filter condition of the measure's own filter, if it has one. */
export function compileMeasure(measure: Measure<Field>, filter: string | undefined, binder: Binder): MeasureSql {
  return visitMeasure(visitor(filter === undefined ? "" : ` FILTER (WHERE ${filter})`, filter, binder), measure);
}

function visitor(only: string, filter: string | undefined, binder: Binder): MeasureVisitor<Field, MeasureSql> {
  /** An aggregate of the field's numbers; values of other kinds do not count. */
  const numeric = (field: Field, aggregate: (x: string) => string): MeasureSql => {
    const sql = fieldSql(field, binder);
    return { columns: [`${aggregate(numberOf(sql))}${only}`], decode: ([cell]) => finite(cell) };
  };
  return {
    count: () => ({ columns: [`count(*)${only}`], decode: ([cell]) => Number(cell) }),
    // Typed values are never equal across kinds, so the kinds are counted apart and added.
    count_unique: ({ field }) => ({
      columns: distinctValues(fieldSql(field, binder)).map(
        ({ sql }) => `count(DISTINCT ${shorter(field, sql)})${only}`,
      ),
      decode: (cells) => cells.reduce<number>((sum, cell) => sum + Number(cell), 0),
    }),
    select_unique: ({ field }) => selectUnique(fieldSql(field, binder), filter),
    // Compensated summation: a plain sum of doubles depends on the order, and with it on the threads.
    sum: ({ field }) => {
      const { columns, decode } = numeric(field, (x) => `fsum(${x})`);
      return { columns, decode: (cells) => decode(cells) ?? 0 };
    },
    average: ({ field }) => numeric(field, (x) => `favg(${x})`),
    minimum: ({ field }) => numeric(field, (x) => `min(${x})`),
    maximum: ({ field }) => numeric(field, (x) => `max(${x})`),
    standard_deviation: ({ field }) => {
      const x = numberOf(fieldSql(field, binder));
      // Of equal numbers the deviation is 0, not what is left of rounding when the threads' parts are put together.
      const equal = ([, , least, most]: readonly Cell[]) => least === most;
      return {
        columns: [`stddev_pop(${x})`, `favg(${x})`, `min(${x})`, `max(${x})`].map((column) => `${column}${only}`),
        decode: (cells) => (cells[0] !== null && equal(cells) ? 0 : finite(cells[0])),
        note: (cells) => (equal(cells) ? undefined : deviationNote(Number(cells[1]), Number(cells[0]))),
      };
    },
    percentiles: ({ field, percentiles }) => ({
      columns: [
        `quantile_disc(${numberOf(fieldSql(field, binder))}, [${percentiles.map(fraction).join(", ")}])${only}`,
      ],
      decode: ([cell]) => percentiles.map((_, i) => (Array.isArray(cell) ? finite(cell[i]) : null)),
    }),
    percentile: ({ field, percentile }) => numeric(field, (x) => `quantile_disc(${x}, ${fraction(percentile)})`),
  };
}

/** Standard fields that hold ids we made of random bytes or of a digest: as many different values as visitors, 22 characters and more. */
const IDS: ReadonlySet<string> = new Set(["visitor", "visit_id"]);

/**
 * What stands for a value where it is only told from others: for an id its hash of 64 bits, which is kept and compared in half the time.
 * Among a million ids two share one with a chance of 1 in 37 million, among ten million of 1 in 370,000; they would be counted as one.
 */
function shorter(field: Field, sql: string): string {
  const isId = field.kind === "standard" && IDS.has(field.column);
  return isId ? `CASE WHEN ${sql} IS NOT NULL THEN hash(${sql}) END` : sql;
}

/** What {@link shorter} makes of an id. */
export function distinctHash(field: Field, binder: Binder): string {
  const { string = "NULL" } = fieldSql(field, binder);
  return shorter(field, string);
}

/**
 * The percentile as an exact decimal: with one, DuckDB finds the nearest rank in integers, as core's `nearestRank` does; as a
 * double 7 % of 100 values would be the eighth.
 */
function fraction(percentile: number): string {
  const digits = String(Math.round(percentile * 100)).padStart(5, "0");
  return `${digits.slice(0, 1)}.${digits.slice(1)}`;
}

/** Numbers are asked of properties, which may be some, and of fields that are (core's plan sees to it). */
export function numberOf({ number = "NULL::DOUBLE" }: FieldSql): string {
  return number;
}

export interface Distinct {
  readonly sql: string;
  readonly decode: (cell: Cell) => Value;
}

/** The non-null values of a field, one expression per kind. */
export function distinctValues(sql: FieldSql): Distinct[] {
  const asIs = (cell: Cell) => cell as string | number | boolean;
  const found: (Distinct | undefined)[] = [
    sql.string === undefined ? undefined : { sql: sql.string, decode: asIs },
    sql.number === undefined ? undefined : { sql: sql.number, decode: asIs },
    sql.instant === undefined ? undefined : { sql: sql.instant, decode: Number },
    sql.boolean === undefined ? undefined : { sql: sql.boolean, decode: asIs },
    sql.json === undefined
      ? undefined
      : { sql: `nullif(${sql.json}, 'null')`, decode: (cell) => JSON.parse(cell as string) as Json[] },
    sql.strings === undefined ? undefined : { sql: sql.strings, decode: (cell) => cell as string[] },
  ];
  return found.filter((each) => each !== undefined);
}

function selectUnique(sql: FieldSql, filter: string | undefined): MeasureSql {
  const kinds = distinctValues(sql);
  const and = filter === undefined ? "" : ` AND ${filter}`;
  return {
    columns: kinds.map((kind) => `list(DISTINCT ${kind.sql}) FILTER (WHERE ${kind.sql} IS NOT NULL${and})`),
    decode: (cells) => {
      const values = kinds.flatMap((kind, i) => ((cells[i] ?? []) as Cell[]).map((cell) => kind.decode(cell)));
      if (values.length > LIMITS_QUERY.groups) {
        throw new MillraceError(
          "TooManyResultsError",
          `select_unique found ${values.length} values; at most ${LIMITS_QUERY.groups} fit one answer. Use a filter or a shorter timeframe.`,
        );
      }
      return values.sort(compareValues);
    },
  };
}

/** @throws MillraceError when the result left the range of a double: JSON has no way to say so, and null would mean "no values". */
function finite(cell: Cell): number | null {
  if (cell === null || cell === undefined) return null;
  const value = Number(cell);
  if (!Number.isFinite(value)) {
    throw new MillraceError("UnsupportedQueryError", "The numbers are too large: the result is beyond a 64-bit float.");
  }
  return value;
}
