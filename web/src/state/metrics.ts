import type { PageFilter } from "./filters.ts";

/** Raw sums of one period or one bucket, as the store counts them. Every card is computed from these. */
export interface Totals {
  readonly visitors: number;
  readonly views: number;
  /** Events of every collection. */
  readonly events: number;
  /** Visits that began then. The sums below are of these, whenever their pages were seen: whole visits, none of any other. */
  readonly visits: number;
  readonly visitViews: number;
  /** Second pages: a visit without one bounced. */
  readonly second: number;
  readonly engagedMs: number;
  /** False: the visitors are an approximation. */
  readonly exact: boolean;
}

export type Unit = "count" | "decimal" | "percent" | "duration";

export interface Metric {
  readonly id: string;
  readonly label: string;
  readonly unit: Unit;
  /** Which direction is good news; colours the change, never alone. */
  readonly better: "more" | "less";
  readonly help: string;
  /** Null: not defined for these sums (a rate over nothing). */
  readonly of: (totals: Totals) => number | null;
}

export const METRICS = [
  {
    id: "visitors",
    label: "Visitors",
    unit: "count",
    better: "more",
    help: "Unique visitors per day. Ids change every day and are kept nowhere in the browser, so someone who comes on three days counts three times.",
    of: (t) => t.visitors,
  },
  {
    id: "visits",
    label: "Visits",
    unit: "count",
    better: "more",
    help: "Visits that began then. A visit ends after 30 minutes of silence.",
    of: (t) => t.visits,
  },
  { id: "views", label: "Page views", unit: "count", better: "more", help: "Pages seen.", of: (t) => t.views },
  {
    id: "depth",
    label: "Views per visit",
    unit: "decimal",
    better: "more",
    help: "Pages of the visits that began then, per visit.",
    of: (t) => (t.visits > 0 ? t.visitViews / t.visits : null),
  },
  {
    id: "bounce",
    label: "Bounce rate",
    unit: "percent",
    better: "less",
    help: "Share of the visits that began then that saw no second page.",
    // A first page may be deleted, or refused by its server, and leave the second behind.
    of: (t) => (t.visits > 0 ? Math.max(0, 1 - t.second / t.visits) : null),
  },
  {
    id: "duration",
    label: "Visit time",
    unit: "duration",
    better: "more",
    help: "Time a page was in front and in use, per visit that began then.",
    of: (t) => (t.visits > 0 ? t.engagedMs / t.visits : null),
  },
  {
    id: "events",
    label: "Events",
    unit: "count",
    better: "more",
    help: "Events of every kind, page views included.",
    of: (t) => t.events,
  },
] as const satisfies readonly Metric[];

export type MetricId = (typeof METRICS)[number]["id"];

export function metricOf(id: MetricId): Metric & { readonly id: MetricId } {
  return METRICS.find((m) => m.id === id) ?? METRICS[0];
}

/** Fields that differ between the pages of one visit; where a visit came from is known on its first page only. */
const PER_PAGE = new Set(["$page.path", "$channel", "$source", "$utm.campaign"]);

/** Metrics that relate all pages of a visit to each other. */
const WHOLE_VISIT: readonly MetricId[] = ["depth", "bounce", "duration"];

/**
 * Why a metric has no meaning under these filters, or undefined when it has. A filter on one page leaves only parts of each visit:
 * its bounce rate would come out as a number, and be wrong.
 */
export function notDefined(id: MetricId, filters: readonly PageFilter[]): string | undefined {
  const isEvent = (f: PageFilter) => f.field === "$collection" && !(f.op === "is" && f.value === "pageviews");
  if (id !== "events" && id !== "visitors" && filters.some(isEvent)) return "Not defined while an event filter is on.";
  if (!WHOLE_VISIT.includes(id)) return undefined;
  const partial = filters.find((f) => PER_PAGE.has(f.field) || !f.field.startsWith("$"));
  return partial && "Not defined under this filter: it keeps only some pages of each visit.";
}

/** Relative change, or null when there is nothing to relate to. */
export function changeOf(current: number | null, previous: number | null): number | null {
  return current === null || previous === null || previous === 0 ? null : current / previous - 1;
}
