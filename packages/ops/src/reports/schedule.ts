import { addUnits, dateIn, startOf, wallTime, type TimeRange, type Zone } from "@millrace/core";

/** When a report is sent, by the clock of its zone. */
export interface Timing {
  readonly every: "daily" | "weekly";
  /** 0 to 23. */
  readonly hour: number;
  /** Of a weekly one: 0 is Sunday. */
  readonly weekday: number;
}

/** Of what a report tells, milliseconds UTC: a whole day or seven, and as much before it. */
export interface ReportPeriod extends TimeRange {
  readonly before: TimeRange;
}

const DAYS = { daily: 1, weekly: 7 } as const;

/** The first time that is later than `after`, milliseconds UTC. Where the clocks skip its hour it is the hour after. */
export function nextTime({ every, hour, weekday }: Timing, zone: Zone, after: number): number {
  for (let day = startOf("day", after, zone); ; day = addUnits("day", 1, day, zone)) {
    const date = dateIn(zone, day);
    if (every === "weekly" && new Date(`${date}T00:00:00Z`).getUTCDay() !== weekday) continue;
    const at = wallTime(`${date}T${String(hour).padStart(2, "0")}:00:00`, zone);
    if (at > after) return at;
  }
}

/** What the report of one time is about: the days that were whole by then, whenever it is made and sent. */
export function periodOf({ every }: Pick<Timing, "every">, zone: Zone, at: number): ReportPeriod {
  const end = startOf("day", at, zone);
  const start = addUnits("day", -DAYS[every], end, zone);
  return { start, end, before: { start: addUnits("day", -DAYS[every], start, zone), end: start } };
}
