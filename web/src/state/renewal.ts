/**
 * How often the page asks whether anything is new. One small answer, mostly 304; a renewal takes the place of one (see
 * slots.ts), so that these are all of its requests. While somebody uses it, an outage must be seen before the next click is wasted.
 */
export const HEARTBEAT_MS = { attended: 10_000, unattended: 20_000 };
/** No renewal comes sooner after the one before. */
const SHORTEST_MS = 30_000;
/** Of a range's width: what happens within it moves no line of the chart by a point. */
const OF_THE_WIDTH = 1 / 200;
/** A renewal may keep the store busy for a twentieth of the time. */
const OF_THE_COST = 20;

interface Since {
  /** Width of the range that is shown, milliseconds. */
  readonly widthMs: number;
  /** Renewals since somebody touched the page. */
  readonly unattended: number;
  /** How long the latest renewal took, milliseconds. */
  readonly tookMs: number;
}

/**
 * Milliseconds from one renewal to the next. A page that is used is renewed soon; on one that merely stays open the time doubles, up to
 * a 200th of the range's width: seven minutes for a day, an hour for a week. A wall of screens so costs next to nothing.
 */
export function renewalSpacing({ widthMs, unattended, tookMs }: Since): number {
  const widest = Math.max(SHORTEST_MS, widthMs * OF_THE_WIDTH);
  // 2 ** 20 of the shortest is a year.
  const patience = SHORTEST_MS * 2 ** Math.min(unattended, 20);
  return Math.max(Math.min(widest, patience), tookMs * OF_THE_COST);
}
