import type { BatchEntry } from "@millrace/client";
import type { Ask } from "../questions/ask.ts";
import type { Comparison } from "../state/compare.ts";
import { keenFilter } from "../state/filters.ts";
import type { Period, RangeName } from "../state/ranges.ts";

/** A question as it is sent, saved and shown: one and the same, so that what is copied from the page answers what the page shows. */
export type AskedQuestion = BatchEntry & { readonly analysis_type: string };

const BOTS = { people: "exclude", all: "include", bots: "only" } as const;

/** Ranges that the language has a name for: a saved question about the last seven days stays one. */
const NAMED: Partial<Record<RangeName, string>> = {
  today: "this_day",
  yesterday: "previous_1_day",
  "24h": "this_24_hours",
  "7d": "this_7_days",
  "30d": "this_30_days",
  "91d": "this_91_days",
  month: "this_month",
  "last-month": "previous_month",
  year: "this_year",
  "12mo": "this_12_months",
};

/** The time of the page, as a question says it. */
function timeframeOf(range: RangeName, period: Period): string | Period {
  return NAMED[range] ?? { start: period.start, end: period.end };
}

/** What the page's head says of every question: when, where, who counts, and of what. */
export function common(ask: Ask, range: RangeName) {
  return {
    timeframe: timeframeOf(range, ask.period),
    timezone: ask.access.timezone,
    bots: BOTS[ask.bots],
    filters: ask.filters.map(keenFilter),
  };
}

/** What the page compares with, as a question says it; undefined for nothing. */
export function compareTo(mode: Comparison, range: RangeName): "previous_period" | "previous_year" | undefined {
  if (mode === "off" || range === "all") return undefined;
  return mode === "year" ? "previous_year" : "previous_period";
}
