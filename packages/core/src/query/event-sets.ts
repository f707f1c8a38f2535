import type { EventSet, Query } from "./query.ts";

type Sets = { [K in Query["kind"]]: (query: Extract<Query, { kind: K }>) => readonly EventSet[] };

/** Where each kind of question keeps its sets of events. A new kind does not compile until its sets are named. */
const SETS: Sets = {
  metric: (query) => [query],
  extraction: (query) => [query],
  funnel: ({ steps }) => steps,
  ordered_funnel: ({ steps }) => steps,
  retention: ({ first, returning }) => [first, returning],
  paths: (query) => [query],
};

/** Every set of events that a question is about. */
export function eventSetsOf(query: Query): readonly EventSet[] {
  return (SETS[query.kind] as (query: Query) => readonly EventSet[])(query);
}
