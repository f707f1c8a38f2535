import type { Filter } from "@millrace/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import { base, eventCollections, FRESH_MS, keyOf, type Ask } from "../questions/ask.ts";
import type { Breakdown, BreakdownRow } from "../questions/breakdown.ts";
import { isOfTheVisit } from "../state/dimensions.ts";
import { keenFilter } from "../state/filters.ts";
import type { Totals } from "../state/metrics.ts";
import { setOf, type EventChoice } from "./events.ts";
import type { Goal } from "./goals.ts";

type Value = BreakdownRow["value"];
type Unit = Exclude<Breakdown["counts"], "events">;

/** How many reached a goal. */
export interface Reached {
  readonly count: number;
  /** Of how many; absent where what it is shown beside says so. */
  readonly of?: number;
}

/** Rows of events whose conversion is asked for at once: each is a question, and a batch has 50. */
export const MOST_OF_EVENTS = 50;

/**
 * Visits that began in the period and reached the goal, as a share of all of them: a rate of 0 to 1, null of none. Where the page is about
 * events: of the visitors of those that match.
 */
export const conversionOf = (ask: Ask, goal: EventChoice, totals: Totals | undefined) =>
  queryOptions({
    queryKey: ["converted", goal, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<Reached> =>
      ask.about === "events"
        ? reachedAmong(ask, { collections: eventCollections(ask), filters: [] }, goal, signal)
        : { count: (await askerOf(ask.access).ask(reached(ask, goal, "visits", []), signal)).result },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
    select: ({ count, of = totals?.visits }) => ({ count, rate: of === undefined || of === 0 ? null : count / of }),
  });

/**
 * How many of each row reached the goal, by the row's value. What a row is counted in (visits or visitors) is what is counted here, so that a
 * rate is a share of the row; a page's are those who reached the goal on that page. Of events it is told of how many.
 */
export const convertedOf = (ask: Ask, breakdown: Breakdown, goal: EventChoice, values: readonly Value[]) =>
  queryOptions({
    queryKey: ["converted", breakdown, goal, values, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<ReadonlyMap<Value, Reached>> => {
      const { field, counts } = breakdown;
      if (counts === "events") return reachedOfEvents(ask, breakdown, goal, values, signal);
      const only: Filter = { property_name: field, operator: "in", property_value: [...values] };
      const asked = { ...reached(ask, goal, counts, [only]), group_by: [field] } as const;
      const { result } = await askerOf(ask.access).ask(asked, signal);
      return new Map(result.map((row) => [row[field] as Value, { count: row.result }] as const));
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/**
 * What reaching the goal brought in, by each row's value: of rows in visits what was earned in visits begun in the period, of rows in
 * visitors what was earned in it. An event that says no amount, or belongs to no row, is in none.
 */
export const revenueByRow = (ask: Ask, breakdown: Breakdown, goal: Goal | undefined, values: readonly Value[]) =>
  queryOptions({
    queryKey: ["revenue of rows", breakdown, goal?.choice, goal?.amount, values, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<ReadonlyMap<Value, number>> => {
      const { field, counts } = breakdown;
      if (!goal || counts === "events") return new Map();
      const only: Filter = { property_name: field, operator: "in", property_value: [...values] };
      const sum = { analysis_type: "sum", target_property: goal.amount, group_by: [field] } as const;
      const { result } = await askerOf(ask.access).ask(
        { ...reached(ask, goal.choice, counts, [only]), ...sum },
        signal,
      );
      return new Map(result.map((row) => [row[field] as Value, row.result] as const));
    },
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

/** Each row is a question of its own: somebody may be in several, and would stand in one group of a funnel only. */
async function reachedOfEvents(
  ask: Ask,
  { field, collections, only }: Breakdown,
  goal: EventChoice,
  values: readonly Value[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Value, Reached>> {
  const wanted = (collections ?? eventCollections(ask)).filter((name) => ask.collections.includes(name));
  const told = values.slice(0, MOST_OF_EVENTS).map(async (value) => {
    const isRow: Filter = { property_name: field, operator: "eq", property_value: value };
    const first = { collections: wanted, filters: only ? [only, isRow] : [isRow] };
    return [value, await reachedAmong(ask, first, goal, signal)] as const;
  });
  return new Map(await Promise.all(told));
}

interface FirstSet {
  readonly collections: readonly string[];
  readonly filters: readonly Filter[];
}

/**
 * Of those who did something that matches, how many reached the goal: visits on a web site, else visitors, whatever came first. A filter by
 * what one event says keeps no goal of another event away.
 */
async function reachedAmong(ask: Ask, first: FirstSet, goal: EventChoice, signal: AbortSignal): Promise<Reached> {
  const { filters, ...shared } = base(ask);
  const actor = { actor_property: ask.about === "web" ? "$visit.id" : "$visitor" };
  const { event_collection, filters: ofGoal } = setOf(goal, eventCollections(ask));
  const ofVisit = ask.filters.filter(({ field }) => isOfTheVisit(field)).map(keenFilter);
  const { result } = await askerOf(ask.access).ask(
    {
      ...shared,
      analysis_type: "funnel",
      steps: [
        { ...actor, event_collection: first.collections, filters: [...filters, ...first.filters] },
        { ...actor, event_collection, filters: [...ofVisit, ...ofGoal] },
      ],
    },
    signal,
  );
  const [of, count] = result;
  return { of, count };
}
