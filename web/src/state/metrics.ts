import { t } from "../language/words.ts";
import { isOfTheVisit } from "./dimensions.ts";
import type { PageFilter } from "./filters.ts";

/** Raw sums of one period or one bucket, as the store counts them. Every card is computed from these. */
export interface Totals {
  readonly visitors: number;
  readonly views: number;
  /** Events of every collection. */
  readonly events: number;
  /** Visits that began then and of which something matches. The sums below are of these, whenever their pages were seen: whole visits, none of any other. */
  readonly visits: number;
  readonly visitViews: number;
  /** Of them, those that saw a second page or did something: the others bounced. */
  readonly stayed: number;
  readonly engagedMs: number;
  /** The bounce rate where filters keep parts of visits, which these sums cannot tell; null elsewhere. */
  readonly bounced: number | null;
  /** Sum of the chosen number, and how many events have it. */
  readonly numberSum: number;
  readonly numbers: number;
  /** False: the visitors are an estimate. */
  readonly exact: boolean;
  /** False: the visits are. */
  readonly visitsExact: boolean;
}

export type Unit = "count" | "decimal" | "percent" | "duration" | "amount";

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
    label: t("Visitors"),
    unit: "count",
    better: "more",
    help: t(
      "Unique visitors per day. Ids change every day and are kept nowhere in the browser, so someone who comes on three days counts three times.",
    ),
    of: (t) => t.visitors,
  },
  {
    id: "visits",
    label: t("Visits"),
    unit: "count",
    better: "more",
    help: t(
      "Visits that began then; under a filter, those of which something matches. A visit ends after 30 minutes of silence.",
    ),
    of: (t) => t.visits,
  },
  { id: "views", label: t("Page views"), unit: "count", better: "more", help: t("Pages seen."), of: (t) => t.views },
  {
    id: "depth",
    label: t("Views per visit"),
    unit: "decimal",
    better: "more",
    help: t("Pages of these visits, per visit; under a filter, the pages that match."),
    of: (t) => (t.visits > 0 ? t.visitViews / t.visits : null),
  },
  {
    id: "bounce",
    label: t("Bounce rate"),
    unit: "percent",
    better: "less",
    help: t("Share of the visits that saw one page and did nothing on it."),
    // A first page may be deleted, or refused by its server, and leave the second behind.
    of: (t) => t.bounced ?? (t.visits > 0 ? Math.max(0, 1 - t.stayed / t.visits) : null),
  },
  {
    id: "duration",
    label: t("Visit time"),
    unit: "duration",
    better: "more",
    help: t("Time a page was in front and in use, per visit; under a filter by page, the time on that page."),
    of: (t) => (t.visits > 0 ? t.engagedMs / t.visits : null),
  },
  {
    id: "events",
    label: t("Events"),
    unit: "count",
    better: "more",
    help: t("Events of every kind, page views included."),
    of: (t) => t.events,
  },
  {
    id: "each",
    label: t("Events per visitor"),
    unit: "decimal",
    better: "more",
    help: t("Events, per visitor and day. Events without a visitor, of servers for example, count as events only."),
    of: (t) => (t.visitors > 0 ? t.events / t.visitors : null),
  },
  {
    id: "sum",
    label: t("Sum"),
    unit: "amount",
    better: "more",
    help: t("Sum of this number over the events."),
    of: (t) => t.numberSum,
  },
  {
    id: "average",
    label: t("Average"),
    unit: "amount",
    better: "more",
    help: t("Average of this number over the events that have it."),
    of: (t) => (t.numbers > 0 ? t.numberSum / t.numbers : null),
  },
] as const satisfies readonly Metric[];

export type MetricId = (typeof METRICS)[number]["id"];

const OF_VISITS: ReadonlySet<string> = new Set<MetricId>(["visits", "depth", "bounce", "duration"]);

/** True where it is told by the visits that began in a bucket; the others are told by what happened in it. */
export function isOfVisits(id: MetricId | undefined): boolean {
  return id !== undefined && OF_VISITS.has(id);
}

/** True where the store had too many visitors or visits to count each of them, so that the metric is as near as it says. */
export function isEstimate(id: string, totals: Totals): boolean {
  return OF_VISITS.has(id) ? !totals.visitsExact : id === "visitors" && !totals.exact;
}

/** False for a rate: it is made of several numbers, which no single question asks for. */
export function isOneNumber(id: MetricId): boolean {
  return ["visitors", "visits", "views", "events", "sum", "average"].includes(id);
}

export function metricOf(id: MetricId): Metric & { readonly id: MetricId } {
  return METRICS.find((m) => m.id === id) ?? METRICS[0];
}

const WEB: readonly MetricId[] = ["visitors", "visits", "views", "depth", "bounce", "duration", "events"];
const EVENTS: readonly MetricId[] = ["events", "visitors", "each", "visits", "sum", "average"];
/** They need people, or a number: where there are none their cards would be dead. */
const OF_PEOPLE: ReadonlySet<MetricId> = new Set(["visitors", "each", "visits"]);
const OF_A_NUMBER: ReadonlySet<MetricId> = new Set(["sum", "average"]);

/** The metrics that a page shows: those of a web site, or those of events, as far as the range holds what they need. */
export function metricsFor(
  { about, number }: { readonly about: "web" | "events"; readonly number?: string | undefined },
  totals: Pick<Totals, "visitors"> | undefined,
): readonly MetricId[] {
  if (about === "web") return WEB;
  return EVENTS.filter(
    (id) => !(OF_PEOPLE.has(id) && totals?.visitors === 0) && !(OF_A_NUMBER.has(id) && number === undefined),
  );
}

/** A metric's name, with the number that it is of. */
export function metricLabel(
  { id, label }: { readonly id: string; readonly label: string },
  number: string | undefined,
): string {
  return (id === "sum" || id === "average") && number !== undefined
    ? t("{label} of {number}", { label, number })
    : label;
}

/** Metrics that are about page views, and about what a visit did as a whole. */
const ABOUT_PAGES: readonly MetricId[] = ["views", "depth", "bounce", "duration"];

/** Why a metric has no meaning under these filters, or undefined when it has. */
export function notDefined(id: MetricId, filters: readonly PageFilter[]): string | undefined {
  return ABOUT_PAGES.includes(id) && filters.some(isOtherEvent)
    ? t("Not defined while an event filter is on.")
    : undefined;
}

/** The same for a metric's way through time. */
export function notDrawn(id: MetricId, filters: readonly PageFilter[]): string | undefined {
  const parts = id === "bounce" && filters.some(({ field }) => !isOfTheVisit(field));
  return (
    notDefined(id, filters) ??
    (parts ? t("Under this filter the bounce rate is known for the whole range only.") : undefined)
  );
}

/** True for a filter that asks for other events than page views. */
export function isOtherEvent({ field, op, values }: PageFilter): boolean {
  return field === "$collection" && !(op === "is" && values.every((value) => value === "pageviews"));
}

/** Relative change, or null when there is nothing to relate to. */
export function changeOf(current: number | null, previous: number | null): number | null {
  return current === null || previous === null || previous === 0 ? null : current / previous - 1;
}
