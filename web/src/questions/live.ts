import { queryOptions } from "@tanstack/react-query";
import { clientOf } from "../api/client.ts";
import type { OpenProject } from "../api/session.ts";

/** People seen in the last five minutes. Asked every ten seconds while the page is in front; a hidden tab asks nothing. */
export const liveVisitors = (access: OpenProject, collections: readonly string[]) =>
  queryOptions({
    queryKey: ["live", access.id, collections],
    queryFn: async ({ signal }): Promise<number> => {
      const { result } = await clientOf(access).query(
        "count_unique",
        {
          event_collection: collections,
          target_property: "$visitor",
          timeframe: "this_5_minutes",
          timezone: access.timezone,
          bots: "exclude",
        },
        { signal },
      );
      return result;
    },
    enabled: collections.length > 0,
    refetchInterval: 10_000,
  });
