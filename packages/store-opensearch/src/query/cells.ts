import { LIMITS_QUERY, MillraceError, valueKey, type MeasureValue, type MetricRow, type Value } from "@millrace/core";

/** The cells of an answer while it is put together. */
export interface Cells {
  /** A cell that has events. Values not set later are those of nothing. */
  add(bucket: number, group: readonly Value[], values: readonly MeasureValue[]): void;
  /** Sets one measure of a cell. */
  set(bucket: number, group: readonly Value[], measure: number, value: MeasureValue): void;
  rows(): MetricRow[];
}

/** @throws from `add`: MillraceError `TooManyResultsError` beyond the caps of an answer */
export function createCells(bucketed: boolean, grouped: boolean): Cells {
  const cells = new Map<string, { bucket: number; group: readonly Value[]; values: MeasureValue[] }>();
  const groups = new Set<string>();
  return {
    add: (bucket, group, values) => {
      const key = cellKey(bucket, group);
      cells.set(key, { bucket, group, values: [...values] });
      if (grouped && bucketed) groups.add(valueKey([...group]));
      const most = bucketed ? LIMITS_QUERY.cells : LIMITS_QUERY.groups;
      if (cells.size > most || groups.size > LIMITS_QUERY.groups) throw tooMany();
    },
    set: (bucket, group, measure, value) => {
      const cell = cells.get(cellKey(bucket, group));
      if (cell) cell.values[measure] = value;
    },
    rows: () => [...cells.values()],
  };
}

function cellKey(bucket: number, group: readonly Value[]): string {
  return group.length === 0 ? String(bucket) : `${bucket} ${valueKey([...group])}`;
}

function tooMany(): MillraceError {
  return new MillraceError(
    "TooManyResultsError",
    `The answer has more than ${LIMITS_QUERY.groups} groups (or ${LIMITS_QUERY.cells} cells). Group by fewer properties, use a filter, or a longer interval.`,
  );
}
