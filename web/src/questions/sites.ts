import { queryOptions } from "@tanstack/react-query";
import { askerOf, clientOf } from "../api/client.ts";
import type { Access } from "../api/session.ts";
import { eventCollections, FRESH_MS, VIEWS } from "./ask.ts";

/** One project at a glance: the last 24 hours, beside the 24 before. */
export interface SiteFacts {
  /** Visitors of a site, events of a project without page views. */
  readonly about: "visitors" | "events";
  readonly now: number;
  readonly before: number;
  /** By hour, the oldest first. */
  readonly hours: readonly number[];
  /** People of the last five minutes. */
  readonly current: number;
  /** Whether the two counts of the ledger meet, and events that are on their way. */
  readonly balanced: boolean;
  readonly inFlight: number;
}

const HOURS = 24;

/** A project on the page of all: two requests, what it holds and then one for all of its numbers. Null: it has no event yet. */
export const siteOf = (access: Access) =>
  queryOptions({
    queryKey: ["site", access.id],
    queryFn: async ({ signal }): Promise<SiteFacts | null> => {
      const { events, timezone } = await clientOf(access).project({ signal });
      const all = events.map(({ name }) => name);
      if (all.length === 0) return null;
      const asker = askerOf(access);
      const web = all.includes(VIEWS);
      const collections = web ? [VIEWS] : eventCollections({ collections: all });
      const common = { event_collection: collections, bots: "exclude", timezone } as const;
      const measure = web
        ? ({ analysis_type: "count_unique", target_property: "$visitor" } as const)
        : ({ analysis_type: "count" } as const);
      const people = { analysis_type: "count_unique", target_property: "$visitor" } as const;
      const [now, both, hours, current, ledger] = await Promise.all([
        asker.ask({ ...common, ...measure, timeframe: `this_${HOURS}_hours` }, signal),
        asker.ask(
          { ...common, ...measure, timeframe: `this_${2 * HOURS}_hours`, interval: `every_${HOURS}_hours` },
          signal,
        ),
        asker.ask({ ...common, ...measure, timeframe: `this_${HOURS}_hours`, interval: "hourly" }, signal),
        asker.ask({ ...common, ...people, event_collection: all, timeframe: "this_5_minutes" }, signal),
        asker.ask({ ledger: { timeframe: "this_2_days" } }, signal),
      ]);
      return {
        about: web ? "visitors" : "events",
        now: now.result,
        before: both.result[0]?.value ?? 0,
        hours: hours.result.map(({ value }) => value),
        current: current.result,
        balanced: ledger.balanced,
        inFlight: ledger.result.reduce((sum, hour) => sum + hour.in_flight, 0),
      };
    },
    staleTime: FRESH_MS,
    refetchInterval: 5 * FRESH_MS,
  });
