import type { BreakdownRow } from "../questions/breakdown.ts";

/**
 * Each row with a key of its own. Values of two kinds may read alike (5 and "5", a list and its text), and of rows that share a key
 * React leaves one behind when the list changes: a number of another breakdown.
 */
export function keyed<Row extends Pick<BreakdownRow, "value">>(rows: readonly Row[]): (readonly [string, Row])[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const name = `${typeof row.value} ${String(row.value)}`;
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return [`${name} ${times}`, row];
  });
}
