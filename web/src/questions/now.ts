import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Filter } from "@millrace/client";
import { askerOf } from "../api/client.ts";
import type { OpenProject } from "../api/session.ts";
import { ENGAGEMENT, eventCollections, VIEWS } from "./ask.ts";
import { newestFirst, type StoredEvent } from "./events.ts";
import { onViews } from "./visits.ts";

/** One minute of the last thirty. */
export interface Minute {
  /** Milliseconds UTC. */
  readonly start: number;
  readonly visitors: number;
  readonly views: number;
  readonly events: number;
}

export interface Counted {
  readonly value: string | null;
  readonly count: number;
}

/** The last thirty minutes. */
export interface Now {
  /** Visitors of the last five minutes, and of all thirty. */
  readonly current: number;
  readonly visitors: number;
  /** Oldest first. */
  readonly minutes: readonly Minute[];
  /** Visitors by what they see, where they came from, where they are. */
  readonly pages: readonly Counted[];
  readonly sources: readonly Counted[];
  readonly countries: readonly Counted[];
  /** The latest, newest first. */
  readonly events: readonly StoredEvent[];
}

/** Events of the stream, and rows of a list. */
const STREAM = 50;
const ROWS = 8;
const WINDOW = "this_30_minutes";

/** What happens now, in one request. Renewed with the page's heartbeat (see panels/use-renewal.ts). */
export const nowOf = (access: OpenProject, collections: readonly string[]) =>
  queryOptions({
    queryKey: ["now", access.id, collections],
    queryFn: async ({ signal }): Promise<Now> => {
      const asker = askerOf(access);
      const events = eventCollections({ collections });
      const common = { timezone: access.timezone, bots: "exclude", event_collection: collections } as const;
      const people = { analysis_type: "count_unique", target_property: "$visitor" } as const;
      const notEngaged: Filter = { property_name: "$collection", operator: "ne", property_value: ENGAGEMENT };
      const of = { ...common, timeframe: WINDOW } as const;
      const top = async (property: string): Promise<Counted[]> => {
        const { result } = await asker.ask(
          {
            ...of,
            ...people,
            event_collection: collections.includes(VIEWS) ? [VIEWS] : collections,
            group_by: [property],
            order_by: [{ property_name: "result", direction: "DESC" }],
            limit: ROWS,
          },
          signal,
        );
        return result.map((row) => {
          const value = row[property];
          return { value: typeof value === "string" ? value : null, count: Number(row.result) };
        });
      };
      const [current, visitors, minutes, pages, sources, countries, stream] = await Promise.all([
        asker.ask({ ...common, ...people, timeframe: "this_5_minutes" }, signal),
        asker.ask({ ...of, ...people }, signal),
        asker.ask(
          {
            ...of,
            analysis_type: "multi_analysis",
            interval: "minutely",
            analyses: {
              visitors: people,
              views: { analysis_type: "count", filters: [onViews] },
              events: { analysis_type: "count", filters: [notEngaged] },
            },
          },
          signal,
        ),
        top("$page.path"),
        top("$visit.source"),
        top("$geo.country"),
        asker.ask(
          { ...of, event_collection: events, analysis_type: "extraction", standard_fields: true, latest: STREAM },
          signal,
        ),
      ]);
      return {
        current: current.result,
        visitors: visitors.result,
        minutes: minutes.result.map(({ value, timeframe }) => ({ start: Date.parse(timeframe.start), ...value })),
        pages,
        sources,
        countries,
        events: newestFirst(stream.result),
      };
    },
    placeholderData: keepPreviousData,
  });
