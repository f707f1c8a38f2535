import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { FRESH_MS, keyOf, type Ask } from "./ask.ts";
import { valuesOf, type Breakdown, type BreakdownRow, type RowsWanted, type Value } from "./breakdown.ts";

/**
 * The top rows of a breakdown, largest first.
 * @param search only values with this text in them, in whatever case; the server looks
 * @param details with the time on each page and how far down it was seen
 */
export const topOf = (ask: Ask, breakdown: Breakdown, limit: number, search = "", details = false) =>
  queryOptions({
    queryKey: ["top", breakdown, limit, search, details, ...keyOf(ask)],
    queryFn: ({ signal }) => rowsOf(ask, breakdown, { limit, search, details }, signal),
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/**
 * The same rows in the comparison period, asked for by value: a row that is not among the other period's top may still have had
 * visitors then, and must not be called new.
 */
export const earlierOf = (ask: Ask, breakdown: Breakdown, rows: readonly Value[]) => {
  // In whatever order they are now: it is the same question.
  const values = rows.toSorted((a, b) => String(a).localeCompare(String(b)));
  return queryOptions({
    queryKey: ["earlier", breakdown, values, ...keyOf(ask)],
    queryFn: ({ signal }) => rowsOf(ask, breakdown, { values }, signal),
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });
};

async function rowsOf(ask: Ask, breakdown: Breakdown, rows: RowsWanted, signal: AbortSignal): Promise<BreakdownRow[]> {
  if (breakdown.kind !== undefined) {
    const { directories, exits } = await import("./derived.ts");
    return breakdown.kind === "exit" ? exits(ask, rows, signal) : directories(ask, rows, signal);
  }
  return valuesOf(ask, breakdown, rows, signal);
}
