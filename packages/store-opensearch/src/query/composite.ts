import type { Keys } from "./compile.ts";
import { every, type Dsl } from "./compile-filter.ts";
import type { Cell } from "./compile-measure.ts";
import { aggregation, type Searcher } from "../client/search.ts";

/** One row of a composite aggregation. */
export type Row = Cell & { readonly key: Readonly<Record<string, unknown>> };

export interface CompositeQuestion {
  readonly query: Dsl;
  readonly keys: Keys;
  readonly inline: Readonly<Record<string, Dsl>>;
  readonly bucketsPerRow: number;
}

/** The server refuses an answer with more buckets than 65,535. */
const MAX_BUCKETS = 65_000;
/** One page is not all, and there is no snapshot to ask for the others. See {@link whole}. */
class MorePages extends Error {}

/**
 * Asks of the newest state, which nearly always is enough: an answer of one page holds nothing open on the server. Where there are
 * more pages all of it is asked again, of one snapshot, so that no page counts an event that another has not seen.
 */
export async function whole<T>(work: (snapshot: boolean) => Promise<T>): Promise<T> {
  try {
    return await work(false);
  } catch (thrown) {
    if (!(thrown instanceof MorePages)) throw thrown;
    return work(true);
  }
}

/** Ends an attempt without a snapshot: more than one request must see the same events. */
export function needSnapshot(): never {
  throw new MorePages();
}

/**
 * All rows of a composite aggregation, page by page: exact on any number of shards. Inside {@link whole}: without a snapshot there
 * is one page or none. Pages are as large as they may be: a page's price is one pass over the events, whatever its size.
 */
export async function* compositePages(
  searcher: Searcher,
  { query, keys, inline, bucketsPerRow }: CompositeQuestion,
  { snapshot }: { readonly snapshot: boolean },
): AsyncGenerator<Row[]> {
  const size = Math.floor(MAX_BUCKETS / bucketsPerRow);
  const ask = async (after: unknown): Promise<Page> => {
    const composite = { size, sources: keys.sources, ...(after !== undefined && { after }) };
    const answer = await searcher.search(
      {
        size: 0,
        track_total_hits: false,
        query: every([query, ...keys.filters]),
        aggs: { c: { composite, ...(Object.keys(inline).length > 0 && { aggs: inline }) } },
      },
      snapshot,
    );
    const { buckets, after_key } = aggregation<{ buckets: Row[]; after_key?: unknown }>(answer, "c");
    return { rows: buckets, after: after_key };
  };
  let page = await ask(undefined);
  while (page.rows.length === size) {
    if (!snapshot) needSnapshot();
    yield page.rows;
    page = await ask(page.after);
  }
  yield page.rows;
}

interface Page {
  readonly rows: Row[];
  readonly after: unknown;
}
