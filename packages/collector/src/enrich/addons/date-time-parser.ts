import { readIso } from "@millrace/core";
import { textOf, type Addon } from "./addon.ts";

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const DAY_MS = 86_400_000;

/**
 * `keen:date_time_parser`: the parts of an ISO 8601 time, read in the offset written in it (none means UTC). Weeks and weekdays
 * are those of ISO 8601 (Monday is 1). `timezone_offset` is in seconds. What is no such time gives `{}`.
 */
export const dateTimeParser: Addon = {
  inputs: ["date_time"],
  run({ date_time }) {
    const time = readIso(textOf(date_time) ?? "");
    if (!time) return {};
    const offset = time.offset?.kind === "offset" ? time.offset.seconds : 0;
    const wall = new Date(time.ms + offset * 1000);
    const weekday = ((wall.getUTCDay() + 6) % 7) + 1;
    return {
      millisecond: wall.getUTCMilliseconds(),
      second: wall.getUTCSeconds(),
      minute: wall.getUTCMinutes(),
      hour: wall.getUTCHours(),
      day_of_month: wall.getUTCDate(),
      day_of_week: weekday,
      day_of_week_string: DAYS[weekday - 1] ?? null,
      week: isoWeek(wall, weekday),
      month: wall.getUTCMonth() + 1,
      year: wall.getUTCFullYear(),
      timezone_offset: offset,
    };
  },
};

/** The ISO week: that of the Thursday in the same Monday-to-Sunday week, counted in the Thursday's year. */
function isoWeek(wall: Date, weekday: number): number {
  const thursday = wall.getTime() + (4 - weekday) * DAY_MS;
  const yearStart = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.floor((thursday - yearStart) / (7 * DAY_MS)) + 1;
}
