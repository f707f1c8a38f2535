import type { Filter } from "@millrace/client";
import type { Json } from "@millrace/core";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import type { Access } from "../api/session.ts";
import { chosenEvent } from "../state/filters.ts";
import { base, ENGAGEMENT, eventCollections, FRESH_MS, keyOf, type Ask } from "./ask.ts";

/** An event as it is stored, with what we found out about it. */
export type StoredEvent = { readonly [name: string]: Json };

/** The latest events of an ask, newest first, and how many there are of them: as many as the overview counts. Engaged time is among them where it is asked for. */
export const latestOf = (ask: Ask, latest: number) =>
  queryOptions({
    queryKey: ["events", latest, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<{ readonly events: readonly StoredEvent[]; readonly count: number }> => {
      const asker = askerOf(ask.access);
      const collections = chosenEvent(ask.filters) === ENGAGEMENT ? [ENGAGEMENT] : eventCollections(ask);
      const what = { ...base(ask), event_collection: collections };
      const [events, count] = await Promise.all([
        asker.ask({ ...what, analysis_type: "extraction", standard_fields: true, latest }, signal),
        asker.ask({ ...what, analysis_type: "count" }, signal),
      ]);
      return { events: newestFirst(events.result), count: count.result };
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/** Events with a value, of whenever, newest first: one by its id, those of a visit, those that an execution stored. */
export const eventsWith = (
  access: Access,
  collections: readonly string[],
  field: string,
  value: string,
  latest: number,
) =>
  queryOptions({
    queryKey: ["events-with", access.id, collections, field, value, latest],
    queryFn: async ({ signal }): Promise<readonly StoredEvent[]> => {
      const filter: Filter = { property_name: field, operator: "eq", property_value: value };
      const { result } = await askerOf(access).ask(
        {
          analysis_type: "extraction",
          event_collection: collections,
          filters: [filter],
          standard_fields: true,
          latest,
        },
        signal,
      );
      return newestFirst(result);
    },
    staleTime: FRESH_MS,
    enabled: value !== "",
  });

export function idOf(event: StoredEvent): string {
  return textOf(keenOf(event)["id"]);
}

/** Milliseconds UTC. */
export function happenedAt(event: StoredEvent): number {
  return Date.parse(textOf(keenOf(event)["timestamp"]));
}

/** Milliseconds UTC. */
export function acceptedAtOf(event: StoredEvent): number {
  return Date.parse(textOf(keenOf(event)["created_at"]));
}

function keenOf({ keen }: StoredEvent): { readonly [name: string]: Json } {
  return typeof keen === "object" && keen !== null && !Array.isArray(keen) ? keen : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

export function newestFirst(events: readonly StoredEvent[]): StoredEvent[] {
  return events.toSorted((a, b) => happenedAt(b) - happenedAt(a));
}
