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
/**
 * All rows of a composite aggregation, page by page: exact on any number of shards. The first page is asked of the newest state;
 * where it is not the only one, the pages are asked of one snapshot, so that none counts an event that another has not seen.
 * Pages are as large as they may be: a page's price is one pass over the events, whatever its size.
 */
export async function* compositePages(
  searcher: Searcher,
  { query, keys, inline, bucketsPerRow }: CompositeQuestion,
  { snapshot }: { readonly snapshot: boolean },
): AsyncGenerator<Row[]> {
  const size = Math.floor(MAX_BUCKETS / bucketsPerRow);
  const ask = async (after: unknown, ofSnapshot: boolean): Promise<Page> => {
    const composite = { size, sources: keys.sources, ...(after !== undefined && { after }) };
    const answer = await searcher.search(
      {
        size: 0,
        track_total_hits: false,
        query: every([query, ...keys.filters]),
        aggs: { c: { composite, ...(Object.keys(inline).length > 0 && { aggs: inline }) } },
      },
      ofSnapshot,
    );
    const { buckets, after_key } = aggregation<{ buckets: Row[]; after_key?: unknown }>(answer, "c");
    return { rows: buckets, after: after_key };
  };
  let page = await ask(undefined, snapshot);
  if (page.rows.length === size && !snapshot) page = await ask(undefined, true);
  while (page.rows.length === size) {
    yield page.rows;
    page = await ask(page.after, true);
  }
  yield page.rows;
}

interface Page {
  readonly rows: Row[];
  readonly after: unknown;
}
