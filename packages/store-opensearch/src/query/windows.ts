import { compareStrings } from "@millrace/core";
import type { Searcher } from "../client/search.ts";
import type { Dsl } from "./compile-filter.ts";

/** A key's first source, where it is the text of one field that every row has. */
export interface Lead {
  /** The source's name. */
  readonly name: string;
  readonly field: string;
}

/** Values of the lead between which about equally many events lie. */
export interface Marks {
  /** In the engine's order, each once, and how many events lie from before it up to it. */
  readonly values: readonly { readonly value: string; readonly events: number }[];
}

/** Each is a hit that the engine fetches one field of; a page of 65,000 rows then ends within some percent of where it should. */
const SAMPLE = 1_000;

/** How the events of a question are spread over their leads, by a sample: one pass without any grouping, a fraction of a page's price. */
export async function sampleMarks(searcher: Searcher, query: Dsl, { field }: Lead): Promise<Marks> {
  const { hits } = await searcher.search(
    {
      size: SAMPLE,
      track_total_hits: true,
      query: { function_score: { query, random_score: {}, boost_mode: "replace" } },
      _source: false,
      docvalue_fields: [field],
    },
    true,
  );
  const found = hits.hits.flatMap(({ fields }) => {
    const [value] = fields?.[field] ?? [];
    return typeof value === "string" ? [value] : [];
  });
  const each = (hits.total?.value ?? 0) / Math.max(1, found.length);
  const counts = new Map<string, number>();
  for (const value of found.toSorted(compareStrings)) counts.set(value, (counts.get(value) ?? 0) + each);
  return { values: [...counts].map(([value, events]) => ({ value, events })) };
}

/** Rows that a page is meant to have: one that comes out full costs another request for what is beyond it. */
const FILLED = 0.75;

/**
 * The part of the leads that is asked for next.
 * @param from its first value
 * @param pageEvents how many events a page has rows of
 * @returns the first value beyond it, and about how many events it has; no value at the end
 */
export function nextWindow(
  { values }: Marks,
  from: string,
  pageEvents: number,
): { readonly to: string | undefined; readonly events: number } {
  const most = pageEvents * FILLED;
  let events = 0;
  for (let i = firstBeyond(values, from); i < values.length; i++) {
    const mark = values[i];
    if (mark === undefined) break;
    // One mark at least: a lead with more rows than a page is read page by page.
    if (events > 0 && events + mark.events > most) return { to: values[i - 1]?.value, events };
    events += mark.events;
  }
  return { to: undefined, events };
}

/** The place of the first value above `from`. */
function firstBeyond(values: Marks["values"], from: string): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareStrings(values[middle]?.value ?? "", from) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
