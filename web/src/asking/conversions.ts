import type { Filter } from "@millrace/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import { base, eventCollections, FRESH_MS, keyOf, type Ask } from "../questions/ask.ts";
import type { Breakdown, BreakdownRow } from "../questions/breakdown.ts";
import { setOf, type EventChoice } from "./events.ts";

type Value = BreakdownRow["value"];
type Unit = Exclude<Breakdown["counts"], "events">;

/** Visits that began in the period and reached the goal, and all of them: a rate of 0 to 1, null of none. */
export const conversionOf = (ask: Ask, goal: EventChoice, all: number | undefined) =>
  queryOptions({
    queryKey: ["converted", goal, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<number> =>
      (await askerOf(ask.access).ask(reached(ask, goal, "visits", []), signal)).result,
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
    select: (count) => ({ count, rate: all === undefined || all === 0 ? null : count / all }),
  });

/**
 * How many of each row reached the goal, by the row's value. What a row is counted in (visits or visitors) is what is counted here, so that a rate is
 * a share of the row; a page's are those who reached the goal on that page.
 */
export const convertedOf = (ask: Ask, { field, counts }: Breakdown, goal: EventChoice, values: readonly Value[]) =>
  queryOptions({
    queryKey: ["converted", field, counts, goal, values, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<ReadonlyMap<Value, number>> => {
      const only: Filter = { property_name: field, operator: "in", property_value: [...values] };
      const asked = { ...reached(ask, goal, counts as Unit, [only]), group_by: [field] } as const;
      const { result } = await askerOf(ask.access).ask(asked, signal);
      return new Map(result.map((row) => [row[field] as Value, row.result] as const));
    },
    enabled: counts !== "events",
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

function reached(ask: Ask, goal: EventChoice, counts: Unit, more: readonly Filter[]) {
  const shared = base(ask);
  const { event_collection, filters } = setOf(goal, eventCollections(ask));
  return {
    ...shared,
    ...(counts === "visits" && { time_property: "$visit.start" as const }),
    analysis_type: "count_unique" as const,
    target_property: counts === "visits" ? "$visit.id" : "$visitor",
    event_collection,
    filters: [...shared.filters, ...filters, ...more],
  };
}
