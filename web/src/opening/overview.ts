import { QueryClient } from "@tanstack/react-query";
import { breakdownNamed } from "../panels/breakdowns.ts";
import type { Ask } from "../questions/ask.ts";
import type { Breakdown } from "../questions/breakdown.ts";
import { ledgerOf } from "../questions/ledger.ts";
import { liveVisitors } from "../questions/live.ts";
import { earlierOf, topOf } from "../questions/rows.ts";
import { seriesOf, totalsOf } from "../questions/totals.ts";
import { comparisonOf } from "../state/compare.ts";
import { intervalFor } from "../state/interval.ts";
import { isOfVisits } from "../state/metrics.ts";
import type { Search } from "../state/search.ts";
import { COUNTRIES, TOP } from "../state/top.ts";

/** The dimension that is drawn on a map, too. */
const MAPPED = "country";

/** The overview as an address shows it. */
interface Shown {
  readonly ask: Ask;
  readonly search: Search;
  /** Wall-clock time in the project's zone, to the minute. */
  readonly now: string;
}

/** Asks what one part of the page asks. What is asked at one moment travels in one batch, as on the page. */
export type Part = () => Promise<unknown>;

/**
 * The overview's questions as it is opened, without the page around them: for whoever answers before the page asks, and for measuring.
 * @returns what its first batch holds, by the titles of its parts; `second`: the same rows before, once the lists are there
 */
export function overviewParts({ ask, search, now }: Shown, client = new QueryClient()) {
  const { access, collections, period } = ask;
  const comparison = comparisonOf(period, search.compare, search.range, now);
  const by = intervalFor(period, search.by);
  const lists = {
    Pages: breakdownNamed(search.pages),
    Sources: breakdownNamed(search.sources),
    Countries: breakdownNamed(search.places),
    Devices: breakdownNamed(search.devices),
    Events: breakdownNamed("event"),
  };
  const anew = { staleTime: 0 };
  const first: Record<string, Part> = { Cards: () => client.fetchQuery({ ...totalsOf(ask), ...anew }) };
  if (comparison)
    first["Cards, before"] = () => client.fetchQuery({ ...totalsOf({ ...ask, period: comparison.fair }), ...anew });
  first["Chart"] = () => client.fetchQuery({ ...seriesOf(ask, by), ...anew });
  if (comparison) {
    const before = seriesOf({ ...ask, period: comparison.full }, by, isOfVisits(search.metric));
    first["Chart, before"] = () => client.fetchQuery({ ...before, ...anew });
  }
  const rowsOf = (breakdown: Breakdown) => topOf(ask, breakdown, breakdown.id === MAPPED ? COUNTRIES : TOP + 1);
  for (const [title, breakdown] of Object.entries(lists)) {
    first[title] = () => client.fetchQuery({ ...rowsOf(breakdown), ...anew });
  }
  first["Online"] = () => client.fetchQuery({ ...liveVisitors(access, collections), ...anew });
  first["Ledger"] = () => client.fetchQuery({ ...ledgerOf(access), ...anew });

  const second: Part = async () => {
    if (!comparison) return;
    const before = { ...ask, period: comparison.fair };
    const rowsBefore = async (breakdown: Breakdown) => {
      const rows = await client.ensureQueryData(rowsOf(breakdown));
      const values = rows.slice(0, TOP).map(({ value }) => value);
      return client.fetchQuery({ ...earlierOf(before, breakdown, values), ...anew });
    };
    await Promise.all(Object.values(lists).map(rowsBefore));
  };
  return { first, second };
}
