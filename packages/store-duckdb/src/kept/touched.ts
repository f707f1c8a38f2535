import type { StoredEvent, TimeColumn, TimeRange } from "@millrace/core";

/** Which times of a project a commit changes: the quarters of an hour that its events lie in, by the column that a question may be about. */
export type Touched = ReadonlyMap<string, TouchedTimes | "all">;
type TouchedTimes = Readonly<Record<TimeColumn, ReadonlySet<number>>>;

const QUARTER_MS = 900_000;
/** What is strewn over more than this has touched all there is: the list would cost more than it saves. */
const MOST_QUARTERS = 500;

/** What appending these events changes at most: some of them may be there already. */
export function touchedBy(events: Iterable<StoredEvent>): Touched {
  const touched = new Map<string, Record<TimeColumn, Set<number>> | "all">();
  for (const { project, timestamp, context } of events) {
    const times = touched.get(project) ?? { timestamp: new Set<number>(), visit_start: new Set<number>() };
    touched.set(project, times);
    if (times === "all") continue;
    times.timestamp.add(quarterOf(timestamp));
    if (typeof context.visit_start === "number") times.visit_start.add(quarterOf(context.visit_start));
    if (times.timestamp.size + times.visit_start.size > MOST_QUARTERS) touched.set(project, "all");
  }
  return touched;
}

/** All that there is of a project. */
export function touchedAll(project: string): Touched {
  return new Map([[project, "all"]]);
}

/** Whether the answer to a question about that part of the project's time may be another one after the commit. */
export function touches(touched: Touched, project: string, time: TimeColumn, { start, end }: TimeRange): boolean {
  const times = touched.get(project);
  if (times === undefined) return false;
  if (times === "all") return true;
  for (const quarter of times[time]) {
    if (quarter < end && quarter + QUARTER_MS > start) return true;
  }
  return false;
}

function quarterOf(time: number): number {
  return Math.floor(time / QUARTER_MS) * QUARTER_MS;
}
