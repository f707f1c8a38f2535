import type { StoredEvent } from "@millrace/core";
import type { SearchAnswer, Searcher } from "../../src/client/search.ts";
import { aggregated } from "./aggregations.ts";
import { leavesOf, type Leaves, type Term } from "./leaves.ts";
import { compareTerms, type Node } from "./node.ts";
import { isMatch } from "./queries.ts";

// What the store asks of the search API, answered from an array: the meaning of a request, as the API's reference has it. It makes the
// rules of a compiled question cheap to test; that the real engine means the same is what the live tests of this folder compare.

/** A searcher over these events, and what it was asked. */
export function searcherOver(events: readonly StoredEvent[]) {
  const documents = events.map(leavesOf);
  const asked: { readonly body: Request; readonly snapshot: boolean }[] = [];
  const searcher: Searcher = {
    search: async (body, snapshot) => {
      asked.push({ body: body as Request, snapshot });
      return answer(documents, structuredClone(body) as Request);
    },
    release: async () => undefined,
  };
  return { searcher, asked };
}

interface Request {
  readonly size: number;
  readonly query: Node;
  readonly aggs?: Node;
  readonly sort?: readonly Record<string, { readonly order: "asc" | "desc" }>[];
  readonly search_after?: readonly Term[];
  readonly docvalue_fields?: readonly string[];
  readonly track_total_hits?: boolean;
}

function answer(documents: readonly Leaves[], { query, aggs, sort = [], ...page }: Request): SearchAnswer {
  const found = documents.filter((document) => isMatch(query, document));
  const fields = sort.map((each) => Object.entries(each)[0] as [string, { order: "asc" | "desc" }]);
  const placeOf = (document: Leaves) => fields.map(([field]) => document.terms(field)[0] ?? "");
  const compare = (a: readonly Term[], b: readonly Term[]): number => {
    for (const [i, [, { order }]] of fields.entries()) {
      const step = compareTerms(a[i] ?? "", b[i] ?? "");
      if (step !== 0) return order === "asc" ? step : -step;
    }
    return 0;
  };
  const { search_after: after, docvalue_fields: named } = page;
  const behind = found
    .map((document) => ({ document, sort: placeOf(document) }))
    .sort((a, b) => compare(a.sort, b.sort))
    .filter(({ sort: place }) => after === undefined || compare(place, after) > 0);
  return {
    hits: {
      ...(page.track_total_hits && { total: { value: found.length } }),
      hits: behind.slice(0, page.size).map(({ document, sort: place }) => ({
        _source: document.source,
        sort: place,
        ...(named && { fields: Object.fromEntries(named.map((field) => [field, document.terms(field)])) }),
      })),
    },
    ...(aggs && { aggregations: aggregated(aggs, found) }),
  };
}
