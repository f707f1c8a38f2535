import { addUnits, nextClockChange, startOf, type CalendarUnit, type Zone } from "../time/zone.ts";
import { resolveTimeframe, type Timeframe, type TimeRange } from "../time/timeframe.ts";
import { bucketEdges } from "../time/interval.ts";
import { MillraceError } from "../error.ts";
import { planMetric, type MetricPlan, type PlanContext } from "./plan.ts";
import type { CompareTo, MetricQuery } from "./query.ts";
import type { Scoped } from "./scope.ts";

/** The same question about another time. */
export interface Comparison {
  readonly plan: MetricPlan;
  readonly range: TimeRange;
  /**
   * Start and end of the bucket that stands beside each bucket of the question. An hour that the clocks pass over, or 29 February, has
   * none in another day or year: its start and end are equal then, and `index` is undefined.
   */
  readonly buckets?: readonly (TimeRange & { readonly index: number | undefined })[];
}

/**
 * Plans the question that a query is compared with. Buckets stand beside each other by the wall clock: Monday beside the Monday seven
 * days before, whatever the clocks did between, and 1 March beside 1 March.
 * @param plan that of the query itself
 * @throws MillraceError `MissingParameterError` without a timeframe, else as {@link planMetric}
 */
export function planComparison(query: Scoped<MetricQuery>, plan: MetricPlan, context: PlanContext): Comparison {
  // Of the other time every group is wanted: which are shown is decided by this one.
  const { compareTo, timeframe, interval: _, limit: __, ...rest } = query;
  const { range, edges } = plan;
  if (!compareTo || !timeframe || !range) {
    throw new MillraceError("MissingParameterError", "compare_to needs a timeframe.");
  }
  const { other, move } = otherTime(compareTo, { timeframe, range, zone: query.zone, now: context.now });
  const asked: Scoped<MetricQuery> = { ...rest, timeframe: { kind: "absolute", ...other } };
  const planned = planMetric(asked, context);
  if (!edges || !query.interval) return { plan: planned, range: other };
  const moved = move ? edges.map(move) : bucketEdges(query.interval, other, query.zone);
  const distinct = moved.filter((edge, i) => i === 0 || edge > (moved[i - 1] ?? edge));
  const places = new Map(distinct.map((edge, i) => [edge, i]));
  const buckets = edges.slice(1).map((___, i) => {
    const [start = other.end, end = other.end] = [moved[i], moved[i + 1]];
    return { start, end, index: end > start ? places.get(start) : undefined };
  });
  return { plan: { ...planned, edges: distinct }, range: other, buckets };
}

type Mover = (at: number) => number;

interface Asked {
  readonly timeframe: Timeframe;
  /** The same, resolved. */
  readonly range: TimeRange;
  readonly zone: Zone;
  readonly now: number;
}

/** The other time, and how an instant is moved to it; a timeframe of its own has its own buckets. */
function otherTime(to: CompareTo, asked: Asked): { other: TimeRange; move?: Mover } {
  if (to.kind === "timeframe") return { other: resolveTimeframe(to.timeframe, asked.now, asked.zone) };
  const move = to.kind === "previous_year" ? byUnits("year", 1, asked.range, asked.zone) : toPeriodBefore(asked);
  return { other: { start: move(asked.range.start), end: move(asked.range.end) }, move };
}

function toPeriodBefore({ timeframe, range, zone }: Asked): Mover {
  if (timeframe.kind === "relative") return byUnits(timeframe.unit, timeframe.count, range, zone);
  const days = wholeDays(range, zone);
  if (days > 0) return byUnits("day", days, range, zone);
  return (at) => at - (range.end - range.start);
}

function byUnits(unit: CalendarUnit, count: number, { start, end }: TimeRange, zone: Zone): Mover {
  const first = addUnits(unit, -count, start, zone);
  const fixed = unit !== "month" && unit !== "year" && nextClockChange(zone, first) >= end;
  // Where no clock is changed on the way, a step of the calendar is a difference; each of ten thousand edges would take 50 µs.
  return fixed ? (at) => at - (start - first) : (at) => addUnits(unit, -count, at, zone);
}

/** How many days of the zone a range covers; 0 when it does not begin and end with one. */
function wholeDays({ start, end }: TimeRange, zone: Zone): number {
  if (startOf("day", start, zone) !== start || startOf("day", end, zone) !== end) return 0;
  return Math.round((end - start) / 86_400_000);
}
