import { eventSetsOf } from "./event-sets.ts";
import { mapFields, type Filter } from "./filter.ts";
import { groupField } from "./group.ts";
import type { Query } from "./query.ts";

/** Every property that a question names: where it groups, measures and filters, and what it wants of the events. */
export function propertiesNamed(query: Query): Set<string> {
  const filtered = eventSetsOf(query).flatMap(({ filter }) => fieldsOfFilter(filter));
  return new Set([...beside(query), ...filtered]);
}

/** Properties that a question names beside those that its sets of events are filtered by. */
function beside(query: Query): readonly string[] {
  switch (query.kind) {
    case "extraction":
      return query.propertyNames ?? [];
    case "funnel":
      return query.steps.map(({ actor }) => actor);
    case "ordered_funnel":
      return [...query.steps.map(({ actor }) => actor), ...(query.breakdown === undefined ? [] : [query.breakdown])];
    case "retention":
      return [query.actor];
    case "paths":
      return [query.session, query.step];
    case "metric":
      return [
        ...query.groupBy.map(groupField),
        ...query.measures.flatMap(({ measure, filter }) => [
          ...(measure.kind === "count" ? [] : [measure.field]),
          ...(filter ? fieldsOfFilter(filter) : []),
        ]),
      ];
  }
}

/** The properties that a filter is about. */
export function fieldsOfFilter(filter: Filter<string>): string[] {
  const names: string[] = [];
  mapFields(filter, (name) => names.push(name));
  return names;
}
