import { mapEventSets } from "./event-sets.ts";
import { all, type Filter } from "./filter.ts";
import type { Query } from "./query.ts";

declare const scoped: unique symbol;

/** A query bound to one project and to its key's forced filters: the only thing that can be planned. */
export type Scoped<Q extends Query = Query> = Q & { readonly project: string; readonly [scoped]: true };

/** What a key or token may see (G5). */
export interface Scope {
  readonly project: string;
  /** ANDed outside the caller's filter tree, so no parameter can widen it. */
  readonly filter?: Filter<string>;
}

/** Binds a query to a scope. The project and filters of the scope are added here and nowhere else, to each of its sets of events. */
export function scopeQuery<Q extends Query>(query: Q, { project, filter }: Scope): Scoped<Q> {
  const within =
    filter === undefined ? query : mapEventSets(query, (set) => ({ ...set, filter: all(filter, set.filter) }));
  return { ...within, project } as unknown as Scoped<Q>;
}
