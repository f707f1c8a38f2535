import { MillraceError } from "../error.ts";
import { bucketEdges } from "../time/interval.ts";
import { resolveTimeframe, type TimeRange } from "../time/timeframe.ts";
import { all, EVERYTHING, type Filter } from "./filter.ts";
import type { Field, Incomplete, PropertyView } from "./field.ts";
import { checkEffort } from "./filter-effort.ts";
import { isBins, type GroupKey } from "./group.ts";
import { LIMITS_QUERY } from "./limits.ts";
import { planFilter, type Seen } from "./plan-filter.ts";
import { createResolver, type Resolver } from "./resolve-field.ts";
import type { EventSet, TimeColumn } from "./event-set.ts";
import type { Planned, Unbranded } from "./planned.ts";
import type { ExtractionQuery, LabelledMeasure, Measure, MetricQuery } from "./query.ts";
import type { Scoped, Walls } from "./scope.ts";
import { topOf, type Top } from "./top.ts";

/** A query with every default, instant and field made explicit. Stores compile this and decide nothing. */
export type Plan = MetricPlan | ExtractionPlan;

/** The events that a question, or one part of it, is about: what a store's condition is made of. */
export interface EventsPlan {
  readonly project: string;
  readonly collections: readonly string[];
  /** Absent: all time. */
  readonly range?: TimeRange;
  /** What range and edges are about. Events without it are in no range. */
  readonly time: TimeColumn;
  /** The bots mode and the scope's filters are already in it. */
  readonly filter: Filter<Field>;
}

interface PlanBase extends EventsPlan, Planned {
  /** Properties of which the answer may lack values. Empty in ordinary times. */
  readonly incomplete: readonly Incomplete[];
}

export interface MetricPlan extends PlanBase {
  readonly kind: "metric";
  readonly measures: readonly LabelledMeasure<Field>[];
  readonly groupBy: readonly GroupKey<Field>[];
  /** n + 1 edges of n half-open buckets; see interval.ts. Absent: one cell per group. */
  readonly edges?: readonly number[];
  /** Absent: every group is wanted. */
  readonly top?: Top;
}

export interface ExtractionPlan extends PlanBase {
  readonly kind: "extraction";
  /** By (timestamp, id). */
  readonly order: "oldest" | "newest";
  /** At most this many; the store returns one more if there are more, so that the caller can refuse instead of cutting. */
  readonly limit: number;
}

export interface PlanContext {
  /** Milliseconds UTC. */
  readonly now: number;
  readonly properties: PropertyView;
}

/** @throws MillraceError for anything that cannot be answered exactly as asked (G7), naming the part. */
export function planMetric(query: Scoped<MetricQuery>, context: PlanContext): MetricPlan {
  const range = rangeOf(query, context);
  const fields = createResolver(context.properties, eventsFrom(query, range));
  const base = planEvents(query, query, range, fields);
  const seen = seenBy(query, query, range, fields);
  const measures = query.measures.map((m) => planMeasure(m, fields, seen));
  const top = topOf(query);
  checkEffort(
    base.filter,
    measures.flatMap(({ filter }) => filter ?? []),
  );
  return {
    ...base,
    kind: "metric",
    measures,
    groupBy: query.groupBy.map((key) => planGroup(key, fields)),
    ...(query.interval && range && { edges: bucketEdges(query.interval, range, query.zone) }),
    ...(top && { top }),
    // Last: only now every field was asked for.
    incomplete: fields.incomplete(),
  } satisfies Unbranded<MetricPlan> as unknown as MetricPlan;
}

/** @throws MillraceError as {@link planMetric}. */
export function planExtraction(query: Scoped<ExtractionQuery>, context: PlanContext): ExtractionPlan {
  const range = rangeOf(query, context);
  const fields = createResolver(context.properties, eventsFrom(query, range));
  const base = planEvents(query, query, range, fields);
  checkEffort(base.filter, []);
  return {
    ...base,
    kind: "extraction",
    order: query.latest === undefined ? "oldest" : "newest",
    limit: query.latest ?? LIMITS_QUERY.extractionEvents,
    incomplete: fields.incomplete(),
  } satisfies Unbranded<ExtractionPlan> as unknown as ExtractionPlan;
}

/** The time that a set of events lies in; undefined: all time. */
export function rangeOf(set: EventSet, { now }: PlanContext): TimeRange | undefined {
  return set.timeframe && resolveTimeframe(set.timeframe, now, set.zone);
}

/** When the events of an answer happened, as far as the query says: those of visits begun in a range go on beyond it. */
function eventsFrom({ time }: EventSet, range: TimeRange | undefined): TimeRange | undefined {
  return range && time === "visit_start" ? { start: range.start, end: Infinity } : range;
}

/** A set of events with the bots mode as a filter and its fields resolved. @throws MillraceError as {@link planMetric} */
export function planEvents(walls: Walls, set: EventSet, range: TimeRange | undefined, fields: Resolver): EventsPlan {
  const seen = seenBy(walls, set, range, fields);
  const filter = all(seen.filter, planFilter(set.filter, fields, seen));
  return { ...seen, collections: set.collections, filter };
}

/** Whatever a set of events, its filters and those of its measures may look at. */
function seenBy(
  { project, forced, isBot }: Walls,
  { bots, time = "timestamp" }: EventSet,
  range: TimeRange | undefined,
  fields: Resolver,
): Seen {
  const labelled: Filter<string> =
    bots === "include" ? EVERYTHING : bots === "only" ? isBot : { kind: "not", of: isBot };
  const anybody: Seen = { project, time, ...(range && { range }), filter: EVERYTHING };
  const counted: Seen = { ...anybody, filter: planFilter(labelled, fields, anybody) };
  return { ...counted, filter: all(counted.filter, planFilter(forced, fields, counted)) };
}

function planGroup(key: GroupKey<string>, fields: Resolver): GroupKey<Field> {
  if (!isBins(key)) return fields.typed(fields.resolve(key), "group_by");
  const field = fields.typed(fields.resolve(key.field), `group_by with ${key.kind}`);
  refuseOtherThanNumbers(field, key.kind);
  return { ...key, field };
}

function refuseOtherThanNumbers(field: Field, use: string): void {
  if (field.kind !== "standard" || field.type === "number") return;
  throw new MillraceError("InvalidParameterError", `${use} needs a number; ${field.name} is a ${field.type}.`);
}

function planMeasure(
  { label, measure, filter }: LabelledMeasure<string>,
  fields: Resolver,
  seen: Seen,
): LabelledMeasure<Field> {
  const planned: Measure<Field> =
    measure.kind === "count" ? measure : { ...measure, field: measurable(measure, fields) };
  return { label, measure: planned, ...(filter && { filter: planFilter(filter, fields, seen) }) };
}

function measurable({ kind, field }: Exclude<Measure<string>, { kind: "count" }>, fields: Resolver): Field {
  const typed = fields.typed(fields.resolve(field), kind);
  if (kind !== "count_unique" && kind !== "select_unique") refuseOtherThanNumbers(typed, kind);
  return typed;
}
