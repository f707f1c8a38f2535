import { queryOptions } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import type { OpenProject } from "../api/session.ts";
import type { DataBounds } from "../state/ranges.ts";
import { addDays, addMonths, dateOf, startOfYear, wallNow } from "../state/wall.ts";

/**
 * First and last day with an event, bots included; null for none. Found by counting years, then the days of the first and the last
 * of them: two or three small answers instead of an extraction, whatever the number of events.
 */
export const boundsOf = (access: OpenProject, collections: readonly string[], today: string) =>
  queryOptions({
    queryKey: ["bounds", access.id, access.timezone, collections, today],
    queryFn: async ({ signal }): Promise<DataBounds | null> => {
      const count = async (start: string, end: string, interval: string): Promise<string[]> => {
        const { result } = await askerOf(access).ask(
          {
            analysis_type: "count",
            event_collection: collections,
            timeframe: { start, end },
            timezone: access.timezone,
            interval,
          },
          signal,
        );
        return result
          .filter((bucket) => bucket.value > 0)
          .map((bucket) => dateOf(wallNow(access.timezone, Date.parse(bucket.timeframe.start))));
      };
      // A day ahead is the furthest an event may lie in the future.
      const years = await count("1970-01-01", addDays(today, 2), "yearly");
      const [firstYear, lastYear] = [years.at(0), years.at(-1)];
      if (firstYear === undefined || lastYear === undefined) return null;
      const daysOf = (year: string) => count(startOfYear(year), addMonths(startOfYear(year), 12), "daily");
      const [firstDays, lastDays] = await Promise.all([
        daysOf(firstYear),
        lastYear === firstYear ? undefined : daysOf(lastYear),
      ]);
      const first = firstDays.at(0);
      const last = (lastDays ?? firstDays).at(-1);
      return first !== undefined && last !== undefined ? { first, last } : null;
    },
    staleTime: 30_000,
  });
