import { queryOptions } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import type { OpenProject } from "../api/session.ts";
import { FRESH_MS } from "./ask.ts";

/** People seen in the last five minutes. Renewed with the page (see panels/use-renewal.ts). */
export const liveVisitors = (access: OpenProject, collections: readonly string[]) =>
  queryOptions({
    queryKey: ["live", access.id, collections],
    queryFn: async ({ signal }): Promise<number> => {
      const { result } = await askerOf(access).ask(
        {
          analysis_type: "count_unique",
          event_collection: collections,
          target_property: "$visitor",
          timeframe: "this_5_minutes",
          timezone: access.timezone,
          bots: "exclude",
        },
        signal,
      );
      return result;
    },
    enabled: collections.length > 0,
    staleTime: FRESH_MS,
  });
