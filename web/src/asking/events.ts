import type { Filter } from "@millrace/client";
import { decodeFilter, keenFilter, type PageFilter } from "../state/filters.ts";
import { isListOf, isObjectOf, isText, type ReadMember } from "./spec.ts";

/** Some of a project's events: those of one collection (empty: of all), and of them those that match every filter. */
export interface EventChoice {
  readonly event: string;
  /** As in the address (see state/filters.ts): `page:/pricing`. */
  readonly filters: readonly string[];
}

export const ANY_EVENT: EventChoice = { event: "", filters: [] };

export const isEventChoice: ReadMember<EventChoice> = isObjectOf(ANY_EVENT, {
  event: isText,
  filters: isListOf(isText, 20),
});

export function filtersOf({ filters }: EventChoice): PageFilter[] {
  return filters.flatMap((text) => decodeFilter(text) ?? []);
}

/** The collections and filters of a question about the choice. */
export function setOf(choice: EventChoice, collections: readonly string[]) {
  return {
    event_collection: choice.event === "" ? collections : choice.event,
    filters: filtersOf(choice).map(keenFilter) satisfies Filter[],
  };
}
