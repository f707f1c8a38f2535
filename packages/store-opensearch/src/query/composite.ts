import type { Keys } from "./compile.ts";
import { every, type Dsl } from "./compile-filter.ts";
import type { Cell } from "./compile-measure.ts";
import { aggregation, type Searcher } from "../client/search.ts";
import { nextWindow, sampleMarks, type Lead, type Marks } from "./windows.ts";

/** One row of a composite aggregation. */
export type Row = Cell & { readonly key: Readonly<Record<string, unknown>> };

export interface CompositeQuestion {
  readonly query: Dsl;
  readonly keys: Keys;
  readonly inline: Readonly<Record<string, Dsl>>;
  readonly bucketsPerRow: number;
  /** Of keys that begin with one text: pages behind the first then cost their own events. */
  readonly lead?: Lead | undefined;
}

/** The server refuses an answer with more buckets than 65,535. */
const MAX_BUCKETS = 65_000;
/** Rows of a page from which on a look at where events lie costs less than it spares. */
const WORTH_A_LOOK = 1_000;
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
 * is one page or none. A page's price is one pass over the events, whatever its size, so pages are as large as they may be; and where
 * rows are in the order of a text, those behind the first are asked of a part of the events each: all of them together cost one pass.
 */
export async function* compositePages(
  searcher: Searcher,
  question: CompositeQuestion,
  { snapshot }: { readonly snapshot: boolean },
): AsyncGenerator<Row[]> {
  const size = Math.floor(MAX_BUCKETS / question.bucketsPerRow);
  const ask = pageAsker(searcher, question, size, snapshot);
  const first = await ask([], undefined);
  if (first.rows.length < size) {
    yield first.rows;
    return;
  }
  if (!snapshot) needSnapshot();
  yield first.rows;
  const { query, keys, lead } = question;
  if (lead && size >= WORTH_A_LOOK) {
    yield* windowPages(ask, lead, first, size, () => sampleMarks(searcher, every([query, ...keys.filters]), lead));
    return;
  }
  for (let page = first; page.rows.length === size;) {
    page = await ask([], page.after);
    yield page.rows;
  }
}

interface Page {
  readonly rows: Row[];
  readonly after: Readonly<Record<string, unknown>> | undefined;
}

type AskPage = (filters: readonly Dsl[], after: Page["after"]) => Promise<Page>;

function pageAsker(
  searcher: Searcher,
  { query, keys, inline }: CompositeQuestion,
  size: number,
  snapshot: boolean,
): AskPage {
  return async (filters, after) => {
    const composite = { size, sources: keys.sources, ...(after !== undefined && { after }) };
    const answer = await searcher.search(
      {
        size: 0,
        track_total_hits: false,
        query: every([query, ...keys.filters, ...filters]),
        aggs: { c: { composite, ...(Object.keys(inline).length > 0 && { aggs: inline }) } },
      },
      snapshot,
    );
    const { buckets, after_key } = aggregation<{ buckets: Row[]; after_key?: Page["after"] }>(answer, "c");
    return { rows: buckets, after: after_key };
  };
}

/**
 * The rows behind the first page, window by window of the lead's values. The second page is asked of all that is left, for many answers
 * end with it: only of those that go on it is worth knowing where their events lie.
 */
async function* windowPages(
  ask: AskPage,
  lead: Lead,
  first: Page,
  size: number,
  sample: () => Promise<Marks>,
): AsyncGenerator<Row[], void> {
  const between = (from: string, to?: string): Dsl[] => [{ range: { [lead.field]: { gte: from, lt: to } } }];
  const leadOf = ({ after }: Page): string => String(after?.[lead.name]);
  const second = await ask(between(leadOf(first)), first.after);
  yield second.rows;
  if (second.rows.length < size) return;
  const marks = await sample();
  let { after } = second;
  let from = leadOf(second);
  let rowsPerEvent = size / second.rows.reduce((sum, { doc_count: count }) => sum + count, 0);
  for (;;) {
    const { to, events } = nextWindow(marks, from, size / rowsPerEvent);
    let rows = 0;
    for (let page = await ask(between(from, to), after); ; page = await ask(between(from, to), page.after)) {
      rows += page.rows.length;
      yield page.rows;
      if (page.rows.length < size) break;
    }
    if (to === undefined) return;
    if (rows > 0) rowsPerEvent = rows / events;
    from = to;
    after = undefined;
  }
}
