import { addUnits, nextClockChange, offsetAt, startOf, type CalendarUnit, type Zone } from "./zone.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long a unit is while no clock is changed. Months and years differ, and are so few that nothing need be saved. */
const LENGTH_MS: Partial<Record<CalendarUnit, number>> = {
  minute: MINUTE_MS,
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
};
/** A wall-clock time, counted as if it were UTC, at which minutes, hours, days and weeks begin: Sunday, 4 January 1970. */
const A_SUNDAY = 3 * DAY_MS;

/**
 * Starts of the units that follow one another from `fromMs` (inclusive, must be such a start) up to `toMs` (exclusive). Stops at
 * `limit` entries, so a caller can detect too many.
 */
export function unitStarts(unit: CalendarUnit, fromMs: number, toMs: number, zone: Zone, limit: number): number[] {
  const stretchAt = createStretches(zone);
  const length = LENGTH_MS[unit];
  const starts: number[] = [];
  for (let at = fromMs; at < toMs && starts.length < limit;) {
    starts.push(at);
    at = plainNext(at) ?? nextStart(unit, at, zone);
  }
  return starts;

  /** Undefined where the clocks are changed before the unit is over. */
  function plainNext(at: number): number | undefined {
    if (length === undefined) return undefined;
    const { until, offset } = stretchAt(at);
    return at + length < until ? at + length - sinceStart(at + offset, length) : undefined;
  }
}

/**
 * Every `count` units from `fromMs` (inclusive) up to `toMs` (exclusive), by the wall clock. Each is counted from the first one:
 * adding a month to 31 January twice must not drift to 28 March. Stops at `limit` entries.
 */
export function everyStarts(
  { count, unit }: { count: number; unit: CalendarUnit },
  fromMs: number,
  toMs: number,
  zone: Zone,
  limit: number,
): number[] {
  const stretchAt = createStretches(zone);
  const length = LENGTH_MS[unit];
  const firstWall = fromMs + stretchAt(fromMs).offset;
  const starts: number[] = [];
  for (let n = 0, at = fromMs; at < toMs && starts.length < limit;) {
    starts.push(at);
    n += count;
    at = plainNth(at, n) ?? addUnits(unit, n, fromMs, zone);
  }
  return starts;

  /** Undefined where the clocks are changed on the way, or so shortly before that a wall-clock time may come twice. */
  function plainNth(previous: number, n: number): number | undefined {
    if (length === undefined) return undefined;
    // Minutes and hours are time that passes, whatever the clocks show.
    if (length <= HOUR_MS) return fromMs + n * length;
    const { from, until, offset } = stretchAt(previous);
    const at = firstWall + n * length - offset;
    return at - from >= DAY_MS && at < until ? at : undefined;
  }
}

/** A time in which the clocks of a zone are not changed: there, calendar arithmetic is plain arithmetic. */
interface Stretch {
  /** Milliseconds UTC, inclusive and exclusive. It may have begun earlier. */
  readonly from: number;
  readonly until: number;
  /** Milliseconds that the wall clock is ahead of UTC. */
  readonly offset: number;
}

/**
 * Finds the stretch that holds an instant, of instants in their order, and remembers the last one: asking a zone's rules costs some 50 µs, and a query with
 * ten thousand buckets would ask as often.
 */
function createStretches(zone: Zone): (atMs: number) => Stretch {
  let last: Stretch | undefined;
  return (atMs) => {
    if (!last || atMs >= last.until) {
      last = { from: atMs, until: nextClockChange(zone, atMs), offset: offsetAt(zone, atMs) };
    }
    return last;
  };
}

function nextStart(unit: CalendarUnit, at: number, zone: Zone): number {
  const later = addUnits(unit, 1, at, zone);
  const start = startOf(unit, later, zone);
  // Clocks going back by half an hour can floor to where we are: then a plain step is the next start.
  return start > at ? start : later;
}

/** How far a wall-clock time is into its unit of that length. */
function sinceStart(wallMs: number, length: number): number {
  const since = wallMs - A_SUNDAY;
  // Rounded down, for before 1970 the remainder would be negative.
  return since - Math.floor(since / length) * length;
}
