import { t } from "../language/words.ts";
import type { Period } from "./ranges.ts";
import { hoursBetween } from "./wall.ts";

/** Bucket widths of the chart: name in the URL, Keen's interval, hours of one bucket (about). */
export const INTERVALS = [
  { name: "hour", label: t("Hours"), keen: "hourly", hours: 1 },
  { name: "day", label: t("Days"), keen: "daily", hours: 24 },
  { name: "week", label: t("Weeks"), keen: "weekly", hours: 168 },
  { name: "month", label: t("Months"), keen: "monthly", hours: 730 },
] as const;

export type IntervalName = (typeof INTERVALS)[number]["name"];

/** More points than this are no longer a line but noise, and cost the store for nothing. */
const MAX_BUCKETS = 750;

/** The widths that make sense for a period: at least two buckets (hours always go), at most {@link MAX_BUCKETS}. */
export function intervalsFor(period: Period): readonly IntervalName[] {
  const hours = hoursBetween(period.start, period.end);
  const fitting = INTERVALS.filter(
    (i) => hours / i.hours <= MAX_BUCKETS && (i.name === "hour" || hours / i.hours >= 2),
  );
  return fitting.length > 0 ? fitting.map((i) => i.name) : ["month"];
}

/** The chosen width if it fits, else the one that draws best: hours to four days, days to a quarter, weeks to a year. */
export function intervalFor(period: Period, chosen: IntervalName | undefined): IntervalName {
  const fitting = intervalsFor(period);
  if (chosen && fitting.includes(chosen)) return chosen;
  const hours = hoursBetween(period.start, period.end);
  const wanted: IntervalName =
    hours <= 24 * 2 ? "hour" : hours <= 24 * 92 ? "day" : hours <= 24 * 366 ? "week" : "month";
  return fitting.includes(wanted) ? wanted : (fitting.at(-1) ?? "month");
}

/** Keen's name of an interval. */
export function keenInterval(name: IntervalName): string {
  return INTERVALS.find((i) => i.name === name)?.keen ?? "daily";
}

const HOUR_MS = 3_600_000;

/** The shortest that a whole bucket can be, milliseconds: a day loses an hour in spring, and February has 28 of them. */
export function wholeBucketMs(name: IntervalName): number {
  const hours = { hour: 1, day: 23, week: 7 * 24 - 1, month: 28 * 24 - 1 }[name];
  return hours * HOUR_MS;
}
