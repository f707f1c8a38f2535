import { BIGINT, BOOLEAN, DOUBLE, LIST, VARCHAR, listValue, type DuckDBType, type DuckDBValue } from "@duckdb/node-api";

/** SQL with its bound values. Text from a caller is only ever in `values`. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly DuckDBValue[];
  readonly types: readonly DuckDBType[];
}

/** Collects the values of one statement and hands out their placeholders. An equal value gets the same placeholder. */
export interface Binder {
  text(value: string): string;
  number(value: number): string;
  boolean(value: boolean): string;
  /** A whole number for BIGINT columns. */
  whole(value: number): string;
  texts(values: readonly string[]): string;
  statement(sql: string): Statement;
}

/** A binder for one statement. Equal placeholders let DuckDB compute `strings[$1]` once where a query names it often. */
export function createBinder(): Binder {
  const values: DuckDBValue[] = [];
  const types: DuckDBType[] = [];
  const known = new Map<string, string>();
  const add = (value: DuckDBValue, type: DuckDBType): string => {
    values.push(value);
    types.push(type);
    return `$${values.length}`;
  };
  const once = (key: string, value: DuckDBValue, type: DuckDBType): string => {
    const placeholder = known.get(key) ?? add(value, type);
    known.set(key, placeholder);
    return placeholder;
  };
  return {
    text: (value) => once(`t${value}`, value, VARCHAR),
    number: (value) => once(`n${value}`, value === 0 ? 0 : value, DOUBLE),
    boolean: (value) => once(`b${String(value)}`, value, BOOLEAN),
    whole: (value) => once(`w${value}`, BigInt(value), BIGINT),
    texts: (items) => once(`l${JSON.stringify(items)}`, listValue(items), LIST(VARCHAR)),
    statement: (sql) => onlyUsed(sql, values, types),
  };
}

/**
 * Drops values that the text does not name (a condition that turned out to be constant), which DuckDB would refuse. The text is
 * this code's own and holds no caller's text, so a `$` in it is always a placeholder.
 */
function onlyUsed(sql: string, values: readonly DuckDBValue[], types: readonly DuckDBType[]): Statement {
  const places = new Map<number, number>();
  const renumbered = sql.replace(/\$(\d+)/g, (_, digits: string) => {
    const index = Number(digits) - 1;
    const place = places.get(index) ?? places.size + 1;
    places.set(index, place);
    return `$${place}`;
  });
  const used = [...places.keys()];
  return {
    sql: renumbered,
    values: used.map((index) => values[index] as DuckDBValue),
    types: used.map((index) => types[index] as DuckDBType),
  };
}

/**
 * A whole number written into the SQL itself: bucket edges, ranges and ranks, which this code computed. As literals they prune
 * row groups and fold.
 * @throws RangeError when it is not a safe integer, so that nothing else can ever reach the text.
 */
export function literal(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number.`);
  return String(value);
}
