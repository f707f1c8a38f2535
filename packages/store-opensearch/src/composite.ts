import type { Keys } from "./compile.ts";
import { every, type Dsl } from "./compile-filter.ts";
import type { Cell } from "./compile-measure.ts";
import { aggregation, type SearchAnswer, type Searcher } from "./search.ts";

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
/** Most answers fit the first page, and each page reserves memory for all its rows on every shard. */
const FIRST_PAGE = 5_000;

/**
 * All rows of a composite aggregation, page by page: exact on any number of shards. The first page is asked of the newest state;
 * where it is not the only one, the pages are asked of one snapshot, so that none counts an event that another has not seen.
 */
export async function* compositePages(
  searcher: Searcher,
  { query, keys, inline, bucketsPerRow }: CompositeQuestion,
  { snapshot }: { readonly snapshot: boolean },
): AsyncGenerator<Row[]> {
  const most = Math.floor(MAX_BUCKETS / bucketsPerRow);
  const request = (size: number, after: unknown): object => ({
    size: 0,
    track_total_hits: false,
    query: every([query, ...keys.filters]),
    aggs: {
      c: {
        composite: { size, sources: keys.sources, ...(after !== undefined && { after }) },
        ...(Object.keys(inline).length > 0 && { aggs: inline }),
      },
    },
  });
  let size = Math.min(FIRST_PAGE, most);
  let page = read(await searcher.search(request(size, undefined), snapshot));
  if (page.rows.length < size) {
    yield page.rows;
    return;
  }
  if (!snapshot) page = read(await searcher.search(request((size = most), undefined), true));
  for (;;) {
    yield page.rows;
    if (page.rows.length < size) return;
    page = read(await searcher.search(request((size = most), page.after), true));
  }
}

function read(answer: SearchAnswer): { rows: Row[]; after: unknown } {
  const { buckets, after_key: after } = aggregation<{ buckets: Row[]; after_key?: unknown }>(answer, "c");
  return { rows: buckets, after };
}
