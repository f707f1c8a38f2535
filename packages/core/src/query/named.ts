import { eventSetsOf } from "./event-sets.ts";
import { leavesOf, type Filter } from "./filter.ts";
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

/** The properties that a filter is about, those of its deeds too. */
export function fieldsOfFilter(filter: Filter<string>): string[] {
  return leavesOf(filter).flatMap((leaf) =>
    leaf.kind === "did" ? [leaf.actor, ...fieldsOfFilter(leaf.deed.filter)] : [leaf.field],
  );
}

/** Every collection that a question looks into: those of its sets of events, and of the deeds that its filters ask for. */
export function collectionsNamed(query: Query): Set<string> {
  const sets = eventSetsOf(query);
  const filters = [...sets, ...(query.kind === "metric" ? query.measures : [])].flatMap(({ filter }) => filter ?? []);
  return new Set([...sets.flatMap(({ collections }) => collections), ...filters.flatMap(collectionsOfFilter)]);
}

function collectionsOfFilter(filter: Filter<string>): string[] {
  return leavesOf(filter).flatMap((leaf) =>
    leaf.kind === "did" ? [...leaf.deed.collections, ...collectionsOfFilter(leaf.deed.filter)] : [],
  );
}
