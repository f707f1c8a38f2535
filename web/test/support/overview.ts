import { QueryClient } from "@tanstack/react-query";
import type { OpenProject } from "../../src/api/session.ts";
import { breakdownNamed } from "../../src/panels/breakdowns.ts";
import type { Ask } from "../../src/questions/ask.ts";
import { earlierOf, topOf } from "../../src/questions/breakdown.ts";
import { ledgerOf } from "../../src/questions/ledger.ts";
import { liveVisitors } from "../../src/questions/live.ts";
import { seriesOf, totalsOf } from "../../src/questions/totals.ts";
import { comparisonOf } from "../../src/state/compare.ts";
import { intervalFor } from "../../src/state/interval.ts";
import type { Period, RangeName } from "../../src/state/ranges.ts";

/** What panels are called on the page, and the dimension that each lists when the page is opened. */
const LISTS = { Pages: "page", Sources: "channel", Countries: "country", Devices: "device", Events: "event" } as const;
/** Rows that a list asks for: nine, and one to know whether there are more. */
const ROWS = 10;

interface Shown {
  readonly access: OpenProject;
  readonly collections: readonly string[];
  readonly period: Period;
  readonly range: RangeName;
  /** The wall clock in the project's zone. */
  readonly now: string;
}

/** Asks what one part of the page asks. What is asked in one moment travels in one batch, as on the page. */
export type Part = () => Promise<unknown>;

/** The overview as it is opened, by the page's own questions: what its first batch holds, and what its second does. */
export function overview(shown: Shown): { readonly first: Readonly<Record<string, Part>>; readonly second: Part } {
  const { access, collections, period, range, now } = shown;
  const ask: Ask = { access, collections, period, filters: [], bots: "people", about: "web" };
  const comparison = comparisonOf(period, "previous", range, now);
  const by = intervalFor(period, undefined);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const anew = { staleTime: 0 };
  const list = (name: string) => client.fetchQuery({ ...topOf(ask, breakdownNamed(name), ROWS), ...anew });
  const earlierRows = async (name: string): Promise<unknown> => {
    if (!comparison) return [];
    const rows = client.getQueryData(topOf(ask, breakdownNamed(name), ROWS).queryKey) ?? (await list(name));
    const values = rows.slice(0, ROWS - 1).map(({ value }) => value);
    const before = { ...ask, period: comparison.fair };
    return client.fetchQuery({ ...earlierOf(before, breakdownNamed(name), values), ...anew });
  };
  return {
    first: {
      Cards: () => client.fetchQuery({ ...totalsOf(ask), ...anew }),
      ...(comparison && {
        "Cards, before": () => client.fetchQuery({ ...totalsOf({ ...ask, period: comparison.fair }), ...anew }),
      }),
      Chart: () => client.fetchQuery({ ...seriesOf(ask, by), ...anew }),
      ...(comparison && {
        "Chart, before": () => client.fetchQuery({ ...seriesOf({ ...ask, period: comparison.full }, by), ...anew }),
      }),
      ...Object.fromEntries(Object.entries(LISTS).map(([title, name]) => [title, () => list(name)])),
      "Visitors now": () => client.fetchQuery({ ...liveVisitors(access, collections), ...anew }),
      Ledger: () => client.fetchQuery({ ...ledgerOf(access), ...anew }),
    },
    second: () => Promise.all(Object.values(LISTS).map(earlierRows)),
  };
}
