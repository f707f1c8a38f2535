import {
  isBins,
  isoUtc,
  METRES_PER_MILE,
  offsetAt,
  resolveTimeframe,
  visitFilter,
  type EventSet,
  type ExtractionQuery,
  type Filter,
  type FilterVisitor,
  type GroupKey,
  type Interval,
  type Json,
  type JsonObject,
  type LabelledMeasure,
  type MetricQuery,
  type PathsQuery,
  type Query,
  type RetentionQuery,
  type Timeframe,
  type Zone,
} from "@millrace/core";

/**
 * The question as it was understood, in the words it could have been asked in: defaults filled in, relative times as the instants they
 * were. Without what the key adds by itself, which is nobody's but its maker's. Undefined for funnels, which tell it beside their result.
 * @param now milliseconds UTC
 */
export function understoodOf(analysis: string, query: Query, now: number): JsonObject | undefined {
  switch (query.kind) {
    case "metric":
      return { analysis_type: analysis, ...eventsOf(query, now), ...metricOf(query, now) };
    case "extraction":
      return { analysis_type: analysis, ...eventsOf(query, now), ...extractionOf(query) };
    case "retention":
      return { analysis_type: analysis, ...retentionOf(query, now) };
    case "paths":
      return { analysis_type: analysis, ...eventsOf(query, now), ...pathsOf(query) };
    case "funnel":
    case "ordered_funnel":
      return undefined;
  }
}

function extractionOf({ latest, propertyNames, standardFields }: ExtractionQuery): JsonObject {
  return {
    latest: latest ?? null,
    property_names: propertyNames ? [...propertyNames] : null,
    standard_fields: standardFields ?? false,
  };
}

/** Both sets of events have the timeframe and the zone of the question; what is their own are collections and filters. */
function retentionOf({ actor, first, returning, period, unbounded }: RetentionQuery, now: number): JsonObject {
  const { event_collection: _, filters: __, ...common } = eventsOf(first, now);
  return {
    ...common,
    actor_property: actor,
    interval: CALENDAR[period],
    unbounded,
    first: setOf(first),
    returning: setOf(returning),
  };
}

function setOf({ collections, filter }: EventSet): JsonObject {
  return { event_collection: [...collections], filters: listOf(filter) };
}

function pathsOf({ session, step, direction, anchor, depth, top, collapse }: PathsQuery): JsonObject {
  return {
    step_property: step,
    session_property: session,
    direction,
    ...(anchor !== undefined && { anchor }),
    depth,
    values: top,
    collapse_repeats: collapse,
  };
}

function eventsOf({ collections, timeframe, time, zone, filter, bots }: EventSet, now: number): JsonObject {
  return {
    event_collection: [...collections],
    timeframe: timeframe ? timesOf(timeframe, zone, now) : null,
    ...(time === "visit_start" && { time_property: "$visit.start" }),
    timezone: zone.kind === "named" ? zone.name : zone.seconds,
    filters: listOf(filter),
    bots,
  };
}

/** In the zone's own time, without an offset: with one, the zone would not count when it is asked again. */
function timesOf(timeframe: Timeframe, zone: Zone, now: number): JsonObject {
  const { start, end } = resolveTimeframe(timeframe, now, zone);
  const wall = (at: number) => isoUtc(at + offsetAt(zone, at)).replace("Z", "");
  return { start: wall(start), end: wall(end) };
}

function metricOf(query: MetricQuery, now: number): JsonObject {
  const { measures, single, interval, groupBy, orderBy, limit, other, compareTo, zone, zeroFill } = query;
  const [first] = measures;
  const order = orderBy.map(({ by, direction }) => ({ property_name: by, direction: direction.toUpperCase() }));
  return {
    ...(single && first
      ? measureOf(first)
      : {
          analyses: Object.fromEntries(
            measures.map((m) => [m.label, { analysis_type: m.measure.kind, ...measureOf(m) }]),
          ),
        }),
    interval: interval ? intervalName(interval) : null,
    group_by: groupBy.map(keyOf),
    ...(order.length > 0 && { order_by: order }),
    ...(limit !== undefined && { limit }),
    ...(other !== undefined && { other }),
    ...(compareTo && {
      compare_to: compareTo.kind === "timeframe" ? timesOf(compareTo.timeframe, zone, now) : compareTo.kind,
    }),
    ...(interval && groupBy.length > 0 && { zero_fill: zeroFill }),
  };
}

function measureOf({ measure, filter }: LabelledMeasure<string>): JsonObject {
  return {
    ...(measure.kind !== "count" && { target_property: measure.field }),
    ...(measure.kind === "percentile" && { percentile: measure.percentile }),
    ...(measure.kind === "percentiles" && { percentiles: [...measure.percentiles] }),
    ...(filter && { filters: listOf(filter) }),
  };
}

const CALENDAR = {
  minute: "minutely",
  hour: "hourly",
  day: "daily",
  week: "weekly",
  month: "monthly",
  year: "yearly",
} as const;

function intervalName(interval: Interval): string {
  return interval.kind === "calendar" ? CALENDAR[interval.unit] : `every_${interval.count}_${interval.unit}s`;
}

function keyOf(key: GroupKey<string>): Json {
  if (!isBins(key)) return key;
  const { field, name, kind } = key;
  const bins =
    kind === "buckets" ? { size: key.grid.size, offset: key.grid.offset } : key.ranges.map((range) => ({ ...range }));
  return { property_name: field, alias: name, [kind]: bins };
}

function listOf(filter: Filter<string>): JsonObject[] {
  return filter.kind === "all" ? filter.of.map(nodeOf) : [nodeOf(filter)];
}

function nodeOf(filter: Filter<string>): JsonObject {
  return visitFilter(NODES, filter);
}

const leaf = (operator: string, property_name: string, property_value: Json): JsonObject => ({
  property_name,
  operator,
  property_value,
});

const NODES: FilterVisitor<string, JsonObject> = {
  all: ({ of }) => ({ operator: "and", operands: of.map(nodeOf) }),
  any: ({ of }) => ({ operator: "or", operands: of.map(nodeOf) }),
  not: ({ of }) => ({ operator: "not", operands: [nodeOf(of)] }),
  eq: ({ field, value }) => leaf("eq", field, value),
  in: ({ field, values }) => leaf("in", field, [...values]),
  same: ({ field, values }) => leaf("in", field, [...values]),
  compare: ({ field, op, value }) => leaf(op, field, value),
  exists: ({ field }) => leaf("exists", field, true),
  contains: ({ field, value }) => leaf("contains", field, value),
  regex: ({ field, pattern }) => leaf("regex", field, pattern),
  within: ({ field, centre, metres }) =>
    leaf("within", field, {
      coordinates: [centre.longitude, centre.latitude],
      max_distance_miles: metres / METRES_PER_MILE,
    }),
  did: ({ actor, deed }) =>
    leaf("did", actor, { event_collection: [...deed.collections], filters: listOf(deed.filter) }),
};
