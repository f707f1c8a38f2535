import { monthName, monthOf } from "../event/identity.ts";
import { startOfMonth, type Month } from "./table.ts";

/** Months made ahead: with daily upkeep a month exists long before its first event, even if upkeep fails for weeks. */
const AHEAD = 2;
/**
 * No id names a time more than a day and a half ahead (ingest refuses it of an import, and takes the time out of a tracker's), and
 * another process's table may be an hour old: whoever meets an id of a month knows that month, or nobody does.
 */
const MARGIN_MS = 2 * 24 * 3_600_000;

/**
 * The months to add now: the next ones, and on the very first call, when nothing was ever stored, the current one. A month that
 * has begun is never added later.
 */
export function monthsToAdd(existing: readonly Month[], now: number): string[] {
  const have = new Set(existing.map(({ month }) => month));
  return Array.from({ length: AHEAD + 1 }, (_, i) => monthName(monthOf(now) + i))
    .filter((month) => existing.length === 0 || isFuture(month, now))
    .filter((month) => !have.has(month));
}

/**
 * True for a month `yyyymm` of which no event can have been stored anywhere yet, whatever clock and table another process goes
 * by. Only such a month may be added or change its shape.
 */
export function isFuture(month: string, now: number): boolean {
  return startOfMonth(month) - now > MARGIN_MS;
}
