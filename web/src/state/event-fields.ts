import type { Json } from "@millrace/core";
import type { FilterValue } from "./filters.ts";

/** One value of an event, by its dotted name. */
export interface EventField {
  readonly name: string;
  readonly value: Json;
}

/** An event's values by dotted names, as filters name them; a list is one value. */
export function fieldsOf(event: { readonly [name: string]: Json }, prefix = ""): EventField[] {
  return Object.entries(event).flatMap(([key, value]) => {
    const name = prefix + key;
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? fieldsOf(value, `${name}.`)
      : [{ name, value }];
  });
}

export function fieldOf(event: { readonly [name: string]: Json }, name: string): Json | undefined {
  return fieldsOf(event).find((field) => field.name === name)?.value;
}

/** True for what we found out about an event; anything else is the sender's own. */
export function isStandard(name: string): boolean {
  return name.startsWith("$") || name.startsWith("keen.");
}

/** A value that a filter can ask for; undefined for lists. */
export function filterable(value: Json): FilterValue | undefined {
  return typeof value === "object" && value !== null ? undefined : value;
}

const OF_A_SITE = ["$page.path", "$visit.source", "$geo.country", "$browser.name"];
const MOST_COLUMNS = 6;

/**
 * What a list of events shows of each unless somebody chose: the properties of their own that half of these events have, then the page
 * and its visitor, then what fewer have. In a list of every kind the properties of one kind would be columns of nothing.
 */
export function usualColumns(events: readonly { readonly [name: string]: Json }[]): string[] {
  const having = new Map<string, number>();
  for (const { name } of events.flatMap((event) => fieldsOf(event))) having.set(name, (having.get(name) ?? 0) + 1);
  const own = [...having.keys()].filter((name) => !isStandard(name)).sort();
  const isUsual = (name: string) => 2 * (having.get(name) ?? 0) >= events.length;
  const [usual, rare] = [own.filter(isUsual), own.filter((name) => !isUsual(name))];
  return [...usual, ...OF_A_SITE.filter((name) => having.has(name)), ...rare].slice(0, MOST_COLUMNS);
}
