import type { StoredEvent } from "../event/event.ts";
import type { EventsPlan } from "../query/plan.ts";
import type { TimeRange } from "../time/timeframe.ts";
import { passes } from "./reference-filter.ts";

/** The events (of any project) that a plan is about. */
export function selected(plan: EventsPlan, events: readonly StoredEvent[]): StoredEvent[] {
  return events.filter(
    (event) =>
      event.project === plan.project &&
      plan.collections.includes(event.collection) &&
      isWithin(timeOf(plan, event), plan.range) &&
      passes(event, plan.filter),
  );
}

/** The instant of an event that the plan's range and edges are about. */
export function timeOf({ time }: Pick<EventsPlan, "time">, event: StoredEvent): number | null | undefined {
  return time === "timestamp" ? event.timestamp : event.context[time];
}

function isWithin(time: number | null | undefined, range: TimeRange | undefined): boolean {
  return !range || (typeof time === "number" && time >= range.start && time < range.end);
}
