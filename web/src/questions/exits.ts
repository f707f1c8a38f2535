import { askerOf } from "../api/client.ts";
import { base, VIEWS, type Ask } from "./ask.ts";
import { keepsParts } from "./visits.ts";
import type { BreakdownRow, RowsWanted } from "./breakdown.ts";

/** As many as are named at one step of a path. */
const MOST = 50;

/**
 * The last pages of the visits that began in the period. No event knows that it is the last one, so nothing about it is stored: it is
 * found as the beginning of all paths that are walked backwards, and is right whatever comes late (see docs/decisions/0025-exit-pages.md).
 */
export async function exits(
  ask: Ask,
  { limit, search = "", values }: RowsWanted,
  signal: AbortSignal,
): Promise<BreakdownRow[]> {
  // Of a part of a visit the last page is another one.
  if (keepsParts(ask)) return [];
  const { result } = await askerOf(ask.access).ask(
    {
      ...base(ask),
      time_property: "$visit.start",
      analysis_type: "paths",
      event_collection: [VIEWS],
      step_property: "$page.path",
      direction: "previous",
      depth: 1,
      values: MOST,
    },
    signal,
  );
  const counts = new Map<string, number>();
  for (const { from, result: visits } of result) {
    // Those that are not named are of the pages with the fewest exits.
    if (!("value" in from) || typeof from.value !== "string") continue;
    counts.set(from.value, (counts.get(from.value) ?? 0) + visits);
  }
  const text = search.toLowerCase();
  return [...counts]
    .filter(([page]) => page.toLowerCase().includes(text) && (!values || values.includes(page)))
    .map(([value, count]): BreakdownRow => ({ value, count, views: count, filters: [] }))
    .sort((a, b) => b.count - a.count)
    .slice(0, limit);
}
