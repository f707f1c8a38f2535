import { EVERYTHING, hullOf, type EventsPlan } from "@millrace/core";
import { partsOf } from "./compile-filter.ts";
import type { Binder } from "./statement.ts";

/** The project first, outside of everything the caller wrote. */
export function condition(plan: EventsPlan, binder: Binder): string {
  return allOf(partsOf(plan, binder));
}

/** Sets of events of one project, as one pass over the events finds them. */
export interface Conditions {
  /** Of the events that are in any of the sets. */
  readonly where: string;
  /** For each set what tells its events from the others that are found: `true` where all of them are its own. Never NULL. */
  readonly each: readonly string[];
}

/**
 * What the sets have in common is said once, before the rest: row groups are pruned by it, and only the differences are computed
 * for an event.
 */
export function conditionsOf(sets: readonly EventsPlan[], binder: Binder): Conditions {
  const parts = sets.map((set) => partsOf(set, binder));
  const common = (parts[0] ?? []).filter((part) => parts.every((own) => own.includes(part)));
  const each = parts.map((own) => allOf(own.filter((part) => !common.includes(part))));
  const any = each.includes("true") ? [] : [`(${each.map((own) => `(${own})`).join(" OR ")})`];
  const [first, ...others] = sets;
  const hull = first && others.length > 0 ? partsOf(hullOfSets(first, others), binder) : [];
  const around = hull.filter((part) => !common.includes(part));
  return {
    where: allOf([...common, ...around, ...any]),
    each: each.map((own) => (own === "true" ? own : `coalesce(${own}, false)`)),
  };
}

function allOf(parts: readonly string[]): string {
  return parts.length === 0 ? "true" : parts.join(" AND ");
}

/** All events of the project that can be in any of the sets, by collection and time alone. */
function hullOfSets(first: EventsPlan, others: readonly EventsPlan[]): EventsPlan {
  const { project, time } = first;
  const sets = [first, ...others];
  const hull = others.every((set) => set.time === time) && hullOf(sets.map(({ range }) => range));
  return {
    project,
    collections: [...new Set(sets.flatMap((set) => set.collections))],
    time,
    filter: EVERYTHING,
    ...(hull && { range: hull }),
  };
}
