import type { AnyAnswer } from "../../asking/answer.ts";

export interface CohortRow {
  readonly start: number;
  readonly end: number;
  readonly size: number;
  /** Who came back in the period of the beginning, the next one, and so on; null: it has not begun. */
  readonly returned: readonly (number | null)[];
}

export interface Grid {
  /** Those that have somebody in them, oldest first. */
  readonly rows: readonly CohortRow[];
  readonly columns: number;
  /**
   * Of each column, how many came back of those who could have: cohorts whose period of return has passed, so that young cohorts do not pull the
   * average down. Null where there is none.
   */
  readonly average: readonly (number | null)[];
}

interface Told {
  readonly value: { readonly size: number; readonly returned: readonly number[] };
  readonly timeframe: { readonly start: string; readonly end: string };
}

/** A retention answer as a grid. @param nowMs when it was answered: what lies ahead is no zero */
export function gridOf(answer: AnyAnswer, nowMs: number): Grid {
  const told = answer.result as unknown as readonly Told[];
  const starts = told.map(({ timeframe }) => Date.parse(timeframe.start));
  const ends = told.map(({ timeframe }) => Date.parse(timeframe.end));
  const rows = told.flatMap(({ value }, at): CohortRow[] => {
    if (value.size === 0) return [];
    const returned = value.returned.map((count, later) => ((starts[at + later] ?? 0) > nowMs ? null : count));
    return [{ start: starts[at] ?? 0, end: ends[at] ?? 0, size: value.size, returned }];
  });
  const lengthOf = ({ returned }: CohortRow) => returned.filter((count) => count !== null).length;
  const columns = Math.max(0, ...rows.map(lengthOf));
  const average = Array.from({ length: columns }, (_, column) => {
    const whole = rows.filter(({ start, returned }) => {
      const at = starts.indexOf(start) + column;
      return returned[column] !== null && (ends[at] ?? Infinity) <= nowMs;
    });
    const size = whole.reduce((sum, row) => sum + row.size, 0);
    const came = whole.reduce((sum, row) => sum + (row.returned[column] ?? 0), 0);
    return size > 0 ? came / size : null;
  });
  return { rows, columns, average };
}
