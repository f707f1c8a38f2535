import { queryOptions } from "@tanstack/react-query";
import { multiAnalysis, type Values } from "../api/keen.ts";
import type { OpenProject } from "../api/session.ts";

/** People seen in the last five minutes. Asked every ten seconds while the page is in front; a hidden tab asks nothing. */
export const liveVisitors = (access: OpenProject, collections: readonly string[]) =>
  queryOptions({
    queryKey: ["live", access.id, collections],
    queryFn: async ({ signal }): Promise<number> => {
      const { result } = await multiAnalysis<Values>(
        access,
        {
          event_collection: collections,
          timeframe: "this_5_minutes",
          timezone: access.timezone,
          bots: "exclude",
          analyses: { n: { analysis_type: "count_unique", target_property: "$visitor" } },
        },
        signal,
      );
      return result["n"] ?? 0;
    },
    enabled: collections.length > 0,
    refetchInterval: 10_000,
  });
