import { MillraceError, type EventsPlan, type Field } from "@millrace/core";
import { condition, keySources } from "../compile.ts";
import { every, type Dsl } from "../compile-filter.ts";
import { compositePages, type Row } from "../composite.ts";
import { valued } from "../distinct.ts";
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
  actor(): Promise<ActorKey | undefined>;
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
  const perRow = 1 + Object.keys(inline).length;
  const pages = compositePages(
    searcher,
    {
      query: every([condition(events), valued(kinds, undefined), ...filters]),
      keys: { sources: [...keySources("a", kinds), ...sources], filters: [], bucket: () => 0 },
      inline,
      bucketsPerRow: Math.max(perRow, Math.ceil((MAX_BUCKETS * beside) / allowance.atOnce)),
    },
    { snapshot: true },
  );
  let rows: readonly Row[] = [];
  let at = 0;
  let ended = false;

  const more = async (): Promise<void> => {
    const page = await pages.next();
    ended = page.done === true;
    rows = page.done === true ? [] : page.value;
    at = 0;
    allowance.left -= rows.length;
    if (allowance.left < 0) throw tooMany(allowance.most);
  };
  const collect = (of: ActorKey, found: Row[]): Promise<readonly Row[]> | readonly Row[] => {
    for (let row = rows[at]; row; row = rows[at]) {
      const order = compareActors(actorKey("a", kinds, row.key), of);
      if (order > 0) return found;
      if (order === 0) found.push(row);
      at++;
    }
    return ended ? found : more().then(() => collect(of, found));
  };
  const nextActor = async (): Promise<ActorKey | undefined> => {
    while (at >= rows.length && !ended) await more();
    const row = rows[at];
    return row && actorKey("a", kinds, row.key);
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
  const heads = await Promise.all(streams.map((stream) => stream.actor()));
  const [first] = streams;
  for (let actor = heads[0]; first && actor; actor = await first.actor()) {
    const rows: (readonly Row[])[] = [];
    for (const stream of streams) {
      const taken = stream.take(actor);
      rows.push(Array.isArray(taken) ? taken : await taken);
    }
    visit(rows);
  }
}

function tooMany(most: number): MillraceError {
  return new MillraceError(
    "TooManyResultsError",
    `The question is about more than ${most} actors and moments, the most that are told apart exactly here. Use filters, a shorter timeframe or fewer steps.`,
  );
}
