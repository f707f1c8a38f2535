import { queryOptions } from "@tanstack/react-query";
import { askerOf, clientOf } from "../api/client.ts";
import type { OpenProject } from "../api/session.ts";
import { FRESH_MS } from "./ask.ts";
import { newestFirst, type StoredEvent } from "./events.ts";

/** Days over which events are counted. */
export const COUNTED_DAYS = 30;
/** Collections of which an example is asked for: as many questions as go into one request, with the count. */
const MOST_EXAMPLES = 49;

export interface CollectionFacts {
  readonly name: string;
  /** Events of the last days, bots included. */
  readonly count: number;
  /** The latest, of whenever; undefined where none is stored any more, or where it was not asked for. */
  readonly latest: StoredEvent | undefined;
}

/** What each collection holds, the busiest first. */
export const collectionsOf = (access: OpenProject, collections: readonly string[]) =>
  queryOptions({
    queryKey: ["catalogue", access.id, collections],
    queryFn: async ({ signal }): Promise<readonly CollectionFacts[]> => {
      const asker = askerOf(access);
      const counted = asker.ask(
        {
          analysis_type: "count",
          event_collection: collections,
          timeframe: `this_${COUNTED_DAYS}_days`,
          timezone: access.timezone,
          group_by: ["$collection"],
        },
        signal,
      );
      const latest = collections.slice(0, MOST_EXAMPLES).map(async (name) => {
        const { result } = await asker.ask(
          { analysis_type: "extraction", event_collection: name, standard_fields: true, latest: 1 },
          signal,
        );
        return [name, newestFirst(result)[0]] as const;
      });
      const counts = new Map((await counted).result.map((row) => [row["$collection"], row.result]));
      const examples = new Map(await Promise.all(latest));
      return collections
        .map((name) => ({ name, count: counts.get(name) ?? 0, latest: examples.get(name) }))
        .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
    },
    staleTime: FRESH_MS,
  });

/** How many names of properties can be filtered and grouped by, and how many of them there are. */
export const quotaOf = (access: OpenProject) =>
  queryOptions({
    queryKey: ["quota", access.id],
    queryFn: async ({ signal }) => (await clientOf(access).project({ signal })).property_quota,
    staleTime: FRESH_MS,
  });
