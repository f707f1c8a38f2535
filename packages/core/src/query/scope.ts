import { mapEventSets } from "./event-sets.ts";
import { isBotFilter, type BotRules } from "./bot-rules.ts";
import { all, type Filter } from "./filter.ts";
import type { EventSet, Query } from "./query.ts";

declare const scoped: unique symbol;

/** A query bound to one project and to its key's forced filters: the only thing that can be planned. */
export type Scoped<Q extends Query = Query> = Q & { readonly project: string; readonly [scoped]: true };

/** What a key or token may see (G5). */
export interface Scope {
  readonly project: string;
  /** ANDed outside the caller's filter tree, so no parameter can widen it. */
  readonly filter?: Filter<string>;
  /** What the project says of bots, in place of their label. */
  readonly bots?: BotRules;
}

/** Binds a query to a scope. The project and filters of the scope are added here and nowhere else, to each of its sets of events. */
export function scopeQuery<Q extends Query>(query: Q, { project, filter, bots }: Scope): Scoped<Q> {
  const judged = bots === undefined ? query : mapEventSets(query, (set) => byRules(set, isBotFilter(bots)));
  const within =
    filter === undefined ? judged : mapEventSets(judged, (set) => ({ ...set, filter: all(filter, set.filter) }));
  return { ...within, project } as unknown as Scoped<Q>;
}

/** The bots mode as a filter of its own, where the label is not what decides. */
function byRules<S extends EventSet>(set: S, isBot: Filter<string>): S {
  if (set.bots === "include") return set;
  const wanted: Filter<string> = set.bots === "only" ? isBot : { kind: "not", of: isBot };
  return { ...set, bots: "include", filter: all(wanted, set.filter) };
}
