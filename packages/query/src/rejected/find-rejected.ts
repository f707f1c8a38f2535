import type { RejectedEvent, RejectedPlace, RejectedSource, RunOptions } from "@millrace/core";
import type { RejectedSearch } from "./read-rejected.ts";

/** Read together: each may be some hundred kilobytes. */
const PAGE = 50;

/** Asks the store, paid by the project. */
export type UseStore = <T>(work: (options: RunOptions) => Promise<T>) => Promise<T>;

/** The rejected events of a search, page by page, the newest first; those of a page that the text is not in are left out of it. */
export async function* rejectedPages(
  source: Pick<RejectedSource, "rejectedEvents">,
  use: UseStore,
  { query, text }: RejectedSearch,
  from?: RejectedPlace,
): AsyncGenerator<{ readonly events: readonly RejectedEvent[]; readonly last: RejectedEvent; readonly read: number }> {
  const has = text === undefined ? () => true : contains(text);
  for (let after = from; ;) {
    const page = { limit: PAGE, ...(after && { after }) };
    const found = await use((options) => source.rejectedEvents(query, page, options));
    const last = found.at(-1);
    if (!last) return;
    yield { events: found.filter(has), last, read: found.length };
    if (found.length < PAGE) return;
    after = last;
  }
}

function contains(text: string): (event: RejectedEvent) => boolean {
  const wanted = lower(text);
  return ({ raw, detail }) => lower(detail).includes(wanted) || (raw !== null && lower(raw).includes(wanted));
}

function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

export interface FoundRejected {
  readonly events: readonly RejectedEvent[];
  /** Where there may be more. */
  readonly after?: RejectedPlace;
}

/** Rejected events looked through for one answer to a search by text. */
const MOST_READ = 2_000;

/** The first `limit` events of a search; by text, those among the next 2,000. */
export async function findRejected(
  source: Pick<RejectedSource, "rejectedEvents">,
  use: UseStore,
  search: RejectedSearch,
  { limit, after }: { readonly limit: number; readonly after?: RejectedPlace | undefined },
): Promise<FoundRejected> {
  const events: RejectedEvent[] = [];
  let left = MOST_READ;
  for await (const page of rejectedPages(source, use, search, after)) {
    events.push(...page.events);
    left -= page.read;
    if (events.length > limit) {
      const shown = events.slice(0, limit);
      return { events: shown, after: shown.at(-1) ?? page.last };
    }
    if (left <= 0) return { events, after: page.last };
  }
  return { events };
}
