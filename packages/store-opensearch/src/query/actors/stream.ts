import { MillraceError, type EventsPlan, type Field } from "@millrace/core";
import { condition, leadOf, valueSources } from "../compile.ts";
import { every, type Dsl } from "../compile-filter.ts";
import { compositePages, type Row } from "../composite.ts";
import { valuedBeside } from "../kinds.ts";
import type { Searcher } from "../../client/search.ts";
import { actorKey, actorKinds, compareActors, type ActorKey } from "./actor-key.ts";

/** What is asked of the events of each actor. */
export interface StreamQuestion {
  readonly events: EventsPlan;
  readonly actor: Field;
  /** Further sources of the key, after the actor: rows are then (actor, …) and in that order. */
  readonly sources?: readonly object[];
  /** Conditions beyond that of the events. */
  readonly filters?: readonly Dsl[];
  /** Aggregations of each row. */
  readonly inline?: Readonly<Record<string, Dsl>>;
}

/** Rows in the order of their actors, of which only a page is in memory. */
export interface ActorStream {
  /** The actor of the next row; undefined at the end. */
  actor(): Promise<ActorKey | undefined> | ActorKey | undefined;
  /** All rows of an actor; passes over those of actors before him. To be called in the order of actors. */
  take(actor: ActorKey): Promise<readonly Row[]> | readonly Row[];
}

/** How many rows one answer may still read, over all of its streams. */
export interface Allowance {
  left: number;
  readonly most: number;
  /** Rows of all streams that are in memory together; each has some hundred bytes. */
  readonly atOnce: number;
}

const MAX_BUCKETS = 65_000;
/**
 * So few streams have two pages each in memory: the engine makes the next one while one is walked. More of them keep it busy as they
 * are, and would need smaller pages. See {@link compositePages} for what a page costs.
 */
const AHEAD = 3;

/**
 * The rows of a question about actors, page after page of one snapshot. A page names its rows in one order whatever the shards are,
 * so streams of several steps can be walked side by side, and how many actors there are costs time but no memory.
 * @param beside how many streams the answer has
 * @throws when read: MillraceError `TooManyResultsError` beyond the allowance
 */
export function openStream(
  searcher: Searcher,
  { events, actor, sources = [], filters = [], inline = {} }: StreamQuestion,
  { allowance, beside }: { readonly allowance: Allowance; readonly beside: number },
): ActorStream {
  const kinds = actorKinds(actor);
  const ahead = beside <= AHEAD;
  const pages = compositePages(
    searcher,
    {
      query: every([condition(events), ...valuedBeside(kinds), ...filters]),
      keys: { sources: [...valueSources("a", kinds), ...sources], filters: [], bucket: () => 0 },
      inline,
      lead: leadOf("a", kinds),
      bucketsPerRow: Math.ceil((MAX_BUCKETS * beside * (ahead ? 2 : 1)) / allowance.atOnce),
    },
    { snapshot: true },
  );
  let rows: readonly Row[] = [];
  let at = 0;
  let ended = false;
  let coming: Promise<IteratorResult<Row[]>> | undefined;

  const more = async (): Promise<void> => {
    const page = await (coming ?? pages.next());
    coming = undefined;
    ended = page.done === true;
    rows = page.done === true ? [] : page.value;
    at = 0;
    allowance.left -= rows.length;
    if (allowance.left < 0) throw tooMany(allowance.most);
    if (!ahead || ended) return;
    coming = pages.next();
    // Whoever needs it is told; an answer may be complete without it.
    coming.catch(() => undefined);
  };

  const names = kinds.map((_, i) => `a_${i}`);
  let last: { readonly key: Row["key"]; readonly actor: ActorKey } | undefined;
  /** Equal keys have one actor: most rows are of the actor of the row before. */
  const actorOf = (key: Row["key"]): ActorKey => {
    if (!last || names.some((name) => key[name] !== last?.key[name])) last = { key, actor: actorKey("a", kinds, key) };
    return last.actor;
  };
  const collect = (of: ActorKey, found: Row[]): Promise<readonly Row[]> | readonly Row[] => {
    for (let row = rows[at]; row; row = rows[at]) {
      const order = compareActors(actorOf(row.key), of);
      if (order > 0) return found;
      if (order === 0) found.push(row);
      at++;
    }
    return ended ? found : more().then(() => collect(of, found));
  };
  const nextActor = (): Promise<ActorKey | undefined> | ActorKey | undefined => {
    const row = rows[at];
    if (row) return actorOf(row.key);
    return ended ? undefined : more().then(nextActor);
  };
  return { actor: nextActor, take: (of) => collect(of, []) };
}

/**
 * Walks streams side by side.
 * @param visit called for every actor of the first stream, in order, with his rows in each of them
 */
export async function walk(
  streams: readonly ActorStream[],
  visit: (rows: readonly (readonly Row[])[]) => void,
): Promise<void> {
  // All first pages together; behind them each stream goes on by itself, at its own pace.
  const heads = await Promise.all(streams.map((stream) => Promise.resolve(stream.actor())));
  const [first] = streams;
  for (let actor = heads[0]; first && actor;) {
    const rows: (readonly Row[])[] = [];
    for (const stream of streams) {
      const taken = stream.take(actor);
      rows.push(Array.isArray(taken) ? taken : await taken);
    }
    visit(rows);
    const next = first.actor();
    // Waiting for what is there already would cost each of a million actors as much as all the rest.
    actor = next instanceof Promise ? await next : next;
  }
}

function tooMany(most: number): MillraceError {
  return new MillraceError(
    "TooManyResultsError",
    `The question is about more than ${most} actors and moments, the most that are told apart exactly here. Use filters, a shorter timeframe or fewer steps.`,
  );
}
