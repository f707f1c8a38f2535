import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import type { HourCount } from "../state/week.ts";
import { addDays, dateOf } from "../state/wall.ts";
import { base, eventCollections, FRESH_MS, keyOf, VIEWS, type Ask } from "./ask.ts";

/** Of a longer range the latest: a year ago people kept other hours, and 9,000 buckets say no more than 2,200. */
export const HOURS_WEEKS = 13;

/** Page views, or events where the page is about them, by hour. */
export const hoursOf = (whole: Ask) => {
  const ask = { ...whole, period: latestWeeks(whole.period) };
  return queryOptions({
    queryKey: ["hours", ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<readonly HourCount[]> => {
      const { result } = await askerOf(ask.access).ask(
        {
          ...base(ask),
          analysis_type: "count",
          event_collection: ask.about === "web" ? [VIEWS] : eventCollections(ask),
          interval: "hourly",
        },
        signal,
      );
      return result.map(({ value, timeframe }) => ({
        start: Date.parse(timeframe.start),
        end: Date.parse(timeframe.end),
        count: value,
      }));
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });
};

/** True when only the latest weeks of a period are looked at. */
export function isCut(period: Ask["period"]): boolean {
  return latestWeeks(period) !== period;
}

function latestWeeks(period: Ask["period"]): Ask["period"] {
  const start = addDays(dateOf(period.end), -7 * HOURS_WEEKS);
  return dateOf(period.start) < start ? { ...period, start } : period;
}
