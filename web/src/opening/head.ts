import type { QueryClient } from "@tanstack/react-query";
import type { Ask } from "../questions/ask.ts";
import { seriesOf, totalsOf } from "../questions/totals.ts";
import { comparisonOf } from "../state/compare.ts";
import { intervalFor } from "../state/interval.ts";
import { isOfVisits, metricOf, type MetricId, type Totals } from "../state/metrics.ts";
import type { Period } from "../state/ranges.ts";
import type { Search } from "../state/search.ts";

/** What the cards are drawn from before the page's own code is there (first.tsx). */
export interface Head {
  readonly project: string;
  readonly totals: Totals;
  /** Absent: they are compared with nothing. */
  readonly earlier?: Totals;
  readonly period: Period;
  /** The card that is chosen. */
  readonly metric: MetricId;
  readonly theme: Search["theme"];
}

interface Known {
  readonly client: QueryClient;
  readonly ask: Ask;
  readonly search: Search;
  /** Wall-clock time in the project's zone, to the minute. */
  readonly now: string;
}

/**
 * The head row of what is known. Undefined where something stands above it whose height only the page knows: filters, or that the range is
 * empty; where the page turns out to be about events; and where the numbers are not known.
 */
export function headOf({ client, ask, search, now }: Known): Head | undefined {
  const totals = client.getQueryData(totalsOf(ask).queryKey);
  if (!totals || totals.views === 0 || search.filters.length > 0) return undefined;
  const metric = metricOf(search.metric ?? "visitors").id;
  const comparison = comparisonOf(ask.period, search.compare, search.range, now);
  const head = { project: ask.access.id, totals, period: ask.period, metric, theme: search.theme };
  if (!comparison) return head;
  const earlier = client.getQueryData(totalsOf({ ...ask, period: comparison.fair }).queryKey);
  const before = seriesOf(
    { ...ask, period: comparison.full },
    intervalFor(ask.period, search.by),
    isOfVisits(search.metric),
  );
  // It may begin before the first event: the page looks when that was.
  const begun = (client.getQueryData(before.queryKey)?.[0]?.totals.events ?? 0) > 0;
  return earlier && begun ? { ...head, earlier } : head;
}
