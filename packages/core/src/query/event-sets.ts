import type { EventSet, Query } from "./query.ts";

/** Another set in the place of one, of the same make. */
export type SetChange = <S extends EventSet>(set: S) => S;

type Sets = { [K in Query["kind"]]: (query: Extract<Query, { kind: K }>, change: SetChange) => Query };

/**
 * Where each kind of question keeps its sets of events. The one place that knows: what holds for every set (a key's forced filter
 * above all) goes through here, and a new kind does not compile until its sets are named.
 */
const SETS: Sets = {
  metric: (query, change) => change(query),
  extraction: (query, change) => change(query),
  funnel: (query, change) => ({ ...query, steps: query.steps.map((step) => change(step)) }),
  ordered_funnel: (query, change) => ({ ...query, steps: query.steps.map((step) => change(step)) }),
  retention: (query, change) => ({ ...query, first: change(query.first), returning: change(query.returning) }),
  paths: (query, change) => change(query),
};

/** The same question about other events. */
export function mapEventSets<Q extends Query>(query: Q, change: SetChange): Q {
  return (SETS[query.kind] as (query: Query, change: SetChange) => Query)(query, change) as Q;
}

/** Every set of events that a question is about. */
export function eventSetsOf(query: Query): EventSet[] {
  const sets: EventSet[] = [];
  mapEventSets(query, (set) => {
    sets.push(set);
    return set;
  });
  return sets;
}
