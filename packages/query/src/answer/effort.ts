import {
  EVERYTHING,
  eventSetsOf,
  planMetric,
  propertiesNamed,
  scopeQuery,
  type EventSet,
  type MetricQuery,
  type PlanContext,
  type Query,
  type Scope,
} from "@millrace/core";
import type { Engine } from "../share/engine.ts";

/** As Keen names them. */
interface Effort {
  readonly events_scanned: number;
  readonly properties_per_event: number;
  readonly total_properties_scanned: number;
}

/**
 * Keen's three counts beside the time: the events of the collections and timeframes that the key may see, the properties that the
 * question names (and the time, where it has a timeframe), and one by the other. Costs a count, so only who asks for it gets it.
 */
export async function effortOf(engine: Engine, query: Query, scope: Scope, context: PlanContext): Promise<Effort> {
  const sets = eventSetsOf(query);
  // Steps that look at the same events are one look.
  const looks = new Map(sets.map(everyEvent).map((all) => [JSON.stringify(all), all]));
  const counted = await Promise.all(
    [...looks.values()].map((all) => engine.metric(planMetric(scopeQuery(all, scope), context))),
  );
  const events = counted.reduce((sum, { value }) => sum + Number(value.rows[0]?.values[0] ?? 0), 0);
  const properties = propertiesOf(query, sets).size;
  return { events_scanned: events, properties_per_event: properties, total_properties_scanned: events * properties };
}

function everyEvent({ collections, timeframe, time, zone }: EventSet): MetricQuery {
  return {
    kind: "metric",
    collections,
    ...(timeframe && { timeframe }),
    ...(time && { time }),
    zone,
    filter: EVERYTHING,
    bots: "include",
    measures: [{ label: "events", measure: { kind: "count" } }],
    single: true,
    groupBy: [],
    orderBy: [],
    zeroFill: true,
  };
}

function propertiesOf(query: Query, sets: readonly EventSet[]): Set<string> {
  const names = propertiesNamed(query);
  for (const { timeframe, time } of sets) {
    if (timeframe) names.add(time === "visit_start" ? "$visit.start" : "keen.timestamp");
  }
  return names;
}
