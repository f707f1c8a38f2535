/** The cohort of one period. */
export interface Cohort {
  /** Actors in it. */
  readonly size: number;
  /** Of them those who came back: in its own period, in the next, and so on to the last one of the timeframe. */
  readonly returned: readonly number[];
}

export interface RetentionResult {
  /** One a period, empty ones too. */
  readonly cohorts: readonly Cohort[];
}

/** Cohorts under construction: numbers of actors by period. */
export interface CohortTable {
  join(cohort: number, actors: number): void;
  /** @param later how many periods after that of the cohort */
  return(cohort: number, later: number, actors: number): void;
  /** @param unbounded each actor was told of once, with the last period in which he came back: he counts for all before it too */
  result(unbounded: boolean): RetentionResult;
}

export function createCohorts(periods: number): CohortTable {
  const sizes = Array.from({ length: periods }, () => 0);
  const returned = sizes.map((_, cohort) => Array.from({ length: periods - cohort }, () => 0));
  return {
    join: (cohort, actors) => {
      sizes[cohort] = (sizes[cohort] ?? 0) + actors;
    },
    return: (cohort, later, actors) => {
      const row = returned[cohort] ?? [];
      row[later] = (row[later] ?? 0) + actors;
    },
    result: (unbounded) => ({
      cohorts: returned.map((row, i) => ({ size: sizes[i] ?? 0, returned: unbounded ? fromTheEnd(row) : row })),
    }),
  };
}

/** Each number with all behind it. */
function fromTheEnd(row: readonly number[]): number[] {
  return row.map((_, i) => row.slice(i).reduce((sum, count) => sum + count, 0));
}
