import type { StoredEvent } from "../../event/event.ts";
import type { PathsPlan } from "../../query/paths/plan.ts";
import type { PathLink, PathsResult, PathPlace } from "../../query/paths/result.ts";
import { compareValues, valueKey, type Value } from "../../values/value.ts";
import { selected } from "../reference-filter.ts";
import { fieldValue } from "../reference-value.ts";

/** The answer to a question about paths over these events: each session's whole list of steps, cut where it is asked for. */
export function evaluatePaths(plan: PathsPlan, events: readonly StoredEvent[]): PathsResult {
  const ways = [...sessionsOf(plan, events).values()].flatMap((steps) => cut(steps, plan));
  const named = Array.from({ length: plan.depth + 1 }, (_, level) => topOf(ways, level, plan.top));
  const placeOf = (way: readonly Value[], level: number): PathPlace => {
    const value = way[level];
    if (value === undefined) return "ended";
    return named[level]?.has(valueKey(value)) ? { value } : "other";
  };
  const links = new Map<string, PathLink>();
  for (const way of ways) {
    for (let step = 1; step <= plan.depth && step <= way.length; step++) {
      const link = { step, from: placeOf(way, step - 1), to: placeOf(way, step) };
      const key = JSON.stringify(link);
      links.set(key, { ...link, sessions: (links.get(key)?.sessions ?? 0) + 1 });
    }
  }
  return { links: [...links.values()] };
}

function sessionsOf(plan: PathsPlan, events: readonly StoredEvent[]): Map<string, Value[]> {
  const moments = selected(plan, events).flatMap((event) => {
    const session = fieldValue(event, plan.session) ?? null;
    const value = fieldValue(event, plan.step) ?? null;
    return session === null || value === null ? [] : [{ session: valueKey(session), value, time: event.timestamp }];
  });
  moments.sort((a, b) => a.time - b.time || compareValues(a.value, b.value));
  const sessions = new Map<string, Value[]>();
  for (const { session, value } of moments) {
    const steps = sessions.get(session) ?? [];
    sessions.set(session, steps);
    const before = steps.at(-1);
    if (!plan.collapse || before === undefined || valueKey(before) !== valueKey(value)) steps.push(value);
  }
  return sessions;
}

/** One way, or none where the session has no anchor. */
function cut(steps: readonly Value[], { direction, anchor, depth }: PathsPlan): Value[][] {
  const inOrder = direction === "next" ? steps : steps.toReversed();
  if (anchor === undefined) return [inOrder.slice(0, depth + 1)];
  const first = steps.findIndex((value) => value === anchor);
  if (first < 0) return [];
  const start = direction === "next" ? first : steps.length - 1 - first;
  return [inOrder.slice(start, start + depth + 1)];
}

function topOf(ways: readonly (readonly Value[])[], level: number, top: number): Set<string> {
  // In a list of its own: a value may be a list itself.
  const values = ways.flatMap((way) => way.slice(level, level + 1));
  const counts = Map.groupBy(values, valueKey);
  const sorted = [...counts].sort(([, a], [, b]) => b.length - a.length || compareValues(a[0] ?? null, b[0] ?? null));
  return new Set(sorted.slice(0, top).map(([key]) => key));
}
