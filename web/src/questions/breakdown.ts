import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { multiAnalysis, type Analysis, type GroupRow } from "../api/keen.ts";
import { FRESH_MS, VIEWS, base, eventCollections, isAboutEvents, keyOf, type Ask } from "./ask.ts";

/** One way to break the period down: which events, by what, counting what. */
export interface Breakdown {
  readonly id: string;
  /** Field that is grouped by. */
  readonly field: string;
  /** Word for the number: "Visitors", "Entries", "Events". */
  readonly measure: string;
  /** `visitors`: unique visitors of page views; `entries`: those of first pages of visits; `events`: every event. */
  readonly counts: "visitors" | "entries" | "events";
  /** Events whose collection is this only; absent: page views, or all collections for `events`. */
  readonly collection?: string;
}

export interface BreakdownRow {
  readonly value: string | number | boolean | null;
  readonly count: number;
  /** Page views, or events again. */
  readonly views: number;
}

/** The top rows of a breakdown, largest first. */
export const topOf = (ask: Ask, breakdown: Breakdown, limit: number) =>
  queryOptions({
    queryKey: ["top", breakdown, limit, ...keyOf(ask)],
    queryFn: ({ signal }) => run(ask, breakdown, { limit }, signal),
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/**
 * The same rows in the comparison period, asked for by value: a row that is not among the other period's top may still have had
 * visitors then, and must not be called new.
 */
export const earlierOf = (ask: Ask, breakdown: Breakdown, values: readonly BreakdownRow["value"][]) =>
  queryOptions({
    queryKey: ["earlier", breakdown, values, ...keyOf(ask)],
    queryFn: ({ signal }) => run(ask, breakdown, { values }, signal),
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/** The breakdown as it can be answered: where the page is about events, it counts events instead of visitors of pages. */
export function suited(breakdown: Breakdown, ask: Ask): Breakdown {
  return isAboutEvents(ask) ? { ...breakdown, counts: "events", measure: "Events" } : breakdown;
}

interface Rows {
  readonly limit?: number;
  readonly values?: readonly BreakdownRow["value"][];
}

async function run(ask: Ask, breakdown: Breakdown, rows: Rows, signal: AbortSignal): Promise<BreakdownRow[]> {
  const wanted = breakdown.collection
    ? [breakdown.collection]
    : breakdown.counts === "events"
      ? eventCollections(ask)
      : [VIEWS];
  const collections = wanted.filter((name) => ask.collections.includes(name));
  if (collections.length === 0) return [];
  const shared = base(ask);
  const extra = [
    ...(breakdown.counts === "entries" ? [{ property_name: "$visit.page", operator: "eq", property_value: 1 }] : []),
    ...(rows.values ? [{ property_name: breakdown.field, operator: "in", property_value: rows.values }] : []),
  ];
  const { result: found } = await multiAnalysis<GroupRow[]>(
    ask.access,
    {
      ...shared,
      filters: [...(shared.filters ?? []), ...extra],
      event_collection: collections,
      group_by: [breakdown.field],
      analyses: analysesOf(breakdown),
      order_by: [{ property_name: "n", direction: "DESC" }],
      ...(rows.limit === undefined ? {} : { limit: rows.limit }),
    },
    signal,
  );
  return found
    .map((row) => ({
      value: row[breakdown.field] ?? null,
      count: Number(row["n"] ?? 0),
      views: Number(row["views"] ?? row["n"] ?? 0),
    }))
    .filter((row) => row.count > 0);
}

function analysesOf(breakdown: Breakdown): Record<string, Analysis> {
  return breakdown.counts === "events"
    ? { n: { analysis_type: "count" } }
    : { n: { analysis_type: "count_unique", target_property: "$visitor" }, views: { analysis_type: "count" } };
}
