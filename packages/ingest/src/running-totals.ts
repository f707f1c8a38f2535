import { HOUR_MS, hourOf } from "@millrace/core";

/** What this process has offered to the queue, by project and hour of receipt. */
export interface RunningTotals {
  /** Adds a message's events. Answers the total with them: no two messages of a project and hour get the same one. */
  offer(project: string, receivedAt: number, events: number): number;
}

/**
 * Totals only ever grow, also by what the queue then refuses: requests run side by side, and a total that waited for the queue's
 * answer would leave out whatever was being sent at the same time. Hours that are over are forgotten.
 */
export function createRunningTotals(): RunningTotals {
  const totals = new Map<number, Map<string, number>>();
  return {
    offer(project, receivedAt, events) {
      const hour = hourOf(receivedAt);
      let its = totals.get(hour);
      if (!its) {
        its = new Map();
        totals.set(hour, its);
        // A request that took long may still belong to the hour before.
        for (const known of totals.keys()) if (known < hour - HOUR_MS) totals.delete(known);
      }
      const total = (its.get(project) ?? 0) + events;
      its.set(project, total);
      return total;
    },
  };
}
