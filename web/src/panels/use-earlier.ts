import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Breakdown, BreakdownRow } from "../questions/breakdown.ts";
import { earlierOf } from "../questions/rows.ts";
import { useBeginning } from "./use-beginning.ts";
import { usePage } from "../state/page.tsx";

/**
 * The comparison period's counts of these rows by value; undefined while unknown, or when nothing is compared.
 * @param stale the rows are those of the question before, which stand until this is answered: so do their counts
 */
export function useEarlier(
  breakdown: Breakdown,
  rows: readonly BreakdownRow[] | undefined,
  stale: boolean,
): ReadonlyMap<BreakdownRow["value"], number> | undefined {
  const { ask, comparison } = usePage();
  const values = useMemo(() => rows?.map((row) => row.value) ?? [], [rows]);
  const incomplete = useBeginning() !== undefined;
  const period = comparison?.fair ?? ask.period;
  const earlier = useQuery({
    ...earlierOf({ ...ask, period }, breakdown, values),
    enabled: comparison !== undefined && values.length > 0 && !stale,
  });
  return useMemo(() => {
    // An earlier period without any of it says nothing about the single rows: all of them would be "new".
    if (!comparison || incomplete || !earlier.data?.length || earlier.isPlaceholderData !== stale) return undefined;
    return new Map(earlier.data.map((row) => [row.value, row.count]));
  }, [comparison, incomplete, earlier.data, earlier.isPlaceholderData, stale]);
}
