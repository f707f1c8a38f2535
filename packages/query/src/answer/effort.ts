import {
  EVERYTHING,
  groupField,
  mapFields,
  planMetric,
  scopeQuery,
  type Filter,
  type JsonObject,
  type MetricQuery,
  type PlanContext,
  type Query,
  type Scope,
} from "@millrace/core";
import type { Engine } from "../share/engine.ts";

/**
 * Keen's three counts beside the time: the events of the collections and the timeframe that the key may see, the properties that the
 * question names (and the time, where it has a timeframe), and one by the other. Costs a count, so only who asks for it gets it.
 */
export async function effortOf(engine: Engine, query: Query, scope: Scope, context: PlanContext): Promise<JsonObject> {
  const { collections, timeframe, time, zone } = query;
  const all: MetricQuery = {
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
  const { value } = await engine.metric(planMetric(scopeQuery(all, scope), context));
  const events = Number(value.rows[0]?.values[0] ?? 0);
  const properties = propertiesOf(query).size;
  return { events_scanned: events, properties_per_event: properties, total_properties_scanned: events * properties };
}

function propertiesOf(query: Query): Set<string> {
  const names = new Set(fieldsOf(query.filter));
  if (query.timeframe) names.add(query.time === "visit_start" ? "$visit.start" : "keen.timestamp");
  if (query.kind === "extraction") {
    for (const name of query.propertyNames ?? []) names.add(name);
    return names;
  }
  for (const key of query.groupBy) names.add(groupField(key));
  for (const { measure, filter } of query.measures) {
    if (measure.kind !== "count") names.add(measure.field);
    for (const name of filter ? fieldsOf(filter) : []) names.add(name);
  }
  return names;
}

function fieldsOf(filter: Filter<string>): string[] {
  const names: string[] = [];
  mapFields(filter, (name) => names.push(name));
  return names;
}
