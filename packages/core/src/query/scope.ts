import { isBotFilter, type BotRules } from "./bot-rules.ts";
import { EVERYTHING, type Filter } from "./filter.ts";
import type { Query } from "./query.ts";

declare const scoped: unique symbol;

/** A query bound to one project and to its key's forced filters: the only thing that can be planned. */
export type Scoped<Q extends Query = Query> = Q & Walls & { readonly [scoped]: true };

/** What planning puts around each set of events of a query, and around whatever its filters look for beside them. */
export interface Walls {
  readonly project: string;
  /** ANDed outside the caller's filter tree, so no parameter can widen it. */
  readonly forced: Filter<string>;
  /** Which events the bots mode is about. */
  readonly isBot: Filter<string>;
}

/** What a key or token may see (G5). */
export interface Scope {
  readonly project: string;
  /** ANDed outside the caller's filter tree, so no parameter can widen it. */
  readonly filter?: Filter<string>;
  /** What the project says of bots, in place of their label. */
  readonly bots?: BotRules;
}

/** Binds a query to a scope. What the scope adds is added here and, by planning, in one place to each of its sets of events. */
export function scopeQuery<Q extends Query>(query: Q, { project, filter, bots }: Scope): Scoped<Q> {
  const walls: Walls = {
    project,
    forced: filter ?? EVERYTHING,
    isBot: isBotFilter(bots ?? { ignore: [], also: [] }),
  };
  return { ...query, ...walls } as unknown as Scoped<Q>;
}
