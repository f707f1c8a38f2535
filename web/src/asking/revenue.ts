import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import { base, eventCollections, FRESH_MS, keyOf, type Ask } from "../questions/ask.ts";
import { setOf } from "./events.ts";
import type { Goal } from "./goals.ts";

/** What reaching a goal brought in, by the time of its events: also those of a server, which belong to no visit. */
export interface Revenue {
  readonly sum: number;
  /** Over the events that say an amount; null: none does. */
  readonly average: number | null;
}

export const revenueOf = (ask: Ask, goal: Goal | undefined) =>
  queryOptions({
    queryKey: ["revenue", goal?.choice, goal?.amount, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<Revenue> => {
      if (!goal) return { sum: 0, average: null };
      const amount = { target_property: goal.amount };
      const analyses = {
        sum: { analysis_type: "sum", ...amount },
        average: { analysis_type: "average", ...amount },
      } as const;
      const what = { ...reached(ask, goal), analysis_type: "multi_analysis", analyses } as const;
      return (await askerOf(ask.access).ask(what, signal)).result;
    },
    enabled: goal !== undefined && goal.amount !== "",
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

function reached(ask: Ask, goal: Goal) {
  const shared = base(ask);
  const { event_collection, filters } = setOf(goal.choice, eventCollections(ask));
  return { ...shared, event_collection, filters: [...shared.filters, ...filters] };
}

/** An amount with its currency, or as the plain number that it is. @param currency ISO 4217; empty: none */
export function moneyText(locale: string, { currency }: Pick<Goal, "currency">, value: number | null): string {
  if (value === null) return "–";
  const style = isCurrency(currency) ? ({ style: "currency", currency } as const) : {};
  return value.toLocaleString(locale, { maximumFractionDigits: 2, ...style });
}

/** Three letters: which of them are money is for the reader's browser to know. */
export function isCurrency(text: string): boolean {
  return /^[A-Z]{3}$/.test(text);
}
